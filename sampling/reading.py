"""The records of a sample as the office may read them today: some may have moved away since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count

from accounts.models import User
from activities.models import Assignment, Session, Visit
from pairings.models import Pairing
from sampling.models import Sample, SampleItem
from sampling.models.finding import RECORDS
from sampling.states import RecordKind, Verdict


def with_records(items: Iterable[SampleItem], user: User) -> list[SampleItem]:
    """The same with `record`, None where the user may not read it (any more).

    What `readable_by` gives, in its two halves: joined by OR, PostgreSQL would gather the ids
    of the whole subtree to read one page.
    """
    items = list(items)
    pairs = Pairing.objects.visible_to(user)
    for kind, model in RECORDS.items():
        of_kind = [item for item in items if item.kind == kind]
        if not of_kind:
            continue
        rows = model._default_manager.filter(pk__in=[item.record_id for item in of_kind])
        own = rows.visible_to(user).for_list()
        by_id: dict[UUID, Any] = {row.pk: row for row in own}
        by_id |= {row.pk: row for row in rows.filter(pairing__in=pairs).for_list()}
        for item in of_kind:
            item.record = by_id.get(item.record_id)  # type: ignore[attr-defined]
    return items


def day_of(record: Session | Visit | Assignment) -> Any:
    return record.due_on if isinstance(record, Assignment) else record.happened_on


def counts_of(sample: Sample) -> list[tuple[str, Any, int]]:
    """Code, words and number: of each finding, and of those not yet looked into ("")."""
    rows = sample.items.with_verdict().order_by().values("verdict").annotate(n=Count("pk"))
    found = {row["verdict"] or "": row["n"] for row in rows}
    return [
        *((code, label, found.get(code, 0)) for code, label in Verdict.choices),
        ("", None, found.get("", 0)),
    ]


def details() -> dict[str, str]:
    """By kind: the URL name of the record's own page."""
    return {kind.value: f"activities:{kind.value}_detail" for kind in RecordKind}
