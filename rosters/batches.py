"""What a user does to a roster: each is a compare-and-swap with an event, and wakes the worker."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.once import once
from rosters import book, purging, sealing
from rosters.kinds import Staged, Verdict, kind_of
from rosters.models import Batch, BatchEvent, BatchFile, BatchRow, Job, office_of
from rosters.moves import Settled, swap
from rosters.states import GOOD, Outcome, State
from rosters.tasks import work

__all__ = ["NotReady", "Settled"]  # with the verbs below, all that pages need

ANSWERS = ("", "new", "skip")  # besides the id of a candidate


class NotReady(Exception):
    """The batch cannot do this as it stands; `str()` is a sentence for the user."""


def upload(
    kind_code: str, content: bytes, filename: str, by: User, key: UUID | None = None
) -> Batch:
    """A new batch that waits to be read; the same form again gives the same.

    book.Unreadable for what can be said of the file at once.
    """
    book.check(content)
    kind_of(kind_code)
    unit = office_of(by)
    if unit is None:
        raise PermissionDenied

    def make() -> Batch:
        batch = Batch(kind=kind_code, filename=filename[-200:], created_by=by, client_key=key)
        batch.unit = unit
        batch.save()
        keep_file(batch, BatchFile.Which.ORIGINAL, filename[-200:], content)
        Job.objects.create(batch=batch)
        BatchEvent.objects.create(batch=batch, actor=by, to_state=State.READING)
        wake(batch)
        return batch

    return once(Batch, by=by, key=key, make=make)


@transaction.atomic
def confirm_mapping(batch: Batch, mapping: dict[str, Any], by: User) -> None:
    swap(batch, State.CHECKING, by=by, mapping=mapping, failure="")
    wake(batch)


@transaction.atomic
def reopen_mapping(batch: Batch, by: User) -> None:
    swap(batch, State.MAPPING, by=by, failure="")


@transaction.atomic
def answer(batch: Batch, row: BatchRow, answer: str, by: User) -> BatchRow:
    """Who a doubtful row means: a candidate's id, "new", "skip", or "" to ask again.

    ValueError for an answer that was not offered.
    """
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != State.CHECKED:
        raise Settled
    row = batch.rows.select_for_update().get(pk=row.pk)
    offered = {candidate["id"] for candidate in row.candidates}
    if not offered or answer not in {*offered, *ANSWERS}:
        raise ValueError(answer)
    staged = Staged(row.sheet, row.number, row.values, answer=answer)
    [verdict] = kind_of(batch.kind).judge(by).judge([staged])
    verdict = _alone(batch, row, verdict)
    before = row.outcome
    row.answer, row.outcome, row.faults = answer, verdict.outcome, verdict.faults
    row.changes, row.match = verdict.changes, verdict.match
    row.save(update_fields=["answer", "outcome", "faults", "changes", "match"])
    counts = locked.counts
    counts[before] = counts.get(before, 0) - 1
    counts[row.outcome] = counts.get(row.outcome, 0) + 1
    batch.counts = {outcome: rows for outcome, rows in counts.items() if rows}
    Batch.objects.filter(pk=batch.pk).update(counts=batch.counts)
    return row


def _alone(batch: Batch, row: BatchRow, verdict: Verdict) -> Verdict:
    """Judged by itself a row does not know that another one means the same."""
    if verdict.match is None or verdict.outcome not in GOOD:
        return verdict
    same = batch.rows.filter(match=verdict.match, outcome__in=GOOD).exclude(pk=row.pk).first()
    if same is None:
        return verdict
    message = _("Row %(row)s means the same person.") % {"row": same.number}
    verdict.outcome, verdict.faults = Outcome.WRONG, [{"column": "", "message": message}]
    return verdict


@transaction.atomic
def confirm(batch: Batch, by: User, is_partial: bool = False) -> None:
    """Import all rows, or only the good ones; NotReady when that cannot be."""
    if batch.state != State.CHECKED:
        raise Settled
    counts = batch.counts
    if not any(counts.get(outcome) for outcome in GOOD):
        raise NotReady(_("No row of the file can be imported."))
    open_rows = counts.get(Outcome.WRONG, 0) + counts.get(Outcome.DOUBT, 0)
    if open_rows and not is_partial:
        raise NotReady(
            _("%(count)s rows are wrong or to be decided. Settle them, or import the others only.")
            % {"count": open_rows}
        )
    swap(batch, State.SAVING, by=by, is_partial=is_partial, failure="")
    wake(batch)


@transaction.atomic
def undo(batch: Batch, by: User, keep_blocked: bool = False) -> None:
    """Take an import back, or all of it that nothing rests on."""
    until = undo_until(batch)
    if until is not None and until <= timezone.now():
        raise NotReady(_("An import can be undone for 30 days."))
    swap(batch, State.UNDOING, by=by, keeps_blocked=keep_blocked, failure="")
    wake(batch)


@transaction.atomic
def discard(batch: Batch, by: User | None) -> None:
    """Nothing of it is imported, and nothing of it stays but that it was."""
    swap(batch, State.DISCARDED, by=by, failure="")
    purging.empty(batch)


def undo_until(batch: Batch) -> dt.datetime | None:
    """Until when an import may be undone; None for a batch that is not imported."""
    if batch.state != State.DONE or batch.saved_at is None:
        return None
    return batch.saved_at + purging.KEPT


def original(batch: Batch) -> bytes | None:
    """The workbook as it was uploaded; None when it is gone."""
    found = _file(batch, BatchFile.Which.ORIGINAL)
    return found and found[1]


def annotated(batch: Batch) -> tuple[str, bytes] | None:
    """Name and content of the workbook with remarks; None while there is none."""
    return _file(batch, BatchFile.Which.ANNOTATED)


def keep_file(batch: Batch, which: BatchFile.Which, name: str, content: bytes) -> None:
    BatchFile.objects.update_or_create(
        batch=batch, which=which, defaults={"name": name, "sealed": sealing.seal(content)}
    )


def wake(batch: Batch) -> None:
    """The sweep would find it within a minute; the message only saves that minute."""
    # No partial: Django names the function that failed, and a partial has no name.
    transaction.on_commit(lambda: work.delay(str(batch.pk)), robust=True)


def _file(batch: Batch, which: BatchFile.Which) -> tuple[str, bytes] | None:
    found = batch.files.filter(which=which).first()
    return (found.name, sealing.unseal(found.sealed)) if found else None
