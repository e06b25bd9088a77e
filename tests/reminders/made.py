"""Rows and moments for the tests of reminders."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from activities.models import Assignment, Session
from pairings.models import Pairing
from reminders.models import Reminder

TODAY = dt.date(2026, 11, 23)  # a Monday
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: dt.date = TODAY, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), SHANGHAI)


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def make_assignment(*, pairing: Pairing, due_on: dt.date, **fields: Any) -> Assignment:
    return Assignment.objects.create(
        pairing=pairing, due_on=due_on, **{"title": "走访十户", **fields}
    )


def make_session(*, pairing: Pairing, on: dt.date = TODAY) -> Session:
    return Session.objects.create(
        pairing=pairing, happened_on=on, method="on_site", topic="田间教学"
    )


def told(rule: str, *, only_open: bool = False) -> set[tuple[str, object, str]]:
    """(user name, subject, period) of every reminder of a rule."""
    rows = Reminder.objects.filter(rule=rule)
    rows = rows.open() if only_open else rows
    return set(rows.values_list("user__username", "subject", "period"))
