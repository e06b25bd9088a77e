"""What is personal in a batch goes when its time is over; counts stay."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rosters.models import Batch, BatchFile, BatchRow
from rosters.moves import Settled, swap
from rosters.states import WAITING, State

KEPT = dt.timedelta(days=30)  # after the import, for undoing it
UNCONFIRMED = dt.timedelta(days=7)  # after the upload


def empty(batch: Batch) -> None:
    """Rows, files and what the mapping shows of the sheets."""
    rows = BatchRow.objects.filter(batch=batch)
    rows._raw_delete(rows.db)  # nothing points at them
    BatchFile.objects.filter(batch=batch).delete()
    batch.mapping, batch.purged_at = {}, timezone.now()
    batch.save(update_fields=["mapping", "purged_at"])


def purge(now: dt.datetime) -> int:
    """Empty what is over, throw away what nobody confirmed; how many batches."""
    return _throw_away(now) + _empty_old(now)


def _throw_away(now: dt.datetime) -> int:
    old = Batch.objects.filter(state__in=WAITING, created_at__lte=now - UNCONFIRMED)
    thrown = 0
    for batch in old:
        try:
            with transaction.atomic():
                swap(batch, State.DISCARDED, by=None)
                empty(batch)
            thrown += 1
        except Settled:
            continue  # somebody confirmed it in this moment
    return thrown


def _empty_old(now: dt.datetime) -> int:
    is_over = Q(saved_at__lte=now - KEPT, state__in=(State.DONE, State.UNDONE))
    # Emptied when they ended; here for a worker that died in between.
    is_over |= Q(state__in=(State.DISCARDED, State.FAILED))
    emptied = 0
    for batch in Batch.objects.filter(is_over, purged_at=None):
        with transaction.atomic():
            locked = Batch.objects.select_for_update().filter(is_over, pk=batch.pk, purged_at=None)
            if locked.exists():
                empty(batch)
                emptied += 1
    return emptied
