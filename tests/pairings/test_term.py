"""The last day of a term."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.months import end_of_term

D = dt.date


@pytest.mark.parametrize(
    ("from_on", "months", "last"),
    [
        (D(2026, 3, 1), 12, D(2027, 2, 28)),
        (D(2023, 3, 1), 12, D(2024, 2, 29)),
        (D(2026, 1, 15), 1, D(2026, 2, 14)),
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2026, 1, 29), 1, D(2026, 2, 28)),
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2024, 1, 29), 1, D(2024, 2, 28)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2024, 2, 29), 48, D(2028, 2, 28)),
        (D(2026, 12, 31), 36, D(2029, 12, 30)),
        (D(2026, 1, 31), 3, D(2026, 4, 30)),
    ],
)
def test_a_term_ends_the_day_before_its_day_comes_round(from_on, months, last):
    assert end_of_term(from_on, months) == last


days = st.dates(D(1990, 1, 1), D(2100, 12, 31))
terms = st.integers(1, 120)


@settings(deadline=None)
@given(days, terms)
def test_a_term_has_as_many_months_as_it_says(from_on, months):
    last = end_of_term(from_on, months)
    after = last + dt.timedelta(days=1)
    passed = (after.year - from_on.year) * 12 + after.month - from_on.month
    assert (passed, after.day) == (months, from_on.day) or (passed, after.day) == (months + 1, 1)


@settings(deadline=None)
@given(days, terms)
def test_a_later_beginning_never_ends_earlier(from_on, months):
    assert end_of_term(from_on + dt.timedelta(days=1), months) >= end_of_term(from_on, months)
