"""A cell that holds a date: of the same years, whether it was typed or formatted as one."""

from __future__ import annotations

import datetime as dt

import pytest

from rosters import cells

D = dt.date


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (dt.datetime.combine(D(2026, 3, 1), dt.time(8)), D(2026, 3, 1)),
        (D(1900, 1, 1), D(1900, 1, 1)),
        ("2199-12-31", D(2199, 12, 31)),
    ],
)
def test_a_full_date_is_taken(cell, day):
    assert cells.day(cell) == day


@pytest.mark.parametrize(
    "cell",
    [
        dt.datetime.combine(D(9999, 12, 31), dt.time()),
        D(206, 3, 1),
        "9999-12-31",
        "0206-03-01",
        "2026.03",
    ],
)
def test_a_year_that_nobody_means_is_told_and_ends_no_import(cell):
    with pytest.raises(cells.Wrong, match="日期不完整"):
        cells.day(cell)
