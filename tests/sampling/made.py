"""Samples for tests; keyword-only arguments, sensible defaults."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from accounts.models import User
from sampling.drawing import draw
from sampling.models import Sample
from units.models import Unit


def asked(*, unit: Unit, **fields: Any) -> Sample:
    """A question not yet drawn: sessions and visits of 2026."""
    fields.setdefault("kinds", ["session", "visit"])
    fields.setdefault("seed", "20261123")
    if "percent" not in fields:
        fields.setdefault("wanted", 20)
    days = {"first_on": dt.date(2026, 1, 1), "last_on": dt.date(2026, 12, 31)}
    return Sample(unit=unit, **{**days, **fields})


def make_sample(*, unit: Unit, by: User, **fields: Any) -> Sample:
    return draw(asked(unit=unit, **fields), by=by, key=uuid.uuid4())


def drawn(sample: Sample) -> list[Any]:
    return [item.record_id for item in sample.items.order_by("position")]
