from __future__ import annotations

import datetime as dt
import logging

import pytest

from reminders import working_time
from tests.reminders.made import at


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(dt.date(2026, 11, 23), 9), at(dt.date(2026, 11, 23), 9)),
        (at(dt.date(2026, 11, 23), 17, 29), at(dt.date(2026, 11, 23), 17, 29)),
        (at(dt.date(2026, 11, 23), 17, 30), at(dt.date(2026, 11, 24), 9)),
        (at(dt.date(2026, 11, 23), 8, 59), at(dt.date(2026, 11, 23), 9)),
        (at(dt.date(2026, 11, 20), 20), at(dt.date(2026, 11, 23), 9)),  # a Friday evening
        (at(dt.date(2026, 10, 1), 10), at(dt.date(2026, 10, 8), 9)),  # the National Day
        (at(dt.date(2026, 10, 10), 10), at(dt.date(2026, 10, 10), 10)),  # a Saturday made up for
    ],
)
def test_the_next_working_time(moment, expected):
    assert working_time.next_working_time(moment) == expected


def test_the_night_of_shanghai_counts_not_that_of_greenwich():
    noon_in_london = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
    assert working_time.next_working_time(noon_in_london) == at(dt.date(2026, 11, 24), 9)


def test_beyond_the_known_holidays_weekends_are_days_off_and_the_log_says_so(caplog):
    working_time._say_once.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert working_time.is_working_day(dt.date(2099, 6, 5))  # a Friday
        assert not working_time.is_working_day(dt.date(2099, 6, 6))
    assert [record.getMessage() for record in caplog.records] == [
        "holidays of 2099 are not known yet: weekends are taken for days off"
    ]
