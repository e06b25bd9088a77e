"""The register of mentors as it stood on a past day, read from events (MentorQuerySet.with_past).

Dated are state, term, places and the pairs that took them. Category, strengths and name are not:
they are those on record today, and the page says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from mentors.models import Mentor


class Names(NamedTuple):
    """By what name a column is asked for: today's, or the annotation of a past day."""

    state: str = "state"
    from_on: str = "from_on"
    term_to_on: str = "term_to_on"
    to_on: str = "to_on"
    capacity: str = "capacity"
    taken: str = "taken"
    free: str = "free"


NOW, THEN = Names(), Names(*(f"{name}_on" for name in Names()))


def names(day: dt.date | None) -> Names:
    return THEN if day else NOW


def shown_as_then(rows: Iterable[Mentor]) -> None:
    """Rows of `with_past` say what they said on that day; they are for showing, never saved."""
    for row in rows:
        for now, then in zip(NOW, THEN, strict=True):
            setattr(row, now, getattr(row, then))
