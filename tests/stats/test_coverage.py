"""Coverage as of a day: of those who should be paired, how many are."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cadres.models import Exemption, Mentee, MenteeCategory
from pairings.coverage import coverage_of
from stats import figures
from stats.cuts import Cut
from stats.indicators import COVERAGE, UNPAIRED
from tests.factories import make_cadre, make_mentee, make_pairing
from tests.stats.population import populate

D = dt.date
CODES = (
    "mentees_registered", "mentees_exempt", "should_be_paired", "paired_of_should",
    "not_yet_paired",
)  # fmt: skip


def counts(unit, day) -> tuple[int, ...]:
    found = figures.table(unit, day).total.counts
    return tuple(found[code] for code in CODES)


@pytest.fixture
def people(cast, tree):
    """The cast's mentee, paired since 1 March 2026; three more of 上墅乡 and one of Deqing."""
    make_mentee(cadre=make_cadre(unit=tree.shangshu, name="未结对"), from_on=D(2026, 2, 1))
    away = make_mentee(cadre=make_cadre(unit=tree.shangshu, name="借调的"), from_on=None)
    Exemption.objects.create(
        mentee=away, from_on=D(2026, 5, 1), to_on=D(2026, 5, 31), reason="借调"
    )
    make_mentee(
        cadre=make_cadre(unit=tree.shangshu, name="已出师"), from_on=None, to_on=D(2026, 3, 31)
    )
    make_mentee(cadre=make_cadre(unit=tree.yuyue, name="德清徒"))


def test_the_register_is_read_as_of_the_day(tree, people):
    found = {
        day: counts(tree.anji, day)
        for day in (D(2025, 12, 31), D(2026, 2, 28), D(2026, 3, 31), D(2026, 4, 1),
                    D(2026, 5, 1), D(2026, 6, 1))
    }  # fmt: skip
    assert found == {
        D(2025, 12, 31): (2, 0, 2, 0, 2),
        D(2026, 2, 28): (4, 0, 4, 0, 4),
        D(2026, 3, 31): (4, 0, 4, 1, 3),
        D(2026, 4, 1): (3, 0, 3, 1, 2),
        D(2026, 5, 1): (3, 1, 2, 1, 1),
        D(2026, 6, 1): (3, 0, 3, 1, 2),
    }


def test_the_share_says_of_how_many_and_names_who_is_not_paired(tree, people):
    total = figures.table(tree.anji, D(2026, 5, 1)).total
    assert (tuple(total.ratio(COVERAGE)), str(total.ratio(COVERAGE))) == ((1, 2), "50.00%")
    rows = figures.behind(tree.anji, Cut.at(D(2026, 6, 1)), UNPAIRED)
    assert sorted(row.cadre.name for row in rows) == ["借调的", "未结对"]


def test_a_category_changed_from_a_day_on_leaves_earlier_figures_as_they_were(cast, tree):
    old, new = cast.mentee_entry.category, MenteeCategory.objects.last()
    cast.mentee_entry.change_category(new, on=D(2026, 7, 1), by=cast.county)
    found = {}
    for day in (D(2026, 6, 30), D(2026, 7, 1)):
        numbers = figures.table(tree.anji, day).total.counts
        found[day] = [numbers[f"{what}_category_{kind.pk}"]
                      for what in ("mentees", "pairs") for kind in (old, new)]  # fmt: skip
    assert found == {D(2026, 6, 30): [1, 0, 1, 0], D(2026, 7, 1): [0, 1, 0, 1]}


def test_somebody_posted_to_another_county_is_due_where_the_post_is(tree, cast, people):
    cast.mentee_row.move_to(tree.yuyue, on=D(2026, 7, 1))
    found = [counts(unit, day)[2:4] for unit in (tree.anji, tree.deqing, tree.city)
             for day in (D(2026, 6, 30), D(2026, 7, 1))]  # fmt: skip
    assert found == [(3, 1), (2, 0), (1, 0), (2, 1), (4, 1), (4, 1)]


def test_a_mentee_of_two_pairs_is_paired_once(cast, tree, people):
    make_pairing(mentor=cast.mentor_row, mentee=make_cadre(unit=tree.dipu, name="未列入"))
    assert counts(tree.anji, D(2026, 6, 1)) == (3, 0, 3, 1, 2)


@pytest.mark.parametrize("seed", [3])
def test_the_list_of_mentees_says_the_same_of_today(tree, seed):
    populate(tree, seed)
    today = timezone.localdate()
    for unit in (tree.city, tree.anji, tree.shangshu, tree.zone):
        rows = Mentee.objects.filter(unit.rows_q("cadre__"))
        _all, exempt, due, paired, _not = counts(unit, today)
        assert coverage_of(rows, today) == (due, paired, exempt)
        assert due
