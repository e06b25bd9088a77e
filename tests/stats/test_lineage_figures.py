"""徒成师: mentors who had been mentees first, and those of them taught by such a one."""

from __future__ import annotations

import datetime as dt

import pytest

from pairings.states import State
from stats import figures
from stats.grids import address
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date
TODAY = D(2026, 11, 20)


@pytest.fixture
def line(cast, tree):
    """师 (2010) taught 徒 from 2012, appointed 2015, who taught 孙 from 2018, appointed 2021."""
    people = [make_cadre(unit=tree.dipu, name=name) for name in ("师", "徒", "孙")]
    first, second, _third = (
        make_mentor(cadre=person, from_on=D(year, 1, 1))
        for person, year in zip(people, (2010, 2015, 2021), strict=True)
    )
    make_pairing(mentor=first, mentee=people[1], state=State.COMPLETED, from_on=D(2012, 1, 1),
                 to_on=D(2012, 12, 31))  # fmt: skip
    make_pairing(mentor=second, mentee=people[2], state=State.TERMINATED, from_on=D(2018, 1, 1),
                 to_on=D(2018, 12, 31))  # fmt: skip
    return people


def counts(unit, day) -> tuple[int, int, int]:
    total = figures.table(unit, day).total.counts
    return tuple(
        total[code] for code in ("mentors", "mentors_once_mentees", "mentors_third_generation")
    )


def test_on_each_day_those_appointed_by_then_after_they_were_taught(line, tree):
    assert [counts(tree.dipu, D(year, 6, 1)) for year in (2010, 2014, 2015, 2020, 2021)] == [
        (1, 0, 0), (1, 0, 0), (2, 1, 0), (2, 1, 0), (3, 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "from_on", "expected"),
    [
        (State.COMPLETED, D(2019, 12, 31), 1),
        (State.ACTIVE, D(2019, 12, 31), 1),
        (State.DECLINED, D(2019, 12, 31), 0),
        (State.AGREED, D(2019, 12, 31), 0),
        (State.COMPLETED, D(2020, 1, 1), 0),  # appointed on that very day
        (State.COMPLETED, D(2024, 1, 1), 0),  # a mentor already, who learnt something else
    ],
)
def test_only_a_pair_that_began_before_the_first_appointment_counts(
    cast, tree, state, from_on, expected
):
    person = make_cadre(unit=tree.dipu, name="后来成师")
    make_mentor(cadre=person, from_on=D(2020, 1, 1), to_on=D(2022, 12, 31))
    make_mentor(cadre=person, from_on=D(2025, 1, 1))  # appointed anew
    make_pairing(mentor=cast.mentor_row, mentee=person, state=state, from_on=from_on,
                 to_on=D(2026, 1, 31))  # fmt: skip
    assert counts(tree.dipu, TODAY) == (1, expected, 0)


def test_the_names_stand_behind_the_figure_and_those_of_others_do_not(line, cast, tree, signed_in):
    cut = figures.table(tree.anji, TODAY).cut
    href = address("stats:names", tree.anji, cut, indicator="mentors_once_mentees")
    page = signed_in(cast.county).get(href)
    assert ">徒</a>" in page.text
    assert ">孙</a>" in page.text
    assert ">师</a>" not in page.text
    assert "首次受聘之前曾作为帮带对象结对" in page.text
    assert signed_in(cast.other_county).get(href).status_code == 404
