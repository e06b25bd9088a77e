"""Shares as an office prints them, with the article's own arithmetic (domain §4)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from stats.cuts import Cut, Ratio, percent


@pytest.mark.parametrize(
    ("part", "whole", "digits", "printed"),
    [
        (2446, 8264, 1, "29.6"),  # young civil servants of townships, of all of them
        (1971, 2446, 2, "80.58"),  # with a bachelor's degree or more, of the young ones
        (2657, 7679, 1, "34.6"),  # young members of the new village committees
        (1, 8, 1, "12.5"),
        (1, 16, 2, "6.25"),
        (1, 32, 2, "3.13"),  # 3.125: half goes up, not to even
        (5, 5, 2, "100.00"),
        (0, 5, 2, "0.00"),
    ],
)
def test_a_share_is_rounded_half_up(part, whole, digits, printed):
    assert percent(part, whole, digits) == Decimal(printed)


def test_a_share_of_nothing_is_a_dash_and_not_zero():
    assert (percent(0, 0), str(Ratio(0, 0)), str(Ratio(0, 3))) == (None, "—", "0.00%")


def test_the_same_number_is_another_share_of_another_whole():
    assert [str(Ratio(1971, whole)) for whole in (2446, 8264)] == ["80.58%", "23.85%"]


def test_the_boundary_counts_in_whoever_is_35_on_that_day():
    cut = Cut.at(dt.date(2026, 6, 30))
    # Born in 1990.07: 35 full years until the end of June 2026. Born in 1990.06: 36 already.
    assert (cut.birth_month, cut.words["birth"]) == ("1990-07", "1990.07")


def test_the_period_begins_on_new_years_day_unless_said_otherwise():
    assert Cut.at(dt.date(2026, 6, 30)).period_from == dt.date(2026, 1, 1)
    assert Cut.at(dt.date(2026, 1, 1)).period_from == dt.date(2026, 1, 1)
