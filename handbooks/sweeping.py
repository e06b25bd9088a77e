"""Files of printings go after a week, and with them whatever workers that died left behind."""

from __future__ import annotations

import datetime as dt

from django.core.files.storage import default_storage
from django.utils import timezone

from handbooks.models import UNDER_WAY, HandbookRun

KEPT = dt.timedelta(days=7)


def remove_old(now: dt.datetime | None = None) -> int:
    """How many runs lost their files."""
    now = now or timezone.now()
    rows = HandbookRun.objects.exclude(state__in=UNDER_WAY)
    swept = 0
    for run in rows.filter(removed_at=None, ended_at__lte=now - KEPT):
        # First the row: a download that begins now finds no file rather than half of one.
        HandbookRun.objects.filter(pk=run.pk).update(file="", removed_at=now)
        _remove_files(run)
        swept += 1
    return swept


def _remove_files(run: HandbookRun) -> None:
    try:
        _folders, files = default_storage.listdir(run.folder)
    except FileNotFoundError:
        return  # none was ever written
    for name in files:
        default_storage.delete(f"{run.folder}/{name}")
