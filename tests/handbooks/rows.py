"""The addresses that name a row of this room (tests/test_house_rules.py)."""

from __future__ import annotations

from handbooks.models import HandbookRun


def row_urls(cast) -> dict[str, dict]:
    asked = {"unit": cast.pairing.unit, "created_by": cast.county, "purpose": "年度考核备案"}
    run = HandbookRun.objects.filter(created_by=cast.county).first()
    run = run or HandbookRun.objects.create(**asked)
    return {
        "handbooks:make": {"pk": cast.pairing.pk},
        "handbooks:run": {"pk": run.pk},
        "handbooks:download": {"pk": run.pk},
    }
