"""The pair roster's URLs that name a row, for tests/pairings/rows.py."""

from __future__ import annotations

from mentors.models import RosterBatch


def row_urls(cast) -> dict[str, dict]:
    batch = RosterBatch.objects.create(
        kind=RosterBatch.Kind.PAIRINGS,
        uploader=cast.county,
        county=cast.pairing.county,
        filename="马徒弟.xlsx",
        report={"rows": 0, "created": 0, "updated": 0, "unchanged": 0, "errors": []},
    )
    return {
        "pairings:import_preview": {"pk": batch.pk},
        "pairings:import_confirm": {"pk": batch.pk},
        "pairings:import_discard": {"pk": batch.pk},
    }
