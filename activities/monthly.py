"""How many records a pair has in each month, by kind; no word of what stands in them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import NamedTuple

from django.db.models import Count
from django.db.models.functions import TruncMonth

from activities.models import Assignment, Session, Visit
from pairings.models import Pairing

# What places a record in a month; an assignment stands under its due date, as in its list.
_KINDS = {
    "visits": (Visit, "happened_on"),
    "sessions": (Session, "happened_on"),
    "assignments": (Assignment, "due_on"),
}


class Month(NamedTuple):
    first: dt.date
    visits: int
    sessions: int
    assignments: int


class Year(NamedTuple):
    year: int
    months: list[Month]

    @property
    def total(self) -> int:
        return sum(sum(month[1:]) for month in self.months)


def of_pair(pairing: Pairing) -> list[Year]:
    """The months that have a record, newest first; one query for each kind."""
    counts: dict[dt.date, dict[str, int]] = defaultdict(dict)
    for kind, (model, day) in _KINDS.items():
        rows = model.objects.filter(pairing=pairing).order_by()
        months = rows.annotate(month=TruncMonth(day)).values_list("month")
        for month, number in months.annotate(n=Count("pk")):
            counts[month][kind] = number
    years: dict[int, list[Month]] = defaultdict(list)
    for first in sorted(counts, reverse=True):
        found = (counts[first].get(kind, 0) for kind in _KINDS)
        years[first.year].append(Month(first, *found))
    return [Year(year, months) for year, months in years.items()]
