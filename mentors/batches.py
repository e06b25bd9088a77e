"""The life of an uploaded roster: checked, then imported once or thrown away.

Nothing personal stays behind: rows, names and messages go when a batch is settled, and
`sweep` settles what has lain for a week.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from mentors.models import RosterBatch
from mentors.reports import Importer, Report

KEPT_FOR = dt.timedelta(days=7)
State = RosterBatch.State


class Settled(Exception):
    """The batch has been imported or thrown away already."""


def check(importer: Importer, content: bytes, *, filename: str, by: User) -> RosterBatch:
    """A new batch with its report; Unreadable when the file is no such table.

    The rows are kept only when they could be imported: a file with faults comes again anyway.
    """
    parsed = importer.parse(content)
    report = importer.report(parsed, by=by)
    grant = next(grant for grant in by.live_grants if grant.role == Role.COORDINATOR)
    return RosterBatch.objects.create(
        kind=importer.kind,
        uploader=by,
        county=grant.unit.county or grant.unit,
        filename=filename[-200:],
        entries=[] if report.errors else parsed.entries,
        report=report.as_kept(),
    )


def confirm(batch: RosterBatch, importer: Importer, *, by: User) -> Report:
    """Import a checked batch, once however often it is asked for; else Settled.

    Everything is checked again, since the register may have changed. With errors nothing is
    saved, and the batch stays, with the new report.
    """
    if batch.report["errors"]:
        return Report(**batch.report)
    with transaction.atomic():
        entries = batch.entries
        _settle(batch, State.DONE)
        report = importer.apply(entries, by, False)
        if report.errors:
            transaction.set_rollback(True)
        else:
            RosterBatch.objects.filter(pk=batch.pk).update(report=report.counts())
    if report.errors:
        RosterBatch.objects.filter(pk=batch.pk, state=State.CHECKED).update(
            report=report.as_kept(), entries=[]
        )
    batch.refresh_from_db()
    return report


@transaction.atomic
def discard(batch: RosterBatch) -> None:
    _settle(batch, State.DISCARDED)


def sweep(now: dt.datetime) -> int:
    """Throw away what was uploaded a week ago or earlier and never confirmed; how many."""
    old = RosterBatch.objects.filter(state=State.CHECKED, uploaded_at__lte=now - KEPT_FOR)
    swept = 0
    for batch in old:
        try:
            discard(batch)
            swept += 1
        except Settled:
            continue  # its uploader was quicker
    return swept


def _settle(batch: RosterBatch, state: str) -> None:
    """Compare and swap: of two who press at once, one gets Settled."""
    swapped = RosterBatch.objects.filter(pk=batch.pk, state=State.CHECKED).update(
        state=state,
        settled_at=timezone.now(),
        entries=[],
        report=Report(**batch.report).counts(),
    )
    if not swapped:
        raise Settled
