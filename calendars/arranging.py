"""The verbs of a planned meeting.

Each holds the pair's row, so that nobody ends or suspends the pair between the look and the
writing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from activities.entering import capacities
from calendars.models import MeetingEvent, PlannedMeeting, StaleMove
from calendars.states import MOVES, State
from core.masking import masked
from core.once import once
from pairings.models import Pairing


def plan(meeting: PlannedMeeting, *, by: User, key: uuid.UUID | None) -> PlannedMeeting:
    """Save a new meeting of `meeting.pairing`; StaleMove when the pair takes no work now."""

    def make() -> PlannedMeeting:
        _hold(meeting.pairing)
        if not capacities(meeting.pairing, by):
            raise StaleMove("plan")
        meeting.created_by, meeting.client_key = by, key
        meeting.is_on_behalf = meeting.pairing.side_of(by) is None
        meeting.save()
        MeetingEvent.objects.create(
            meeting=meeting, verb="plan", to_state=meeting.state, new_day=meeting.day,
            created_by=by, is_on_behalf=meeting.is_on_behalf,
        )  # fmt: skip
        return meeting

    return once(PlannedMeeting, by=by, key=key, make=make)


def move(
    meeting: PlannedMeeting,
    verb: str,
    *,
    by: User,
    seen: int,
    key: uuid.UUID | None,
    reason: str = "",
    day: dt.date | None = None,
    time: dt.time | None = None,
) -> None:
    """A verb of MOVES on the meeting as it was read; StaleMove with nothing changed."""

    def make() -> MeetingEvent:
        _hold(meeting.pairing)
        if verb not in meeting.moves_for(by, timezone.localdate()):
            raise StaleMove(verb)
        old = State(meeting.state)
        new = MOVES[verb].path[old]
        changes: dict[str, Any] = {
            "state": new,
            "revision": F("revision") + 1,  # `seen` comes from a form, and may be any number
            "changed_at": timezone.now(),
            "reason": masked(reason) if new == State.CANCELLED else "",
        }
        if verb == "put_off":
            changes |= {"day": day, "time": time}
        standing = PlannedMeeting.objects.filter(pk=meeting.pk, state=old, revision=seen)
        if not standing.update(**changes):
            raise StaleMove(verb)
        return MeetingEvent.objects.create(
            meeting=meeting, verb=verb, from_state=old, to_state=new, reason=reason,
            old_day=meeting.day, new_day=changes.get("day", meeting.day), created_by=by,
            client_key=key, is_on_behalf=meeting.pairing.side_of(by) is None,
        )  # fmt: skip

    try:
        once(MeetingEvent, by=by, key=key, make=make)
    except StaleMove:
        # The same form's first sending may have moved it a moment ago.
        if key is None or not MeetingEvent.objects.filter(created_by=by, client_key=key).exists():
            raise


def _hold(pairing: Pairing) -> None:
    """Hold the pair's row, or StaleMove when it takes no work now."""
    locked = Pairing.objects.select_for_update(of=("self",), no_key=True)
    if not locked.get(pk=pairing.pk).allows_records:
        raise StaleMove
