from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentors.models import Mentor, MentorCategory
from pairings.states import State
from tests.factories import make_cadre, make_mentor, make_pairing


def names(response) -> list[str]:
    return [mentor.cadre.name for mentor in response.context["page"].rows]


@pytest.fixture
def mentors(cast, tree):
    """One full, one former, one of another category, one of another county."""
    full = make_mentor(cadre=make_cadre(unit=tree.dipu, name="单满"), capacity=1)
    make_pairing(mentor=full, mentee=make_cadre(unit=tree.dipu, name="徒甲"))
    make_pairing(mentor=full, mentee=make_cadre(unit=tree.dipu, name="徒乙"), state=State.COMPLETED)
    make_mentor(cadre=make_cadre(unit=tree.dipu, name="曾离"), to_on=dt.date(2025, 1, 31))
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
