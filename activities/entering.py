"""Entering a record: who may, and the row with its files in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activities.files import QUOTA, Checked
from activities.models import Assignment, Attachment, Record, Session, Submission, Visit
from core.once import once
from pairings.models import Pairing
from pairings.states import Actor


class Kind(NamedTuple):
    model: type[Record]
    name: str | Promise  # on the tab
    by: frozenset[Actor]  # in what capacity one enters it
    action: str | Promise  # on the button
    create: str  # URL name, takes the pairing
    detail: str  # URL name, takes the record


KINDS = {
    "visit": Kind(
        Visit,
        _("Visits"),
        frozenset({Actor.MENTEE, Actor.OFFICE}),
        _("Log a visit"),
        "activities:visit_create",
        "activities:visit_detail",
    ),
    "session": Kind(
        Session,
        _("Guidance by the six methods"),
        frozenset({Actor.MENTOR, Actor.MENTEE, Actor.OFFICE}),
        _("Log a session"),
        "activities:session_create",
        "activities:session_detail",
    ),
    "assignment": Kind(
        Assignment,
        _("Assignments"),
        frozenset({Actor.MENTOR, Actor.OFFICE}),
        _("Set an assignment"),
        "activities:assignment_create",
        "activities:assignment_detail",
    ),
}


class Closed(Exception):
    """The pairing takes no records now: it waits, rests or has ended."""


def capacities(pairing: Pairing, user: User) -> set[Actor]:
    """In what capacities a user enters records: of one's own pair, as that side alone."""
    side = pairing.side_of(user)
    return {side} if side else pairing.actors(user)


def may_enter(kind: str, pairing: Pairing, user: User) -> bool:
    """Whether this person enters such records of this pair, in whatever state the pair is."""
    return bool(KINDS[kind].by & capacities(pairing, user))


def open_kinds(pairing: Pairing, user: User) -> list[str]:
    """The kinds that this person may enter now; draws the buttons."""
    if not pairing.allows_records:
        return []
    return [kind for kind in KINDS if may_enter(kind, pairing, user)]


def enter(
    row: Record,
    *,
    by: User,
    key: uuid.UUID | None,
    files: Sequence[Checked] = (),
    along: Callable[[Any], None] | None = None,
) -> Record:
    """Save a record with its files; the earlier one when this form was sent before.

    `along` writes what belongs to the record into other tables, in the same transaction. Raises
    Closed when the pairing takes no records.
    """
    return enter_all([(row, files)], by=by, key=key, along=along)


def enter_all(
    entries: Sequence[tuple[Record, Sequence[Checked]]],
    *,
    by: User,
    key: uuid.UUID | None,
    along: Callable[..., None] | None = None,
) -> Record:
    """Save records of one pair and one kind that stood on one form; the first of them.

    All of them or none, and once: the first carries the form's key, the others keys made of it.
    `along` is called with all of them. The pairing's row is held meanwhile, so that nobody
    suspends it between the look and the writing. Raises as `enter` does.
    """
    rows = [row for row, _files in entries]

    def make() -> Record:
        locked = Pairing.objects.select_for_update(of=("self",), no_key=True)
        if not locked.get(pk=rows[0].pairing_id).allows_records:
            raise Closed
        with _stored() as undo:
            for number, (row, files) in enumerate(entries):
                row.created_by = by
                row.client_key = uuid.uuid5(key, f"{number}") if key and number else key
                row.is_on_behalf = row.pairing.side_of(by) is None
                row.save()
                _keep(files, row, by, undo)
            if along:
                along(*rows)
        return rows[0]

    return once(type(rows[0]), by=by, key=key, make=make)


def keep(files: Sequence[Checked], of: Record | Submission, *, by: User) -> None:
    """Store checked files as attachments of a record; what was stored goes when one fails."""
    with _stored() as undo:
        _keep(files, of, by, undo)


def _keep(files: Sequence[Checked], of: Record | Submission, by: User, undo: ExitStack) -> None:
    link = type(of).__name__.lower()
    for file in files:
        made = Attachment(
            **{link: of},
            name=file.name,
            mime=file.mime,
            size=len(file.content),
            uploaded_by=by,
        )
        made.file.save("", ContentFile(file.content, name="file"), save=False)
        undo.callback(made.file.storage.delete, str(made.file.name))
        made.save()


@contextmanager
def _stored() -> Iterator[ExitStack]:
    """What was stored goes again when anything after it fails: no rollback reaches a storage."""
    with ExitStack() as undo:
        yield undo
        undo.pop_all()


def room_left(user: User) -> int:
    """Bytes that this person may still store."""
    used: dict[str, Any] = Attachment.objects.filter(uploaded_by=user).aggregate(sum=Sum("size"))
    return max(QUOTA - (used["sum"] or 0), 0)
