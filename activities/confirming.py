"""确认属实: one tap by the other side that a meeting took place.

It stands on sessions and on visits together with the mentor, and is nobody's duty: no figure
counts it, and nobody is reminded of it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from accounts.models import User
from activities.commenting import link
from activities.entering import KINDS, Closed, Kind
from activities.models import Confirmation, Record, Session, Visit
from pairings.models import Pairing
from pairings.states import RUNNING, Actor

ASKED_DAYS = 60  # afterwards a record is no longer offered; its own page still takes the word
MOST = 30  # of one list


class Waiting(NamedTuple):
    """A record that waits for a word of its reader; `slug` is its key in entering.KINDS."""

    slug: str
    kind: Kind
    row: Any  # a session or a visit


class NotTheirs(Exception):
    """It is not for this person to say that this record is true."""


def is_of_both(record: Record) -> bool:
    """Whether two took part, so that the other one can say that it is true."""
    return isinstance(record, Session) or (isinstance(record, Visit) and record.is_with_mentor)


def may_ever_confirm(record: Record, user: User) -> bool:
    """The side that did not write it; the office for a mentor without a sign-in alone.

    What an office wrote on behalf either side may confirm. What an office writes, no office
    confirms: it would be the same word twice.
    """
    if not is_of_both(record) or record.created_by_id == user.pk:
        return False
    pairing = record.pairing
    if pairing.side_of(user) is not None:
        return True
    wrote = record.created_by_id is not None and record.created_by_id == pairing.mentee.user_id
    return wrote and Actor.OFFICE in pairing.actors(user) and not _signs_in(pairing)


def may_confirm(record: Record, user: User) -> bool:
    is_open = record.pairing.is_running and confirmation_of(record) is None
    return is_open and may_ever_confirm(record, user)


def confirmation_of(record: Any) -> Confirmation | None:
    return getattr(record, "confirmation", None)


def confirm(record: Record, *, by: User) -> Confirmation:
    """The confirmation of the record, by whoever was first.

    Raises NotTheirs for somebody whose word it is not, Closed when the pair has ended.
    """
    if not may_ever_confirm(record, by):
        raise NotTheirs
    made_before = Confirmation.objects.filter(**link(record))
    try:
        with transaction.atomic():
            locked = Pairing.objects.select_for_update(of=("self",), no_key=True)
            if not locked.get(pk=record.pairing_id).is_running:
                raise Closed
            on_behalf = record.pairing.side_of(by) is None
            return Confirmation.objects.create(
                **link(record), confirmed_by=by, is_on_behalf=on_behalf
            )
    except IntegrityError:
        if found := made_before.first():
            return found
        raise


def waiting_for(user: User, today: dt.date, pairing: Pairing | None = None) -> list[Waiting]:
    """What the other side wrote lately, the newest day first; three queries, two for one pair."""
    if pairing is None:
        own = Q(mentor_cadre__user=user) | Q(mentee__user=user)
        # Their ids first: the records are then found by index, whatever else the table holds.
        pairs = list(Pairing.objects.filter(own, state__in=RUNNING).values_list("pk", flat=True))
    else:
        pairs = [pairing.pk]
    found = [
        Waiting(slug, KINDS[slug], row)
        for slug in ("visit", "session")
        for row in _asked(slug, user, today, pairs)
    ]
    return sorted(found, key=lambda item: (item.row.happened_on, item.row.pk), reverse=True)[:MOST]


def _asked(kind: str, user: User, today: dt.date, pairs: list[UUID]) -> Any:
    mentor, mentee = "pairing__mentor_cadre__user", "pairing__mentee__user"
    # For a mentor without a sign-in the office writes: his mentee is the one who knows.
    typed_for_him = Q(**{mentor: None}) | Q(**{f"{mentor}__is_active": False})
    typed_for_him &= Q(is_on_behalf=True)
    by_the_other = Q(**{mentor: user}, created_by=F(mentee))
    by_the_other |= Q(Q(created_by=F(mentor)) | typed_for_him, **{mentee: user})
    both: Any = KINDS[kind].model
    rows = both.objects.filter(pairing__in=pairs, pairing__state__in=RUNNING)
    rows = rows.filter(by_the_other, confirmation=None)
    rows = rows.filter(created_at__date__gte=today - dt.timedelta(days=ASKED_DAYS))
    if kind == "visit":
        rows = rows.filter(is_with_mentor=True)
    return rows.for_list().order_by("-happened_on", "-pk")[:MOST]


def _signs_in(pairing: Pairing) -> bool:
    user = pairing.mentor_cadre.user
    return user is not None and user.is_active
