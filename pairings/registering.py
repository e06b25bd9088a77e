"""Registering a pair: the row and its first event, in one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import Cadre, Mentee, MenteeCategory
from core.problems import Problem, Refused, unsettled, waived
from mentors.models import Mentor
from pairings import problems
from pairings.models import Pairing, PairingEvent, Policy


@transaction.atomic
def register(
    mentor: Mentor,
    mentee: Cadre,
    *,
    by: User,
    from_on: dt.date,
    to_on: dt.date | None,
    method: str,
    client_key: uuid.UUID | None = None,
    reason: str = "",
) -> Pairing:
    """A new pairing, waiting for both to confirm, with the policy in force on its first day.

    Asks nobody: `propose` looks for problems first. IntegrityError when the two are paired
    already or are one person (see Pairing.Meta).
    """
    policy = Policy.in_force(mentee.unit, from_on)
    pairing = Pairing(
        mentor=mentor,
        mentee=mentee,
        policy=None if policy.is_preset else policy,
        method=method,
        from_on=from_on,
        to_on=to_on,
        created_by=by,
        client_key=client_key,
    )
    pairing.save()
    PairingEvent.objects.create(
        pairing=pairing,
        actor=by,
        verb="register",
        to_state=pairing.state,
        on=timezone.localdate(),
        reason=reason,
    )
    return pairing


@transaction.atomic
def propose(
    mentor: Mentor,
    mentee: Cadre,
    *,
    by: User,
    from_on: dt.date,
    to_on: dt.date | None,
    method: str,
    client_key: uuid.UUID | None = None,
    waiver: str = "",
    read: Collection[str] = (),
    category: MenteeCategory | None = None,
) -> Pairing:
    """Register a pair unless something speaks against it; else Refused, with nothing saved.

    `waiver` is the reason for which the office passes what may be waived, kept in the event;
    `read` the codes of the warnings that were shown before. With a category, somebody who is
    not on the register of mentees is entered there.
    """
    # Locked first and counted second: of two who want the last place, the one who waited for
    # the lock counts the other's pair as well; and whoever was suspended meanwhile is seen to be.
    mentor = (
        Mentor.objects.select_for_update(of=("self",)).select_related("cadre").get(pk=mentor.pk)
    )
    if client_key and (before := Pairing.objects.filter(created_by=by, client_key=client_key)):
        return before[0]
    found = problems.find(mentor, mentee, by=by, from_on=from_on)
    if unsettled(found, waiver=waiver, read=read):
        raise Refused(found)
    if category and any(problem.code == problems.NOT_ENTERED for problem in found):
        day = Mentee.first_day(mentee, min(from_on, timezone.localdate()))
        Mentee.register([mentee], category=category, from_on=day, by=by)
    return register(
        mentor,
        mentee,
        by=by,
        from_on=from_on,
        to_on=to_on,
        method=method,
        client_key=client_key,
        reason=_waived(found, waiver),
    )


def _waived(found: list[Problem], waiver: str) -> str:
    """What the event keeps of a waiver: what was passed, and why."""
    passed = waived(found)
    if not passed:
        return ""
    return _("%(problems)s Allowed: %(reason)s") % {"problems": passed, "reason": waiver}
