"""换师 and 代帮: another mentor goes on with the mentee, or stands in for a time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from mentors.models import Mentor
from pairings.circumstances import Couple
from pairings.models import Method, Pairing, StaleMove
from pairings.registering import propose_all
from pairings.states import Role


def may_ever_change(pairing: Pairing, user: User) -> bool:
    """Whether this is the user's to do on this pair while it runs: the office's, as an end is."""
    return pairing.role != Role.SUBSTITUTE and pairing.may_ever("terminate", user)


def may_change(pairing: Pairing, user: User) -> bool:
    return pairing.is_running and may_ever_change(pairing, user)


@transaction.atomic
def change_mentor(
    pairing: Pairing,
    mentor: Mentor,
    *,
    by: User,
    on: dt.date,
    to_on: dt.date | None,
    reason: str,
    document: str,
    client_key: uuid.UUID | None = None,
    waiver: str = "",
    read: Collection[str] = (),
) -> Pairing:
    """End the pair on that day and register the one that goes on with it, both or neither.

    The new pair has the same role and takes the steps of the policy; where it is called off, the
    mentee has no mentor, and the pages say so. StaleMove when the pair runs no more, Refused
    when something speaks against the new one.
    """
    if not may_change(pairing, by):
        raise StaleMove("change")
    # A pair that was approved ahead has not begun: the new one begins in its place.
    begins = max(on, pairing.from_on)
    couple = Couple(mentor, pairing.mentee, begins, to_on, pairing.role, instead_of=pairing)
    return propose_all(
        [couple],
        by=by,
        method=Method.ASSIGNED,
        client_key=client_key,
        waiver=waiver,
        read=read,
        reason=reason,
        document=document,
    )[0]


@transaction.atomic
def substitute(
    pairing: Pairing,
    mentor: Mentor,
    *,
    by: User,
    from_on: dt.date,
    to_on: dt.date,
    reason: str,
    document: str,
    client_key: uuid.UUID | None = None,
    waiver: str = "",
    read: Collection[str] = (),
) -> Pairing:
    """Register a mentor who stands in from a day to a day, while the pair itself stays as it is.

    StaleMove when the pair runs no more, Refused when something speaks against it.
    """
    if not may_change(pairing, by):
        raise StaleMove("substitute")
    couple = Couple(mentor, pairing.mentee, from_on, to_on, Role.SUBSTITUTE, stands_in_for=pairing)
    made = propose_all(
        [couple],
        by=by,
        method=Method.ASSIGNED,
        client_key=client_key,
        waiver=waiver,
        read=read,
        reason=reason,
        document=document,
    )[0]
    # Asked once more under the lock that a move of the pair takes: it may have ended meanwhile.
    current = Pairing.objects.select_for_update(of=("self",), no_key=True).get(pk=pairing.pk)
    if not current.is_running:
        raise StaleMove("substitute")
    return made
