"""Sealed figures for tests."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from snapshots.models import Snapshot
from snapshots.sealing import seal
from stats.cuts import Cut


def sealed(unit, as_of: dt.date | None = None, *, by=None, **fields) -> Snapshot:
    cut = Cut.at(as_of or timezone.localdate(), fields.pop("period_from", None))
    return seal(unit, cut, purpose="季度报表", by=by, **fields)
