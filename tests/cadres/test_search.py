"""People are found by what is typed: names as offices write them, pinyin, initials."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cadres import pinyin
from tests.factories import make_cadre


@pytest.mark.parametrize(
    ("surname", "whole", "initials"),
    [("单小明", "shanxiaoming", "sxm"), ("曾丽", "zengli", "zl"), ("解放", "xiefang", "xf"),
     ("仇英", "qiuying", "qy"), ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt")],
)  # fmt: skip
def test_a_surname_is_read_as_a_surname(surname, whole, initials):
    assert pinyin.keys(surname) == (whole, initials)


@pytest.mark.parametrize("dot", "·•‧∙・")
def test_the_separator_of_a_name_is_found_however_it_is_typed(cast, tree, signed_in, dot):
    stored = make_cadre(unit=tree.dipu, name="阿依古丽•买买提")
    make_cadre(unit=tree.dipu, name="阿依古丽")
    assert stored.name == "阿依古丽·买买提"
    page = signed_in(cast.sibling).get("/cadres/", {"q": f"古丽{dot}买"}).context["page"]
    assert [cadre.name for cadre in page.rows] == ["阿依古丽·买买提"]


@pytest.mark.parametrize("name", ["㛃晓", "𬱖建国", "𠮷村"])
def test_rare_characters_are_kept_and_found(cast, tree, signed_in, name):
    make_cadre(unit=tree.dipu, name=name)
    make_cadre(unit=tree.dipu, name="吉晓国")
    client = signed_in(cast.sibling)
    page = client.get("/cadres/", {"q": name[0]})
    assert [cadre.name for cadre in page.context["page"].rows] == [name]
    assert name in page.text
    found = client.get(reverse("cadres:options"), {"q": name}).json()["results"]
    assert [row["text"] for row in found] == [name]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("单", ["单小明"]), ("shan", ["单小明"]), ("SXM", ["单小明"]), ("dan", []), ("ｚｌ", ["曾丽"]),
     ("zeng li", ["曾丽"]), ("ceng", []), ("　曾丽 ", ["曾丽"]), ("%", []), ("_", [])],
)  # fmt: skip
def test_search_by_name_pinyin_and_initials(cast, tree, signed_in, typed, found):
    make_cadre(unit=tree.dipu, name="单小明")
    make_cadre(unit=tree.dipu, name="曾丽")
    make_cadre(unit=tree.yuyue, name="单大明")
    page = signed_in(cast.sibling).get("/cadres/", {"q": typed}).context["page"]
    assert [cadre.name for cadre in page.rows] == found
