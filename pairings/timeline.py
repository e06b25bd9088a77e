"""What became of a pair, in one piece: its moves, who stood in, and the pairs before and after."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from accounts.models import User
from pairings.models import Pairing, PairingEvent
from pairings.states import CALLED_OFF, State

# So many of the newest entries stand open, with the rest of their year; older years are folded.
_OPEN = 8


class Entry(NamedTuple):
    """A move, or the beginning of a pair that stood in: one of the two."""

    day: dt.date
    event: PairingEvent | None = None
    reversal: PairingEvent | None = None  # the event that took this one back
    until: dt.date | None = None  # of a suspension: the day on which it was over
    stand_in: Told | None = None

    @property
    def days(self) -> int:
        """How long a suspension lasted that is over."""
        return (self.until - self.event.on).days if self.until and self.event else 0


class Year(NamedTuple):
    year: int
    months: list[list[Entry]]  # each with one entry or more, newest first
    is_folded: bool

    @property
    def total(self) -> int:
        return sum(map(len, self.months))


class Told(NamedTuple):
    """Another pair of the mentee; without a name where the user may not see it."""

    pairing: Pairing
    is_seen: bool
    years: Sequence[Year] = ()

    @property
    def last_on(self) -> dt.date | None:
        return self.pairing.ended_on or self.pairing.to_on


class Timeline(NamedTuple):
    years: list[Year]
    before: list[Told]  # newest first
    after: list[Told]
    stands_in_for: Told | None


def of_pair(pairing: Pairing, events: Sequence[PairingEvent], user: User) -> Timeline:
    """`events` are those of the pair with their actors, newest first. Three queries."""
    others = Pairing.objects.filter(mentee=pairing.mentee_id).select_related("mentor_cadre")
    family = {other.pk: other for other in others}
    visible = Pairing.objects.visible_to(user).filter(mentee=pairing.mentee_id)
    seen = set(visible.values_list("pk", flat=True))
    before, after = _chain(pairing, family)
    told = {pk for pk in (*before, *after) if pk in seen}
    past: dict[UUID, list[PairingEvent]] = defaultdict(list)
    rows = PairingEvent.objects.filter(pairing__in=told).select_related("actor")
    for event in rows.order_by("-at", "-pk"):
        past[event.pairing_id].append(event)

    def tell(pk: UUID) -> Told:
        return Told(family[pk], pk in seen, _years(_entries(past[pk]), opens=0))

    stand_ins = [
        Entry(other.from_on, stand_in=Told(other, pk in seen))
        for pk, other in family.items()
        if other.stands_in_for_id == pairing.pk and other.state not in CALLED_OFF
    ]
    return Timeline(
        years=_years([*_entries(events), *stand_ins], opens=_OPEN),
        before=[tell(pk) for pk in before],
        after=[tell(pk) for pk in after],
        stands_in_for=tell(away) if (away := pairing.stands_in_for_id) in family else None,
    )


def _chain(pairing: Pairing, family: dict[UUID, Pairing]) -> tuple[list[UUID], list[UUID]]:
    """The pairs that this one goes on with, and those that went on with it; newest first."""
    before, at = [], pairing.succeeds_id
    while at in family and at not in before:
        before.append(at)
        at = family[at].succeeds_id
    next_of: dict[UUID | None, UUID] = {
        other.succeeds_id: pk
        for pk, other in family.items()
        if other.succeeds_id and other.state not in CALLED_OFF
    }
    after: list[UUID] = []
    step: UUID | None = pairing.pk
    while (step := next_of.get(step)) and step not in after:
        after.insert(0, step)
    return before, after


def _entries(events: Sequence[PairingEvent]) -> list[Entry]:
    """In the order in which they were entered.

    Each stands under the day on which it took effect, though never before what was entered
    earlier: an approval that reaches back follows the registration all the same, as it does
    where the state of a day is asked (`PairingQuerySet.with_state_on`).
    """
    entered = list(reversed(events))
    reversals = {event.reverses_id: event for event in entered if event.reverses_id}
    standing = [e for e in entered if e.pk not in reversals and not e.reverses_id]
    over = dict(_suspensions(standing))
    found: list[Entry] = []
    for event in entered:
        day = max(event.on, found[-1].day) if found else event.on
        found.append(Entry(day, event, reversals.get(event.pk), over.get(event.pk)))
    return found


def _suspensions(standing: list[PairingEvent]) -> Iterator[tuple[int, dt.date]]:
    """Each suspension that is over, by its event, with the day on which it was over."""
    begun: PairingEvent | None = None
    for event in standing:
        if event.to_state == State.SUSPENDED:
            begun = begun or event
        elif begun:
            yield begun.pk, event.on
            begun = None


def _years(entries: list[Entry], *, opens: int) -> list[Year]:
    """Newest first, by year and month; the sort is stable, so entry order decides on one day."""
    newest = sorted(entries, key=lambda entry: entry.day)[::-1]
    years, told = [], 0
    for year, group in itertools.groupby(newest, key=lambda entry: entry.day.year):
        months = [list(m) for _n, m in itertools.groupby(group, key=lambda e: e.day.month)]
        years.append(Year(year, months, is_folded=bool(opens) and told >= opens))
        told += years[-1].total
    return years
