"""The rows of a batch into their table and back, in chunks."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Count, QuerySet

from rosters.kinds import Staged, Verdict
from rosters.models import Batch, BatchRow
from tables.loading import Load

CHUNK = 2_000
_COLUMNS = ("batch_id", "sheet", "number", "name", "outcome", "values", "faults", "changes",
            "match", "candidates", "answer")  # fmt: skip
_READ = ("pk", "sheet", "number", "values", "answer", "outcome", "match", "changes", "faults")
Item = TypeVar("Item")


class Kept(NamedTuple):
    """A row as it was judged before, to be judged again."""

    pk: int
    staged: Staged
    verdict: Verdict


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    source = iter(items)
    while chunk := list(itertools.islice(source, size)):
        yield chunk


def load_of() -> Load:
    return Load(BatchRow._meta.db_table, _COLUMNS)


def add(load: Load, batch: Batch, staged: Staged, verdict: Verdict) -> None:
    load.add(
        (
            batch.pk, staged.sheet, staged.number, str(staged.values.get("name", ""))[:200],
            verdict.outcome, staged.values, verdict.faults, verdict.changes, verdict.match,
            verdict.candidates, staged.answer,
        )
    )  # fmt: skip


def kept(rows: QuerySet[BatchRow]) -> Iterator[list[Kept]]:
    """In the order of the workbook; inside a transaction by a cursor of the server's."""
    found = rows.order_by("sheet", "number").values_list(*_READ)
    for chunk in chunks(found.iterator(chunk_size=CHUNK)):
        yield [
            Kept(
                pk,
                # Faults of the register's are not the row's own: those end a row as wrong.
                Staged(sheet, number, values, answer=answer),
                Verdict(outcome, faults, changes, match),
            )
            for pk, sheet, number, values, answer, outcome, match, changes, faults in chunk
        ]


def rewrite(rows: Iterable[tuple[int, Verdict]]) -> None:
    """Other verdicts for some rows."""
    for chunk in chunks(rows):
        found = {
            pk: BatchRow(
                pk=pk, outcome=v.outcome, faults=v.faults, changes=v.changes, match=v.match,
                candidates=v.candidates,
            )
            for pk, v in chunk
        }  # fmt: skip
        names = ["outcome", "faults", "changes", "match", "candidates"]
        BatchRow.objects.bulk_update(found.values(), names, batch_size=500)


def keep_effects(effects: Iterable[tuple[int, dict[str, Any]]]) -> int:
    """What saving did, beside each row; how many rows."""
    load = Load("roster_effect", ("row", "effect"))
    for effect in effects:
        load.add(effect)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE roster_effect (row bigint, effect jsonb) ON COMMIT DROP"
        )
        count = load.pour()
        cursor.execute(
            "UPDATE rosters_batchrow SET effect = e.effect FROM roster_effect e"
            " WHERE rosters_batchrow.id = e.row"
        )
        cursor.execute("DROP TABLE roster_effect")
    return count


def counts(batch: Batch) -> dict[str, int]:
    found = batch.rows.values_list("outcome").annotate(Count("pk")).order_by()
    return dict(found)


def skipped(counter: Counter[str]) -> dict[str, int]:
    return {"ignored": counter.total()} if counter else {}
