"""What stands in a calendar: planned meetings, due dates, ends of terms, steps of a month."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activities.models import Assignment
from activities.models.assignments import AssignmentState
from calendars.models import PlannedMeeting
from calendars.states import State
from core.months import month_of, shift
from pairings.models import Pairing, PairingEvent
from plans.models import PlanStep


class Entry(NamedTuple):
    """One thing of one day. `time` is None where it takes the day."""

    kind: str  # meeting | due | term
    key: uuid.UUID
    day: dt.date
    time: dt.time | None
    label: str | Promise  # what kind of thing it is
    title: str
    pair: str
    url: str
    state: str | Promise
    badge: str
    revision: int
    changed_at: dt.datetime
    is_off: bool = False


def own_pairs(user: User) -> QuerySet[Pairing]:
    """The pairs in which the user is one of the two; an office's are not among them."""
    pairs = Pairing.objects.filter(Q(mentor_cadre__user=user) | Q(mentee__user=user))
    return pairs.select_related("mentor_cadre", "mentee")


def entries(
    pairs: Sequence[Pairing],
    first: dt.date,
    last: dt.date,
    *,
    for_feed_at: dt.datetime | None = None,
) -> list[Entry]:
    """Of these pairs, both days included, in order; three queries however many there are.

    A page shows meetings that fell through and what was handed in as well; a feed, read at the
    given moment, tells what is still to do, and what was called off lately.
    """
    by_pk = {pair.pk: pair for pair in pairs}
    found = _meetings(by_pk, first, last, for_feed_at)
    found += _due(by_pk, first, last, settled=for_feed_at is None)
    found += _terms(by_pk, first, last)
    return sorted(found, key=lambda e: (e.day, e.time or dt.time.min, e.kind, str(e.key)))


def _meetings(
    pairs: dict[uuid.UUID, Pairing],
    first: dt.date,
    last: dt.date,
    for_feed_at: dt.datetime | None,
) -> list[Entry]:
    rows = PlannedMeeting.objects.filter(pairing__in=pairs, day__gte=first, day__lte=last)
    return [
        Entry(
            "meeting", row.pk, row.day, row.time, _("planned meeting"), row.topic,
            str(pairs[row.pairing_id]), reverse("calendars:meeting", args=[row.pk]),
            row.get_state_display(), row.badge, row.revision, row.changed_at,
            row.state == State.CANCELLED,
        )
        for row in (rows.told(for_feed_at) if for_feed_at else rows)
    ]  # fmt: skip


def _due(
    pairs: dict[uuid.UUID, Pairing], first: dt.date, last: dt.date, *, settled: bool
) -> list[Entry]:
    rows = Assignment.objects.filter(pairing__in=pairs).between(first, last)
    rows = rows.exclude(state=AssignmentState.WITHDRAWN) if settled else rows.at_work().to_hand_in()
    return [
        Entry(
            "due", row.pk, row.due_on, None, _("assignment due"), row.title,
            str(pairs[row.pairing_id]), reverse("activities:assignment_detail", args=[row.pk]),
            row.get_state_display(), "state-done", 0, row.decided_at or row.created_at,
        )
        for row in rows
    ]  # fmt: skip


def _terms(pairs: dict[uuid.UUID, Pairing], first: dt.date, last: dt.date) -> list[Entry]:
    """Whatever happens to a pair leaves an event: their count only grows, as SEQUENCE must."""
    rows = PairingEvent.objects.filter(pairing__in=pairs).order_by().values("pairing")
    told = rows.annotate(count=Count("pk"), latest=Max("at"))
    changes = {row["pairing"]: (row["count"], row["latest"]) for row in told}
    return [
        Entry(
            "term", pk, pair.to_on, None, _("end of the term"), "", str(pair),
            reverse("pairings:detail", args=[pk]), "", "",
            *changes.get(pk, (0, pair.created_at)),
        )
        for pk, pair in pairs.items()
        if pair.to_on and pair.is_open and first <= pair.to_on <= last
    ]  # fmt: skip


class Day(NamedTuple):
    day: dt.date
    is_inside: bool  # of the month that is shown
    is_today: bool
    entries: list[Entry]


class Month(NamedTuple):
    """A month as weeks from Monday; `steps` of agreed plans have a month and no day."""

    month: str
    before: str
    after: str
    weeks: list[list[Day]]
    days: list[Day]  # those with entries, and today
    steps: list[PlanStep]

    @property
    def is_empty(self) -> bool:
        return not self.steps and not any(day.entries for day in self.days)


def month_page(pairs: Sequence[Pairing], month: str, today: dt.date) -> Month:
    """Four queries, however many pairs."""
    year, number = int(month[:4]), int(month[5:])
    last = calendar.monthrange(year, number)[1]
    by_day: dict[dt.date, list[Entry]] = defaultdict(list)
    for entry in entries(pairs, dt.date(year, number, 1), dt.date(year, number, last)):
        by_day[entry.day].append(entry)
    weeks = [
        [
            Day(day, month_of(day) == month, day == today, by_day.get(day, []))
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(year, number)
    ]  # fmt: skip
    shown = [
        day for week in weeks for day in week if day.is_inside and (day.entries or day.is_today)
    ]
    steps = PlanStep.objects.filter(plan__pairing__in=[pair.pk for pair in pairs], month=month)
    steps = steps.filter(plan__agreed_at__isnull=False).exclude(state="dropped")
    steps = steps.select_related("plan__pairing__mentor_cadre", "plan__pairing__mentee")
    ordered = list(steps.order_by("plan__pairing__mentee__pinyin", "pk"))
    return Month(month, shift(month, -1), shift(month, 1), weeks, shown, ordered)
