"""The figures against a second count by hand, on random people and random days."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from stats import figures
from stats.cuts import Cut
from stats.figures import behind
from stats.grouping import set_of
from stats.indicators import counted, sections
from stats.shapes import YES, Base, Indicator
from tests.stats import by_hand
from tests.stats.population import TODAY, populate

DAYS = (dt.date(2025, 3, 31), dt.date(2025, 12, 31), dt.date(2026, 6, 30), TODAY)


def nonzero(counts) -> dict[str, int]:
    return {code: number for code, number in counts.items() if number}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_equals_a_count_by_hand(tree, seed):
    populate(tree, seed, people=150)
    seen = Counter()
    for unit in (tree.province, tree.city, tree.anji, tree.deqing, tree.zone, tree.shangshu,
                 tree.liujiatang, tree.department):  # fmt: skip
        for day, age in zip(DAYS, (35, 36, 26, 35), strict=True):
            table = figures.table(unit, day, age=age)
            expected = by_hand.figures(unit, day, dt.date(day.year, 1, 1), age)
            found = {line.key: nonzero(line.counts) for line in table.lines}
            assert {key: counts for key, counts in found.items() if counts} == {
                key: dict(counts) for key, counts in expected.items() if counts
            }
            seen.update(nonzero(table.total.counts))
    # The population is no proof of a figure that it never fills.
    assert set(table.total.counts) - set(seen) == set()


def test_a_period_of_ones_own_begins_and_ends_on_its_days(tree):
    populate(tree, 4)
    start, end = dt.date(2025, 5, 17), dt.date(2026, 2, 3)
    table = figures.table(tree.city, end, start)
    expected = by_hand.figures(tree.city, end, start, 35)
    assert nonzero(table.total.counts) == dict(expected["total"])


def test_what_a_figure_asks_for_lies_in_one_set_of_dimensions(tree):
    asked = counted(column for section in sections() for column in section.columns)
    for indicator in asked.values():
        assert {*indicator.where} <= {*set_of(indicator)}


def test_a_figure_over_two_sets_is_refused():
    crossed = Indicator("x", "x", "x", Base.PAIRS, {"kind": YES, "is_posted": YES})
    with pytest.raises(LookupError, match="x"):
        set_of(crossed)


@pytest.mark.parametrize("seed", [5])
def test_the_total_counted_by_itself_is_the_sum_of_the_rows(tree, seed):
    populate(tree, seed)
    for unit in (tree.province, tree.city, tree.anji, tree.shangshu):
        total = figures.table(unit, TODAY).total.counts
        cut = Cut.at(TODAY)
        asked = counted(column for section in sections() for column in section.columns)
        alone = {code: behind(unit, cut, each).count() for code, each in asked.items()}
        assert nonzero(total) == nonzero(alone)


@pytest.mark.parametrize("seed", [5])
def test_the_rows_add_up_to_the_total(tree, seed):
    populate(tree, seed)
    for unit in (tree.province, tree.city, tree.anji, tree.shangshu):
        table = figures.table(unit, TODAY)
        added = Counter()
        for line in table.parts:
            added.update(line.counts)
        assert nonzero(added) == nonzero(table.total.counts)
        assert nonzero(added)


def test_under_way_at_the_end_is_what_there_was_and_came_and_went(tree):
    populate(tree, 7)
    start, end = dt.date(2025, 9, 1), dt.date(2026, 8, 31)
    after = figures.table(tree.city, end, start).total.counts
    before = figures.table(tree.city, start - dt.timedelta(days=1)).total.counts
    gone = after["completed_in_period"] + after["terminated_in_period"]
    assert after["pairs_running"] == before["pairs_running"] + after["formed"] - gone
    assert after["formed"]
    assert gone


def test_categories_of_a_count_add_up_to_it(tree):
    populate(tree, 8)
    counts = figures.table(tree.city, TODAY).total.counts
    for prefix, whole in (("mentors", "mentors"), ("mentees", "mentees"),
                          ("pairs", "pairs_running")):  # fmt: skip
        kinds = [n for code, n in counts.items() if code.startswith(f"{prefix}_category_")]
        assert sum(kinds) == counts[whole] > 0


def test_a_table_takes_as_many_queries_with_one_child_as_with_three(
    tree, django_assert_num_queries
):
    populate(tree, 9, people=20, records=20)
    with django_assert_num_queries(13):
        assert len(figures.table(tree.deqing, TODAY).parts) == 2  # 本级, 禹越镇
    with django_assert_num_queries(14):  # one more: is it large?
        assert len(figures.table(tree.city, TODAY).parts) == 4  # 本级, two counties, a zone


@pytest.mark.parametrize("late", [True, False])
def test_no_day_that_has_not_come_and_no_period_that_runs_backwards(tree, late):
    future = dt.date(2999, 1, 1)
    asked = (future, None) if late else (TODAY, TODAY + dt.timedelta(days=1))
    with pytest.raises(ValueError, match="future" if late else "begins after"):
        figures.table(tree.anji, *asked)


def test_one_section_alone_counts_what_it_counts_in_the_whole_table(tree):
    populate(tree, 11)
    every = figures.table(tree.city, DAYS[1], DAYS[0])
    for section in every.every:
        alone = figures.table(tree.city, DAYS[1], DAYS[0], only={section.code})
        whole = [each for each in every.sections if each.code == section.code]
        assert (alone.sections, alone.every) == (tuple(whole), every.every)
        assert [line.key for line in alone.lines if any(line.counts.values())] == [
            line.key for line in every.lines if any(line.counts[code] for code in line.counts
                                                    if code in alone.total.counts)
        ]  # fmt: skip
        lines = {line.key: line.counts for line in every.lines}
        for line in alone.lines:
            assert line.counts == {code: lines[line.key][code] for code in line.counts}
        assert set(alone.total.counts) == set(counted(alone.columns))
        assert nonzero(alone.total.counts)


@pytest.mark.parametrize(
    ("section", "queries"),
    [("people", 7), ("coverage", 5), ("pairs", 5), ("shares", 7), ("age", 8), ("records", 8)],
)
def test_a_section_asks_for_its_own_bases_only(tree, django_assert_num_queries, section, queries):
    populate(tree, 9, people=20, records=20)
    with django_assert_num_queries(queries):
        figures.table(tree.deqing, TODAY, only={section})


def test_days_of_a_series_are_the_tables_of_these_days(tree, django_assert_num_queries):
    populate(tree, 13)
    cuts = [Cut.at(day, day.replace(day=1)) for day in DAYS]
    asked = counted(column for section in sections() for column in section.columns)
    for unit in (tree.city, tree.anji, tree.shangshu):
        found = figures.series(unit, asked.values(), cuts)
        tables = [figures.table(unit, cut.as_of, cut.period_from) for cut in cuts]
        assert found == [table.total.counts for table in tables]
    pairs = [asked["pairs_running"], asked["formed"]]
    for some in (cuts, cuts[:1]):
        with django_assert_num_queries(1):
            figures.series(tree.anji, pairs, some)
