"""The board 谁还有名额: places of every mentor, taken and free, and who is with whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentors.models import MentorCategory, MentorEvent, Strength
from pairings.board import Sums
from pairings.models import Pairing
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date
BOARD = "/pairings/board/"
WORK = "work"


def seen(response) -> dict[str, tuple]:
    """By the mentor's name: the signs, the free places, who is there, how many elsewhere."""
    return {
        row.mentor.cadre.name: (
            "".join(row.dots),
            row.free,
            [pairing.mentee.name for pairing in row.pairs],
            row.elsewhere,
        )
        for row in response.context["rows"]
    }


@pytest.fixture
def people(cast, tree):
    """Beside the cast's 褚师傅 (1 of 2) in 上墅乡: a full mentor, a suspended one, one who was
    given more than his places, one who is only proposed, one who has left, one of Deqing."""

    def appoint(name, *, unit=tree.dipu, **fields):
        return make_mentor(cadre=make_cadre(unit=unit, name=name), **fields)

    def pair(mentor, name, *, unit=tree.dipu, role=WORK, **fields):
        return make_pairing(
            mentor=mentor, mentee=make_cadre(unit=unit, name=name), role=role, **fields
        )

    pair(appoint("安已满", capacity=1), "待批的", state="agreed")
    pair(appoint("包暂停", state="suspended", capacity=3), "暂停着", state="suspended")
    over = appoint("曹超额", capacity=1)
    pair(over, "在带甲", to_on=None)
    pair(over, "在带乙")
    pair(over, "已出师", state="completed", ended_on=D(2026, 8, 1))
    pair(over, "已撤回", state="withdrawn", ended_on=D(2026, 8, 1))
    appoint("戴拟聘", state="proposed")
    appoint("方离任", to_on=D(2026, 6, 30))
    pair(appoint("德清师", unit=tree.yuyue), "德清徒", unit=tree.yuyue)


def test_every_mentor_stands_with_places_and_people(cast, people, signed_in):
    response = signed_in(cast.county).get(BOARD)
    assert seen(response) == {
        "褚师傅": ("●○", 1, ["马徒弟"], 0),
        "安已满": ("●", 0, ["待批的"], 0),
        "包暂停": ("●", 0, ["暂停着"], 0),
        "曹超额": ("●●", 0, ["在带甲", "在带乙"], 0),
    }
    text = " ".join(response.text.split())
    assert "共 2 个名额，已占用 1 个，空余 1 个" in text
    assert "自2026年3月1日起，期至2027年2月28日" in text
    assert "自2026年3月1日起，未记期限" in text
    for said in ("暂停，不接新人", "超出名额", "已满", "业务导师", "待批准"):
        assert text.count(said) >= 1, said


def test_the_sums_are_those_of_the_rows_and_follow_the_filters(cast, tree, people, signed_in):
    client = signed_in(cast.county)
    response = client.get(BOARD)
    # 2 + 1 + 3 + 1 places; the suspended mentor's and the one too many are not free.
    assert response.context["sums"] == Sums(mentors=4, places=7, taken=5, free=1)
    assert "截至" in response.text
    assert "（含当日）" in response.text
    narrowed = client.get(f"{BOARD}?unit={tree.dipu.pk}")
    assert narrowed.context["sums"] == Sums(mentors=3, places=5, taken=4, free=0)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["褚师傅", "安已满", "包暂停", "曹超额"]),
        ("sort=name", ["安已满", "包暂停", "曹超额", "褚师傅"]),
        ("sort=-places", ["包暂停", "褚师傅", "曹超额", "安已满"]),
        ("is_free=on", ["褚师傅"]),
        ("q=bzt", ["包暂停"]),
        ("q=上墅", ["褚师傅"]),
        ("q=德清", []),
        ("unit=x&category=y&q=bzt", ["包暂停"]),
    ],
)
def test_filters_and_sorts(cast, people, signed_in, query, names):
    assert list(seen(signed_in(cast.county).get(f"{BOARD}?{query}"))) == names


def test_category_and_strength_narrow_the_board(cast, tree, people, signed_in):
    client = signed_in(cast.county)
    kind, strength = MentorCategory.objects.last(), Strength.objects.first()
    other = make_mentor(cadre=make_cadre(unit=tree.dipu, name="高擅长"), category=kind)
    other.strengths.add(strength)
    assert list(seen(client.get(f"{BOARD}?category={kind.pk}"))) == ["高擅长"]
    assert list(seen(client.get(f"{BOARD}?strength={strength.pk}"))) == ["高擅长"]


def test_mentees_of_other_units_are_a_number_without_names(cast, tree, signed_in):
    far = make_cadre(unit=tree.dipu, name="外乡徒弟")
    make_pairing(mentor=cast.mentor_row, mentee=far)
    own = signed_in(cast.township).get(BOARD)
    assert seen(own) == {"褚师傅": ("●●", 0, ["马徒弟"], 1)}
    assert "外单位 1 人" in own.text
    assert "外乡徒弟" not in own.text
    assert "外乡徒弟" in signed_in(cast.county).get(BOARD).text


def test_another_office_sees_neither_the_mentor_nor_the_mentee(cast, people, signed_in):
    page = signed_in(cast.other_county).get(BOARD)
    assert list(seen(page)) == ["德清师"]
    assert "褚师傅" not in page.text
    assert "马徒弟" not in page.text
    assert page.context["sums"] == Sums(mentors=1, places=2, taken=1, free=1)


def test_a_substitute_is_marked_and_takes_a_place(cast, tree, signed_in):
    stand_in = make_mentor(cadre=make_cadre(unit=tree.dipu, name="顾代帮"), capacity=2)
    make_pairing(
        mentor=stand_in, mentee=cast.mentee_row, role="substitute", stands_in_for=cast.pairing
    )
    response = signed_in(cast.county).get(BOARD)
    assert seen(response)["顾代帮"] == ("●○", 1, ["马徒弟"], 0)
    assert response.text.count("代帮导师") == 1


def test_the_office_registers_from_a_row_with_room_and_a_leader_only_reads(cast, people, signed_in):
    address = f'href="/pairings/new/?mentor={cast.mentor_row.pk}"'
    page = signed_in(cast.county).get(BOARD).text
    assert address in page
    assert page.count("/pairings/new/?mentor=") == 1
    read = signed_in(cast.viewer).get(BOARD)
    assert list(seen(read)) == ["褚师傅", "安已满", "包暂停", "曹超额"]
    assert "/pairings/new/" not in read.text


def test_more_places_than_ten_are_told_by_the_figure_alone(cast, tree, signed_in):
    make_mentor(cadre=make_cadre(unit=tree.dipu, name="多名额"), capacity=11)
    response = signed_in(cast.county).get(BOARD)
    assert seen(response)["多名额"] == ("", 11, [], 0)
    assert "0/11" in response.text


def test_as_of_a_past_day_places_and_people_are_those_of_then(cast, tree, signed_in):
    """褚师傅 had 1 place and 马徒弟 until May, was suspended in June, and has 2 places since."""

    def mentor_event(verb, on, to_state, **fields):
        MentorEvent.objects.create(
            mentor=cast.mentor_row, verb=verb, on=on, to_state=to_state, **fields
        )

    mentor_event("import", D(2020, 1, 1), "in_office")
    mentor_event("suspend", D(2026, 6, 1), "suspended", from_state="in_office")
    mentor_event("resume", D(2026, 7, 1), "in_office", from_state="suspended")
    mentor_event(
        "edit", D(2026, 8, 1), "in_office", from_state="in_office", old_capacity=1, new_capacity=2
    )
    cast.pairing.events.create(
        verb="complete", from_state="active", to_state="completed", on=D(2026, 8, 15)
    )
    Pairing.objects.update(state="completed", ended_on=D(2026, 8, 15))
    later = make_cadre(unit=tree.shangshu, name="后来徒")
    make_pairing(mentor=cast.mentor_row, mentee=later, from_on=D(2026, 9, 1))
    client = signed_in(cast.county)

    def then(day, **query):
        return client.get(BOARD, {"as_of": day, **query})

    assert seen(client.get(BOARD)) == {"褚师傅": ("●○", 1, ["后来徒"], 0)}
    assert seen(then("2026-02-01")) == {"褚师傅": ("○", 1, [], 0)}
    assert seen(then("2026-05-01")) == {"褚师傅": ("●", 0, ["马徒弟"], 0)}
    assert seen(then("2026-06-15")) == {"褚师傅": ("●", 0, ["马徒弟"], 0)}
    assert "暂停，不接新人" in then("2026-06-15").text
    assert seen(then("2026-08-10")) == {"褚师傅": ("●○", 1, ["马徒弟"], 0)}
    assert then("2026-08-20").context["sums"] == Sums(mentors=1, places=2, taken=0, free=2)
    assert seen(then("2026-05-01", is_free="on")) == {}
    assert seen(then("2026-08-10", is_free="on", sort="places")).keys() == {"褚师傅"}
    assert seen(then("2019-12-31")) == {}
    assert "/pairings/new/" not in then("2026-08-10").text
    assert "截至2026年8月10日（含当日）" in then("2026-08-10").text
    assert then("2999-01-01").status_code == 422


def test_an_empty_board_says_why(cast, signed_in):
    client = signed_in(cast.sibling)
    assert "当日没有在任导师。" in client.get(BOARD).text
    assert "没有符合条件的导师" in client.get(f"{BOARD}?q=xyz").text


@pytest.mark.parametrize("user", ["stranger", "mentor", "mentee", "sysadmin"])
def test_the_board_is_closed_to_those_without_an_office(cast, signed_in, user):
    assert signed_in(getattr(cast, user)).get(BOARD).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_asks_as_often_for_one_row_as_for_three(cast, tree, signed_in, count):
    for number in range(count):
        mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name=f"师{number}"))
        mentor.strengths.add(Strength.objects.first())
        make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.yuyue, name=f"徒{number}"))
    client = signed_in(cast.other_county)
    with CaptureQueriesContext(connection) as queries:
        assert len(seen(client.get(BOARD))) == count
    assert len(queries) == 11, [query["sql"][:120] for query in queries]


def test_pages_go_on_where_they_ended(cast, tree, people, signed_in):
    client = signed_in(cast.county)
    for number in range(20):
        make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"万{number:02d}"))
    for sort in ("unit", "-unit", "name", "places"):
        first = client.get(f"{BOARD}?sort={sort}&size=20")
        second = client.get(f"{BOARD}?sort={sort}&size=20&after={first.context['page'].next}")
        found = [*seen(first), *seen(second)]
        assert (len(found), len(set(found))) == (24, 24), sort
