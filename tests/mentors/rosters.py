"""Rows of a cadre roster for tests, by column name, and the engine from upload to the end."""

from __future__ import annotations

from typing import Any

from mentors.importing import columns
from rosters import batches, working
from rosters.models import Batch
from rosters.states import GOOD, Outcome, State
from tests.cadres.sheets import xlsx

NAMES = [column.name for column in columns.CADRES]
FIELDS = {column.field: column.name for column in (*columns.CADRES, *columns.MENTORS)}


def row(**cells: Any) -> dict[str, Any]:
    """A sound row; `None` empties a cell."""
    return {"姓名": "王小明", "性别": "男", "出生年月": "1985.07", "单位": "上墅乡", **cells}


def sheet(*rows: dict[str, Any], names: list[str] = NAMES) -> bytes:
    """A workbook with the heading in row 1, so that the first person stands in row 2."""
    return xlsx(names, *[[cells.get(name) for name in names] for cells in rows])


def checked(user: Any, *rows: dict[str, Any], kind: str = "cadres") -> Batch:
    """Uploaded and checked, with the columns as they were proposed."""
    wanted = {name for cells in rows for name in cells}
    names = [name for name in dict.fromkeys([*NAMES, *FIELDS.values()]) if name in wanted]
    batch = batches.upload(kind, sheet(*rows, names=names), "名册.xlsx", user)
    working.run(batch.pk)
    batch.refresh_from_db()
    if batch.state == State.MAPPING:
        batches.confirm_mapping(batch, batch.mapping, user)
        working.run(batch.pk)
        batch.refresh_from_db()
    return batch


def run(user: Any, *rows: dict[str, Any], kind: str = "cadres", is_partial: bool = False) -> Batch:
    """Checked, and imported where that can be."""
    batch = checked(user, *rows, kind=kind)
    if is_partial or not faults(batch):
        batches.confirm(batch, user, is_partial)
        working.run(batch.pk)
        batch.refresh_from_db()
    return batch


def undo(batch: Batch, user: Any, *, keep_blocked: bool = False) -> Batch:
    batches.undo(batch, user, keep_blocked)
    working.run(batch.pk)
    batch.refresh_from_db()
    return batch


def faults(batch: Batch) -> list[tuple[int, str, str]]:
    """Row, column name and sentence of what is wrong or to be decided."""
    rows = batch.rows.filter(outcome__in=(Outcome.WRONG, Outcome.DOUBT))
    return [
        (row.number, FIELDS[fault["column"]], fault["message"])
        for row in rows.order_by("sheet", "number")
        for fault in sorted(row.faults, key=lambda f: [*FIELDS].index(f["column"]))
    ]


def counts(batch: Batch) -> tuple[int, int, int, int]:
    """All rows, new, changed and unchanged ones; nothing where the batch was not imported."""
    rows = sum(n for outcome, n in batch.counts.items() if outcome in Outcome.values)
    if batch.state != State.DONE:
        return rows, 0, 0, 0
    new, changed, same = (batch.counts.get(outcome, 0) for outcome in GOOD)
    return rows, new, changed, same
