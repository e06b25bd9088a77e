"""The addresses that name a row of this room (tests/test_house_rules.py)."""

from __future__ import annotations

import datetime as dt

from snapshots.models import Snapshot
from tests.snapshots.made import sealed


def row_urls(cast) -> dict[str, dict]:
    snapshot = Snapshot.objects.first() or sealed(
        cast.pairing.county, dt.date(2026, 6, 30), by=cast.county
    )
    one = {"pk": snapshot.pk}
    switched = {"unit": cast.pairing.county_id, "rhythm": "monthly"}
    return {"snapshots:order": switched} | {
        f"snapshots:{name}": one for name in ("detail", "again", "differences", "rows", "export")
    }
