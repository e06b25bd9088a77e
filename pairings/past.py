"""Pairs as they stood on a past day, read from their events.

A pair is in the list of a day from the day on which its first event took effect, as
`PairingQuerySet.with_state_on` has it: one that began in March counts from March, whenever it
was entered. Of state, term, end and waiting nothing later than the day is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Case, DateField, Exists, OuterRef, Q, Subquery, When

from cadres.past import placed_as_then
from pairings.models import Pairing, PairingEvent, PairingQuerySet
from pairings.states import ENDED

_SETS_TERM = Q(old_to_on__isnull=False) | Q(new_to_on__isnull=False)


class Names(NamedTuple):
    """By what name a column is asked for: today's, or the annotation of a past day."""

    state: str = "state"
    to_on: str = "to_on"
    ended_on: str = "ended_on"


NOW, THEN = Names(), Names("state_on", "to_on_on", "ended_on_on")


def names(day: dt.date | None) -> Names:
    return THEN if day else NOW


def with_past(rows: PairingQuerySet, day: dt.date) -> PairingQuerySet:
    """The pairs that were on record on that day, with the columns of THEN and `since_on`.

    `to_on_on` is what the last extension in effect set, before the first one what that found.
    """
    events = PairingEvent.objects.standing().filter(pairing=OuterRef("pk"))
    past, terms = events.filter(on__lte=day), events.filter(_SETS_TERM)
    changes = past.changing_state().order_by("-at", "-pk")
    extended = terms.filter(on__lte=day).order_by("-at", "-pk")
    stood: Any = rows.with_state_on(day)
    told: PairingQuerySet = stood.filter(state_on__isnull=False).annotate(
        since_on=Subquery(changes.values("on")[:1]),
        ended_on_on=Case(
            When(state_on__in=ENDED, then=Subquery(changes.values("on")[:1])),
            output_field=DateField(),
        ),
        to_on_on=Case(
            When(Exists(extended), then=Subquery(extended.values("new_to_on")[:1])),
            When(
                Exists(terms),
                then=Subquery(terms.order_by("at", "pk").values("old_to_on")[:1]),
            ),
            default="to_on",
            output_field=DateField(),
        ),
    )
    return told


def shown_as_then(rows: Sequence[Pairing], day: dt.date) -> None:
    """Rows of `with_past` say what they said on that day; they are for showing, never saved."""
    placed_as_then([person for row in rows for person in (row.mentor_cadre, row.mentee)], day)
    told_as_then(rows)


def told_as_then(rows: Iterable[Pairing]) -> None:
    """The same without the places of the two people."""
    for row in rows:
        for now, then in zip(NOW, THEN, strict=True):
            setattr(row, now, getattr(row, then))
        row.since = row.since_on  # type: ignore[attr-defined]
