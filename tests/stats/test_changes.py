"""Who came and who went: the two differences of the sets of two days, and what the page tells."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stats import figures
from stats.changing import MOST_KEYS, changes, key_of
from stats.comparing import Against, same_length
from stats.cuts import Cut
from stats.explaining import Side, explained
from stats.indicators import counted, sections
from stats.listing import LISTINGS
from tests.stats import by_hand
from tests.stats.population import START, TODAY, populate

DAYS = st.dates(START, TODAY)


@pytest.fixture
def county(cast, tree):
    populate(tree, 31, people=50, records=120)
    return tree.anji


def against(first: dt.date, second: dt.date) -> Against:
    then, now = sorted((first, second))
    cut = Cut.at(now)
    return Against(cut, Cut.at(then, same_length(cut, then)))


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    first=DAYS,
    second=DAYS,
    place=st.sampled_from(["county", "row"]),
    most=st.sampled_from([MOST_KEYS, 3]),
)
def test_now_is_then_and_who_came_without_who_went(cast, tree, county, first, second, place, most):
    """Whether the sets are compared here or, of many rows, by the database."""
    both = against(first, second)
    row = figures.TOTAL if place == "county" else str(tree.shangshu.pk)
    cuts = both.then, both.now
    hand = [by_hand.figures(county, cut.as_of, cut.period_from, cut.age)[row] for cut in cuts]
    for code, indicator in all_counts().items():
        found = changes(county, both, indicator, row, user=cast.county, most=most)
        key = key_of(indicator.base)
        then, now = (
            set(figures.behind(county, cut, indicator, row).values_list(key, flat=True))
            for cut in cuts
        )
        came, went = (
            list(rows.values_list(key, flat=True)) for rows in (found.came, found.went)
        )  # fmt: skip
        assert (found.then, found.now) == (hand[0][code], hand[1][code]), code
        assert (set(came), set(went)) == (now - then, then - now), code
        assert found.now == found.then + len(came) - len(went), code


def all_counts():
    return counted(column for section in sections() for column in section.columns)


def test_every_row_has_a_reason_and_nearly_all_a_dated_one(cast, county):
    both = against(dt.date(2025, 9, 30), dt.date(2026, 9, 30))
    dated, all_of_them = 0, 0
    for indicator in all_counts().values():
        found = changes(county, both, indicator, user=cast.county)
        for side, rows in ((Side.CAME, found.came), (Side.WENT, found.went)):
            asked = list(rows.select_related(*LISTINGS[indicator.base].related))
            for why in explained(indicator, asked, side, both, cast.county):
                assert why
                all_of_them += 1
                dated += bool(re.search(r"20\d\d[-.]\d\d", " ".join(why)))
    assert all_of_them > 300
    assert dated / all_of_them > 0.95
