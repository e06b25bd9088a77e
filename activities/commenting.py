"""Comments on a record: who may say something, taking it back, and how many stand in a list."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import NamedTuple, TypeVar

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from activities.entering import Closed, capacities
from activities.models import Comment, Confirmation, Record, RecordQuerySet
from activities.models.comments import TAKEN_BACK_WITHIN
from activities.models.records import DatedRecord
from core.once import once
from pairings.models import Pairing
from tables.paging import page_of

SHOWN = 30  # comments of one record at once
Rows = TypeVar("Rows", bound=RecordQuerySet)


class TooLate(Exception):
    """The comment is a day old, or was taken back already."""


class Said(NamedTuple):
    """A comment as its reader finds it."""

    comment: Comment
    may_withdraw: bool


class Conversation(NamedTuple):
    """The comments of a record, the newest last; `earlier` is the cursor of those before."""

    said: list[Said]
    earlier: str
    may_comment: bool


def may_ever_comment(pairing: Pairing, user: User) -> bool:
    """The two and the office of the pair, in whatever state the pair is."""
    return bool(capacities(pairing, user))


def may_comment(pairing: Pairing, user: User) -> bool:
    """While the pair lasts: one that rests is spoken to as well, the notice of it waits."""
    return pairing.is_running and may_ever_comment(pairing, user)


def conversation(record: Record, user: User, *, after: str = "") -> Conversation:
    """What was said to a record; two queries."""
    rows = Comment.objects.readable_by(user).filter(**link(record)).select_related("created_by")
    page = page_of(rows, order=("-pk",), after=after, size=SHOWN)
    now = timezone.now()
    said = [Said(row, row.may_be_withdrawn(user, now)) for row in reversed(page.rows)]
    return Conversation(said, page.next, may_comment(record.pairing, user))


def comment(record: Record, *, by: User, text: str, key: uuid.UUID | None = None) -> Comment:
    """Say something to a record; the earlier comment when this form was sent before.

    Raises Closed when the pair has ended meanwhile.
    """

    def make() -> Comment:
        locked = Pairing.objects.select_for_update(of=("self",), no_key=True)
        if not locked.get(pk=record.pairing_id).is_running:
            raise Closed
        return Comment.objects.create(
            **link(record),
            text=text,
            created_by=by,
            client_key=key,
            is_from_office=record.pairing.side_of(by) is None,
        )

    return once(Comment, by=by, key=key, make=make)


def withdraw(said: Comment, *, by: User, now: dt.datetime | None = None) -> None:
    """Take an own comment back within a day; its text is gone for good. TooLate afterwards."""
    now = now or timezone.now()
    own = Comment.objects.standing().filter(pk=said.pk, created_by=by)
    young = own.filter(created_at__gt=now - TAKEN_BACK_WITHIN)
    if not young.update(withdrawn_at=now, text=""):
        raise TooLate


def link(record: Record) -> dict[str, Record]:
    """The field of Comment or Confirmation that leads to such a record, and the record."""
    return {kind_of(record): record}


def kind_of(record: Record) -> str:
    """Its key in activities.entering.KINDS."""
    return type(record).__name__.lower()


def counted(rows: RecordQuerySet, user: User) -> RecordQuerySet:
    """Adds `comments_standing`, how many comments the user reads on each, and `confirmation`."""
    name = rows.model.__name__.lower()
    standing = Comment.objects.standing().readable_by(user).order_by()
    number = standing.filter(**{name: OuterRef("pk")}).values(name).annotate(number=Count("pk"))
    zero = Coalesce(Subquery(number.values("number")), 0, output_field=IntegerField())
    return confirmed(rows.annotate(comments_standing=zero), user)


def confirmed(rows: Rows, user: User) -> Rows:
    """With the confirmation of each, as far as the user reads it; in one query more."""
    if not issubclass(rows.model, DatedRecord):
        return rows
    words = Confirmation.objects.readable_by(user).select_related("confirmed_by")
    return rows.prefetch_related(Prefetch("confirmation", queryset=words))
