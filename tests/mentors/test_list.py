from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentors.models import Mentor, MentorCategory, Strength
from pairings.states import State
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date


def names(response) -> list[str]:
    return [mentor.cadre.name for mentor in response.context["page"].rows]


@pytest.fixture
def mentors(cast, tree):
    """One full, one former, one of another category, one of another county."""
    full = make_mentor(cadre=make_cadre(unit=tree.dipu, name="单满"), capacity=1)
    make_pairing(mentor=full, mentee=make_cadre(unit=tree.dipu, name="徒甲"))
    make_pairing(mentor=full, mentee=make_cadre(unit=tree.dipu, name="徒乙"), state=State.COMPLETED)
    make_mentor(cadre=make_cadre(unit=tree.dipu, name="曾离"), to_on=D(2025, 1, 31))
    make_mentor(
        cadre=make_cadre(unit=tree.dipu, name="解新"), category=MentorCategory.objects.last()
    )
    make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德清导师"))


def test_the_list_shows_mentors_in_office_of_the_subtree_with_their_places(
    cast, mentors, signed_in
):
    rows = signed_in(cast.county).get("/mentors/").context["page"].rows
    assert [(m.cadre.name, m.capacity, m.taken, m.free) for m in rows] == [
        ("褚师傅", 2, 1, 1),
        ("单满", 1, 1, 0),
        ("解新", 2, 0, 2),
    ]


@pytest.mark.parametrize(
    ("user", "found"),
    [
        ("sibling", ["单满", "解新"]),
        ("township", ["褚师傅"]),
        ("other_county", ["德清导师"]),
        ("viewer", ["褚师傅", "单满", "解新"]),
    ],
)
def test_everybody_sees_the_mentors_of_their_own_units(cast, mentors, signed_in, user, found):
    client = signed_in(getattr(cast, user))
    assert names(client.get("/mentors/")) == found
    results = client.get("/mentors/options/").json()["results"]
    assert [row["text"] for row in results] == found


@pytest.mark.parametrize("user", ["stranger", "mentor", "mentee", "sysadmin"])
def test_the_register_is_closed_to_those_without_an_office(cast, signed_in, user):
    client = signed_in(getattr(cast, user))
    assert [client.get(a).status_code for a in ("/mentors/", "/mentors/options/")] == [403, 403]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("is_free=on", ["褚师傅", "解新"]),
        ("state=ended", ["曾离"]),
        ("state=all", ["褚师傅", "单满", "解新", "曾离"]),
        ("q=sm", ["单满"]),
        ("q=递铺", ["单满", "解新"]),
        ("q=德清", []),
        ("category=none&unit=x&state=y&q=shan", ["单满"]),
    ],
)
def test_filters_narrow_the_list(cast, mentors, signed_in, query, found):
    assert names(signed_in(cast.county).get(f"/mentors/?{query}")) == found


def test_the_category_and_the_unit_narrow_the_list(cast, tree, mentors, signed_in):
    client = signed_in(cast.county)
    last = MentorCategory.objects.last()
    assert names(client.get(f"/mentors/?category={last.pk}")) == ["解新"]
    assert names(client.get(f"/mentors/?unit={tree.shangshu.pk}")) == ["褚师傅"]
    assert "德清导师" not in client.get(f"/mentors/?unit={tree.yuyue.pk}").text


def test_every_state_has_its_own_list_and_the_first_list_is_all_but_the_ended(
    cast, tree, signed_in
):
    states = {
        "proposed": {},
        "on_notice": {"notice_from_on": D(2026, 2, 1), "notice_to_on": D(2026, 2, 7)},
        "in_office": {}, "suspended": {}, "ended": {"to_on": D(2026, 1, 31)},
    }  # fmt: skip
    for state, days in states.items():
        make_mentor(cadre=make_cadre(unit=tree.yuyue, name=f"甲{state}"), state=state, **days)
    client = signed_in(cast.other_county)
    for state in states:
        assert names(client.get(f"/mentors/?state={state}")) == [f"甲{state}"]
    assert "甲ended" not in client.get("/mentors/").text
    assert len(names(client.get("/mentors/"))) == 4
    assert len(names(client.get("/mentors/?state=all"))) == 5
    badges = ["拟聘", "公示", "在册", "暂停", "退出"]
    page = client.get("/mentors/?state=all").text
    assert [word for word in badges if f">{word}</span>" not in page] == []


@pytest.fixture
def facts(cast, tree):
    """Three of one township who differ in everything that a filter asks for."""
    rows = (
        ("甲", "1956-11", "13800001111", D(2026, 12, 31), 1, "方言沟通"),
        ("乙", "1957-12", "13800002222", D(2027, 12, 31), 2, "矛盾调解"),
        ("丙", "", "", None, 3, "矛盾调解"),
    )
    for name, birth, phone, term, capacity, strength in rows:
        cadre = make_cadre(unit=tree.yuyue, name=name, birth_month=birth, phone=phone)
        mentor = make_mentor(cadre=cadre, capacity=capacity, term_to_on=term)
        mentor.strengths.set(Strength.objects.filter(name=strength))
        if name == "丙":
            mentor.strengths.add(*Strength.objects.exclude(name="方言沟通"))
        for _taken in range(2 if name == "乙" else 0):  # so fewer are free than 甲 has
            make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.yuyue))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=1111", "甲"),
        ("q=111", ""),
        ("q=13800002222", "乙"),
        ("term_before=2026-12-31", "甲"),
        ("term_before=2027-12-31", "甲乙"),
        ("age_from=70", "甲"),
        ("age_to=69", "乙"),
        ("age_from=68&age_to=70", "甲乙"),
        ("term_before=never&age_from=x&age_to=-1", "丙甲乙"),
        ("sort=name", "丙甲乙"),
        ("sort=-name", "乙甲丙"),
        ("sort=capacity", "甲乙丙"),
        ("sort=-capacity", "丙乙甲"),
        ("sort=free", "乙甲丙"),
        ("sort=-free", "丙甲乙"),
        ("sort=term", "甲乙丙"),
        ("sort=-term", "丙乙甲"),
        ("sort=nothing&size=7", "丙甲乙"),
    ],
)
def test_each_column_narrows_and_sorts(facts, cast, signed_in, monkeypatch, query, found):
    monkeypatch.setattr("mentors.views.timezone.localdate", lambda: D(2026, 11, 23))
    assert "".join(names(signed_in(cast.other_county).get(f"/mentors/?{query}"))) == found


def test_a_strength_narrows_and_shows_each_once(facts, cast, signed_in):
    client = signed_in(cast.other_county)
    strength = Strength.objects.get(name="矛盾调解")
    response = client.get(f"/mentors/?strength={strength.pk}")
    assert names(response) == ["丙", "乙"]


@pytest.mark.parametrize(
    "sort",
    ["name", "-name", "unit", "category", "capacity", "free", "-free", "term", "-term"],
)
def test_pages_go_through_all_rows_in_every_order(cast, tree, signed_in, sort):
    for number in range(41):
        place = (tree.yuyue, tree.deqing)[number % 2]
        cadre = make_cadre(unit=place, name=f"师{number:02d}")
        term = D(2027, 1 + number % 12, 1) if number % 3 else None
        make_mentor(cadre=cadre, capacity=1 + number % 4, term_to_on=term)
    client, address, seen = signed_in(cast.other_county), f"/mentors/?sort={sort}&size=20", []
    for _ in range(3):
        page = client.get(address).context["page"]
        seen += [mentor.cadre.name for mentor in page.rows]
        address = f"/mentors/?sort={sort}&size=20&after={page.next}"
    assert page.next == ""
    assert sorted(seen) == [f"师{number:02d}" for number in range(41)]


def test_who_is_renamed_moves_in_the_list_however_it_was_done(cast, tree, signed_in):
    first = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="安一"))
    make_mentor(cadre=make_cadre(unit=tree.yuyue, name="白二"))
    client = signed_in(cast.other_county)
    assert names(client.get("/mentors/")) == ["安一", "白二"]
    first.cadre.name = "赵一"
    first.cadre.save()
    assert names(client.get("/mentors/")) == ["白二", "赵一"]
    first.save()  # with the pinyin that was read before
    type(first.cadre).objects.filter(name="白二").update(pinyin="zzz")
    assert names(client.get("/mentors/")) == ["赵一", "白二"]
    found = {q: names(client.get(f"/mentors/?q={q}")) for q in ("zhaoyi", "zy", "赵", "安一", "ay")}
    assert found == {"zhaoyi": ["赵一"], "zy": ["赵一"], "赵": ["赵一"], "安一": [], "ay": []}


def test_an_option_says_unit_category_and_free_places(cast, tree, mentors, signed_in):
    results = signed_in(cast.sibling).get("/mentors/options/?q=单").json()["results"]
    mentor = Mentor.objects.get(cadre__name="单满")
    assert results == [
        {
            "value": str(mentor.pk),
            "text": "单满",
            "note": f"递铺街道 · 1995.03 · {mentor.category} · 空余 0/1",
        }
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(cast, tree, signed_in, count):
    for number in range(count):
        mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name=f"师{number}"))
        make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.yuyue, name=f"徒{number}"))
    client = signed_in(cast.other_county)
    with CaptureQueriesContext(connection) as queries:
        assert len(names(client.get("/mentors/"))) == count
    assert len(queries) == 9, [query["sql"][:120] for query in queries]
