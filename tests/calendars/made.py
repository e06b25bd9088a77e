"""Plain functions that make this room's rows."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from accounts.models import User
from calendars import arranging
from calendars.models import PlannedMeeting


def again(user: User) -> User:
    """The user as a request of its own would read them, without kept grants."""
    return User.objects.get(pk=user.pk)


def today() -> dt.date:
    return timezone.localdate()


def make_meeting(cast, *, by: User | None = None, pairing=None, **fields) -> PlannedMeeting:
    fields = {"day": today(), "topic": "走访农户前碰头", **fields}
    row = PlannedMeeting(pairing=pairing or cast.pairing, **fields)
    return reread(arranging.plan(row, by=again(by or cast.mentor), key=uuid.uuid4()))


def reread(row: PlannedMeeting) -> PlannedMeeting:
    return PlannedMeeting.objects.for_detail().get(pk=row.pk)


def move(row: PlannedMeeting, verb: str, *, by: User, key=None, seen=None, **given) -> None:
    row = reread(row)
    seen = row.revision if seen is None else seen
    arranging.move(row, verb, by=again(by), seen=seen, key=key or uuid.uuid4(), **given)


def make_in_state(cast, state: str, **fields) -> PlannedMeeting:
    row = make_meeting(cast, **fields)
    if state == "held":
        move(row, "hold", by=cast.mentor)
    if state == "cancelled":
        move(row, "cancel", by=cast.mentor, reason="下乡抗台")
    return reread(row)
