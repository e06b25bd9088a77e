"""A search along the index of characters finds what a plain comparison of texts finds."""

from __future__ import annotations

import pytest

from cadres.characters import holds
from cadres.models import Cadre, Posting
from mentors.models import Mentor
from tests.factories import make_cadre, make_mentor

NAMES = [
    "王伟", "伟王", "王小伟", "王王", "王", "𠮷村𠮷", "阿依·古丽", "O'Neil", "a%b", "a_b", "axb",
    "back\\slash", "{王,伟}", '"王"', "NULL", "é", "e\u0301",
]  # fmt: skip
SOUGHT = [
    "王", "伟", "王伟", "伟王", "王王", "王王王", "王小", "小伟", "𠮷", "村𠮷", "·", "·古", "龘",
    "'", "%", "%%", "_", "a%", "a_b", "\\", "\\s", "{", ",", '"', "NULL", "null", "é", "e",
    "\u0301", "O'N",
]  # fmt: skip


@pytest.fixture
def stored(tree):
    for name in NAMES:
        make_cadre(unit=tree.dipu, name=name, title=f"{name}站主任")
    return set(Cadre.objects.values_list("name", flat=True))


@pytest.mark.parametrize("sought", SOUGHT)
def test_names_and_posts_are_found_as_by_comparing_them(stored, sought):
    found = Cadre.objects.filter(holds("name", sought))
    assert set(found.values_list("name", flat=True)) == {n for n in stored if sought in n}
    titles = {f"{name}站主任" for name in NAMES}
    held = Posting.objects.filter(holds("title", sought))
    assert set(held.values_list("title", flat=True)) == {t for t in titles if sought in t}


def test_a_character_that_no_database_text_can_hold_finds_nobody(stored, tree, cast, signed_in):
    make_mentor(cadre=make_cadre(unit=tree.dipu, name="王导师"))
    for rows in (Cadre.objects, Mentor.objects):
        assert [list(rows.search(sought)) for sought in ("王\0", "\0", "a\0b")] == [[], [], []]
    assert list(Cadre.objects.with_title("主\0任")) == []
    client = signed_in(cast.county)
    for page in ("/cadres/options/", "/mentors/options/"):
        assert client.get(page, {"q": "王\0"}).json() == {"results": []}


def test_a_unit_that_many_rows_stand_at_is_found_by_its_name(stored, tree, monkeypatch):
    make_cadre(unit=tree.yuyue, name="禹越的")
    few = set(Cadre.objects.search("递铺").values_list("name", flat=True))
    monkeypatch.setattr("cadres.characters._FEW", 0)
    many = set(Cadre.objects.search("递铺").values_list("name", flat=True))
    assert few == many == stored
