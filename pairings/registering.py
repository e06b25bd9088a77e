"""Registering a pair: the row and its first event, in one transaction."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import Cadre
from core.months import month_of, shift
from mentors.models import Mentor
from pairings import problems
from pairings.models import Pairing, PairingEvent, Policy
from pairings.problems import Problem, Severity


class Refused(Exception):
    """The pair was not saved: these problems are not settled."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__([problem.code for problem in found])
        self.problems = found


def end_of_term(from_on: dt.date, months: int) -> dt.date:
    """The last day of a term: the day before the same day so many months later.

    Where that month has no such day, its last day ends the term (Civil Code, art. 202): one
    month from 31 January runs to 28 February, a year from 29 February 2024 to 28 February 2025.
    """
    year, month = map(int, shift(month_of(from_on), months).split("-"))
    length = calendar.monthrange(year, month)[1]
    if from_on.day > length:
        return dt.date(year, month, length)
    return dt.date(year, month, from_on.day) - dt.timedelta(days=1)


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
) -> Pairing:
    """Register a pair unless something speaks against it; else Refused, with nothing saved.

    `waiver` is the reason for which the office passes what may be waived, kept in the event;
    `read` the codes of the warnings that were shown before.
    """
    # Locked first and counted second: of two who want the last place, the one who waited for
    # the lock counts the other's pair as well.
    Mentor.objects.select_for_update().only("pk").get(pk=mentor.pk)
    if client_key and (before := Pairing.objects.filter(created_by=by, client_key=client_key)):
        return before[0]
    found = problems.find(mentor, mentee, by=by, from_on=from_on)
    if unsettled(found, waiver=waiver, read=read):
        raise Refused(found)
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


def unsettled(found: list[Problem], *, waiver: str, read: Collection[str]) -> list[Problem]:
    """The problems that still keep the pair from being saved."""
    return [
        problem
        for problem in found
        if problem.severity == Severity.BLOCKER
        or (problem.severity == Severity.WAIVABLE and not waiver)
        or (problem.severity == Severity.WARNING and problem.code not in read)
    ]


def _waived(found: list[Problem], waiver: str) -> str:
    """What the event keeps of a waiver: what was passed, and why."""
    passed = [problem.sentence for problem in found if problem.severity == Severity.WAIVABLE]
    if not passed:
        return ""
    return _("%(problems)s Allowed: %(reason)s") % {"problems": "".join(passed), "reason": waiver}
