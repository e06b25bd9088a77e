"""Files of printings go after a week, and with them whatever workers that died left behind."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from handbooks.models import UNDER_WAY, HandbookRun

logger = logging.getLogger(__name__)

KEPT = dt.timedelta(days=7)


def remove_old(now: dt.datetime | None = None) -> int:
    """How many runs lost their files.

    A run whose files the storage does not give up stays as it is and is tried again; it keeps
    no other's lying, and is raised when all are done.
    """
    now = now or timezone.now()
    rows = HandbookRun.objects.exclude(state__in=UNDER_WAY)
    swept, failures = 0, list[Exception]()
    for run in rows.filter(removed_at=None, ended_at__lte=now - KEPT):
        try:
            with transaction.atomic():
                gone = {"file": "", "pairs": [], "grants": [], "removed_at": now}
                HandbookRun.objects.filter(pk=run.pk).update(**gone)
                _remove_files(run)
        except Exception as failure:
            logger.exception("files of printing %s were not removed", run.pk)
            failures.append(failure)
        else:
            swept += 1
    if failures:
        raise ExceptionGroup("files of handbooks that were not removed", failures)
    return swept


def _remove_files(run: HandbookRun) -> None:
    try:
        _folders, files = default_storage.listdir(run.folder)
    except FileNotFoundError:
        return  # none was ever written
    for name in files:
        default_storage.delete(f"{run.folder}/{name}")
