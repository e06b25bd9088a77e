"""Drawing a sample: which records of a unit's subtree, by a keyed hash that anybody can repeat.

A record's place in the draw is the SHA-256 of the seed and the 16 bytes of its id; the lowest
places are drawn. So the same question with the same seed gives the same records as long as the
rows are the same, in any database of any version, and no record's chance depends on another
(docs/decisions/drawing-a-sample.md).
"""

from __future__ import annotations

import heapq
import math
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import BinaryField, F, Func, QuerySet, Value

from accounts.models import User
from core.once import once
from sampling.models import Sample, SampleEvent, SampleItem
from sampling.models.finding import RECORDS

MOST = 1000  # records of one sample: what an office can look into


class TooMany(Exception):
    """The share asked for is more than MOST records; `size` says how many it would be."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Nothing(Exception):
    """The unit has no such record in that period."""


def draw(sample: Sample, *, by: User, key: uuid.UUID | None) -> Sample:
    """Save the sample with its records and its event, or raise Nothing or TooMany.

    `sample` is new, with unit, days, kinds, number or share, and seed.
    """

    def make() -> Sample:
        sample.population = sum(rows.count() for _kind, rows in _asked(sample))
        sample.size = size_of(sample)
        sample.created_by, sample.client_key = by, key
        sample.save()
        SampleItem.objects.bulk_create(
            SampleItem(sample=sample, position=place, **{f"{kind}_id": pk})
            for place, (kind, pk) in enumerate(_drawn(sample), start=1)
        )
        SampleEvent.objects.create(sample=sample, actor=by, verb="draw", to_state=sample.state)
        return sample

    return once(Sample, by=by, key=key, make=make)


def size_of(sample: Sample) -> int:
    """How many are drawn: at least one, never more than there are; a share is rounded up."""
    if not sample.population:
        raise Nothing
    if sample.percent is None:
        return min(sample.wanted or 1, sample.population)
    size = math.ceil(Decimal(sample.population) * sample.percent / 100)
    if size > MOST:
        raise TooMany(size)
    return size


def _asked(sample: Sample) -> Iterator[tuple[str, QuerySet[Any]]]:
    for kind in sample.kinds:
        rows: Any = RECORDS[kind]._default_manager.filter(sample.unit.rows_q())
        yield kind, rows.between(sample.first_on, sample.last_on)


def _drawn(sample: Sample) -> list[tuple[str, uuid.UUID]]:
    """Kind and id in the order of the draw: of each table its lowest places, then of those."""
    lots = [
        [(bytes(lot), kind, pk) for lot, pk in _lowest(rows, sample)]
        for kind, rows in _asked(sample)
    ]
    return [(kind, pk) for _lot, kind, pk in list(heapq.merge(*lots))[: sample.size]]


def _lowest(rows: QuerySet[Any], sample: Sample) -> QuerySet[Any, Any]:
    lot = Func(
        Value(sample.seed.encode(), output_field=BinaryField()),
        F("pk"),
        template="sha256(%(expressions)s))",  # closes uuid_send as well
        arg_joiner=" || uuid_send(",
        output_field=BinaryField(),
    )
    found = rows.annotate(lot=lot).order_by("lot", "pk").values_list("lot", "pk")
    return found[: sample.size]
