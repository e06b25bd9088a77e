"""Registering a pair: the row and its first event, in one transaction."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cadres.models import Cadre
from core.months import month_of, shift
from mentors.models import Mentor
from pairings.models import Pairing, PairingEvent, Policy


def end_of_term(from_on: dt.date, months: int) -> dt.date:
    """The last day of a term: the day before the same day so many months later."""
    year, month = map(int, shift(month_of(from_on), months).split("-"))
    for day in range(from_on.day, 27, -1):
        try:
            return dt.date(year, month, day) - dt.timedelta(days=1)
        except ValueError:
            continue  # 31 February: the last day that the month has
    return dt.date(year, month, from_on.day) - dt.timedelta(days=1)


@transaction.atomic
def register(
    mentor: Mentor,
    mentee: Cadre,
    *,
    by: User,
    from_on: dt.date,
    to_on: dt.date,
    method: str,
    client_key: uuid.UUID | None = None,
) -> Pairing:
    """A new pairing, waiting for both to confirm, with the policy in force on its first day.

    IntegrityError when the two are paired already or are one person (see Pairing.Meta).
    """
    policy = Policy.in_force(mentee.unit, from_on)
    pairing = Pairing(
        mentor=mentor,
        mentee=mentee,
        policy=policy if policy.pk else None,
        method=method,
        from_on=from_on,
        to_on=to_on,
        created_by=by,
        client_key=client_key,
    )
    pairing.save()
    PairingEvent.objects.create(
        pairing=pairing, actor=by, verb="register", to_state=pairing.state, on=timezone.localdate()
    )
    return pairing
