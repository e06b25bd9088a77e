"""What an office calls a column is taught once, and known in its unit and below."""

from __future__ import annotations

import pytest

from rosters.headings import is_sure, propose, remember
from rosters.models import KnownHeading
from tests.cadres.sheets import xlsx
from tests.rosters.people import KIND, WANG, fields

pytestmark = pytest.mark.django_db


def test_what_was_taught_is_known_in_the_unit_and_below_it_alone(
    tree,
):
    head = ["名儿", "性别", "出生年月", "单位", "手机号", "民族"]
    content = xlsx(head, [*WANG, "13800000000", "汉族"])
    assert not is_sure(propose(content, KIND, tree.anji), KIND)
    remember(tree.anji, "people", {" 名 儿*": "name", "手机号": "", "民族": ""}, None)
    for place in (tree.anji, tree.shangshu):
        mapping = propose(content, KIND, place)
        assert sorted(fields(mapping).items()) == sorted(
            {"名儿": "name", "性别": "gender", "出生年月": "birth_month", "单位": "unit"}.items()
        )
        assert is_sure(mapping, KIND)
    assert "名儿" not in fields(propose(content, KIND, tree.deqing))


def test_the_nearer_unit_goes_first_and_a_later_word_replaces_an_earlier_one(
    tree,
):
    remember(tree.anji, "people", {"名儿": "title"}, None)
    remember(tree.shangshu, "people", {"名儿": "phone"}, None)
    remember(tree.shangshu, "people", {"名儿": "name"}, None)
    content = xlsx(["名儿", "性别", "出生年月", "单位"], WANG)
    assert fields(propose(content, KIND, tree.shangshu))["名儿"] == "name"
    assert fields(propose(content, KIND, tree.anji))["名儿"] == "title"
    assert KnownHeading.objects.count() == 2
