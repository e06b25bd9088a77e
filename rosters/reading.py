"""The first step: what the columns of an uploaded workbook mean."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rosters import book, headings, purging, sealing
from rosters.kinds import kind_of
from rosters.leasing import Lease
from rosters.models import Batch, BatchFile
from rosters.moves import lock, swap
from rosters.states import State

READ = gettext_noop("reading the file")


def read(batch: Batch, lease: Lease) -> None:
    """To be checked at once where nothing about the columns is doubtful, else to the user."""
    lease.begin(READ)
    kind = kind_of(batch.kind)
    try:
        mapping = headings.propose(content_of(batch), kind, batch.unit)
    except book.Unreadable as problem:
        fail(batch, State.READING, str(problem))
        return
    new = State.CHECKING if headings.is_sure(mapping, kind) else State.MAPPING
    with transaction.atomic():
        lock(batch, State.READING)
        swap(batch, new, by=None, mapping=mapping)


def content_of(batch: Batch) -> bytes:
    """The workbook as uploaded; book.Unreadable when its seal cannot be opened any more."""
    file = BatchFile.objects.get(batch=batch, which=BatchFile.Which.ORIGINAL)
    try:
        return sealing.unseal(file.sealed)
    except sealing.Unopened:
        raise book.Unreadable(
            _("The server cannot open the uploaded file any more. Upload it again.")
        ) from None


@transaction.atomic
def fail(batch: Batch, state: State, sentence: str) -> None:
    """The end of a file that cannot be read; nothing of it stays."""
    lock(batch, state)
    swap(batch, State.FAILED, by=None, failure=sentence[:500])
    purging.empty(batch)
