"""Batches for page tests, as the worker leaves them; people are invented."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.models import User
from rosters.models import Batch, BatchEvent, BatchFile, BatchRow, Job
from rosters.sealing import seal
from rosters.states import Outcome, State
from units.models import Unit

SAVED = (State.DONE, State.UNDOING, State.UNDONE)
HEADINGS = ("导师", "导师单位", "徒弟", "徒弟单位", "何时结的对", "备注")
FIELDS = ("mentor_name", "mentor_unit", "mentee_name", "mentee_unit", "", "remark")
MAPPING: dict[str, Any] = {
    "sheets": [
        {
            "at": 0,
            "name": "结对表",
            "is_read": True,
            "is_hidden": False,
            "rows": 4,
            "header": [2, 2],
            "columns": [
                {"at": at, "heading": heading, "field": field}
                for at, (heading, field) in enumerate(zip(HEADINGS, FIELDS, strict=True))
            ],
            "samples": [["周师傅", "上墅乡", "郑徒弟", "上墅乡", "2026-03-01", ""]],
        }
    ],
    "doubts": [],
}


def make_batch(
    *,
    unit: Unit,
    by: User,
    state: str = State.CHECKED,
    kind: str = "pairings",
    content: bytes = b"",
    **fields: Any,
) -> Batch:
    fields.setdefault("filename", "对子.xlsx")
    if state in SAVED:
        fields.setdefault("saved_at", timezone.now())
    batch = Batch.objects.create(unit=unit, created_by=by, state=state, kind=kind, **fields)
    Job.objects.create(batch=batch)
    BatchEvent.objects.create(batch=batch, actor=by, to_state=State.READING)
    if content:
        original = BatchFile.Which.ORIGINAL
        BatchFile.objects.create(
            batch=batch, which=original, name="对子.xlsx", sealed=seal(content)
        )
    return batch


def make_row(batch: Batch, *, number: int, outcome: str = Outcome.NEW, **fields: Any) -> BatchRow:
    """A row of the batch, counted in it."""
    fields.setdefault("name", f"周师傅 → 徒弟{number}")
    row = BatchRow.objects.create(
        batch=batch, sheet=fields.pop("sheet", 0), number=number, outcome=outcome, **fields
    )
    batch.counts = {**batch.counts, outcome: batch.counts.get(outcome, 0) + 1}
    batch.save(update_fields=["counts"])
    return row
