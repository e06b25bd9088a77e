"""One sweep: what is due becomes a reminder, what is settled is closed.

It may run at any time, as often as it likes, twice at once, and die half-way: the identity of a
reminder is unique in the database, and what a dead sweep did not reach is still due for the next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Grant, Role
from activities.models import Assignment
from pairings.models import Pairing
from pairings.states import RUNNING, UNCONFIRMED, State
from reminders import digests
from reminders.appointments import decided, ends_of_appointments
from reminders.commented import comments, read
from reminders.matters import (
    CHUNK,
    MENTEE_OWES,
    MENTOR_OWES,
    Matter,
    Standing,
    all_matters,
    with_quiet_since,
)
from reminders.models import Reminder, Rule
from reminders.published import publications, settled

# Any constant does: it names the lock under which sweeps write, one after the other.
LOCK = 4_203_523


class Swept(NamedTuple):
    made: int
    closed: int


def sweep(now: dt.datetime | None = None) -> Swept:
    """Close what is settled, then write what is due; `now` is aware, the present when empty."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    closed = close_settled(now)
    standing = Standing.on(today)
    matters = chain(
        all_matters(standing),
        publications(today),
        ends_of_appointments(standing),
        comments(today),
    )
    made = 0
    while batch := list(islice(matters, CHUNK)):
        made += write_down(batch, now)
    return Swept(made, closed)


@transaction.atomic
def write_down(batch: list[Matter], now: dt.datetime) -> int:
    """Reminders of these matters and their places in mails, all or none; how many were new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    rows = [Reminder(created_at=now, **matter._asdict()) for matter in batch]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    new = Reminder.objects.filter(pk__in=[row.pk for row in rows])
    digests.gather(new, now)
    return len(new)


@transaction.atomic
def close_settled(now: dt.datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return sum(rows.update(closed_at=now) for rows in _settled(timezone.localdate(now)))


def _settled(today: dt.date) -> Iterator[QuerySet[Reminder]]:
    """Open reminders whose matter is no more, or is no longer the matter of their receiver."""
    rows = Reminder.objects.open()
    task = Assignment.objects.at_work().to_hand_in()
    task = task.filter(
        pk=OuterRef("subject"),
        due_on=OuterRef("due_on"),
        pairing__mentee__user=OuterRef("user"),
    )
    yield rows.filter(rule=Rule.ASSIGNMENT_DUE).filter(~Exists(task) | Q(due_on__lt=today))
    yield rows.filter(~Exists(task), rule=Rule.ASSIGNMENT_OVERDUE)

    pair = Pairing.objects.filter(pk=OuterRef("subject"))
    as_mentor, as_mentee = Q(mentor_cadre__user=OuterRef("user")), Q(mentee__user=OuterRef("user"))
    in_office = Exists(
        Grant.objects.live(today)
        .filter(role=Role.COORDINATOR, user=OuterRef(OuterRef("user")))
        .annotate(path=ExpressionWrapper(OuterRef("unit__path"), CharField()))
        .filter(path__startswith=F("unit__path"))
    )
    for to, still_waits in (
        ("mentor", as_mentor & Q(state__in=MENTOR_OWES)),
        ("mentee", as_mentee & Q(state__in=MENTEE_OWES)),
        ("behalf", Q(in_office, state__in=UNCONFIRMED)),
        ("approve", Q(in_office, state=State.AGREED)),
    ):
        asked = rows.filter(rule=Rule.TO_CONFIRM, period__startswith=f"{to}:")
        yield asked.filter(~Exists(pair.filter(still_waits)))
    concerned = pair.filter(as_mentor | as_mentee | Q(in_office))
    silent = with_quiet_since(concerned.filter(state=State.ACTIVE)).annotate(
        since=Cast("quiet_since", CharField())
    )
    yield rows.filter(~Exists(silent.filter(since=OuterRef("period"))), rule=Rule.SILENT)
    expiring = concerned.filter(state__in=RUNNING, to_on=OuterRef("due_on"))
    yield rows.filter(~Exists(expiring), rule=Rule.EXPIRING)
    yield settled(rows, today)
    yield read(rows, today)
    yield decided(rows, today)
    suspended = pair.filter(Q(in_office), state=State.SUSPENDED, resumes_on=OuterRef("due_on"))
    yield rows.filter(~Exists(suspended), rule=Rule.RESUME_DUE)
