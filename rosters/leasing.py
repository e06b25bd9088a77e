"""Who works on a batch holds a lease on its Job (core/leasing.py)."""

from __future__ import annotations

from core import leasing
from core.leasing import Lost

__all__ = ["Lease", "Lost"]


class Lease(leasing.Lease):
    table = "rosters_job"
    key = "batch_id"
