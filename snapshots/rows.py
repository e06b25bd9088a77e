"""The rows behind a table of figures as one SQL statement a base: to be kept, and compared.

The statement is that of `stats.figures.rows_of`, so what is kept is what was counted.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from stats.bases import DIMENSIONS, rows_of
from stats.cuts import Cut
from stats.figures import OWN, children_of
from stats.shapes import Base
from stats.tallies import child_of
from units.models import Unit

# Whose row it is: people are counted at a post or an appointment, but they are the people.
KEYS = {
    Base.MENTORS: "cadre_id",
    Base.PEOPLE: "cadre_id",
    Base.MENTEES: "cadre_id",
    Base.REGISTERED: "cadre_id",
}
_OF_BASE = """SELECT q.row_key AS key,
    CASE WHEN q.row_place = ANY(%s) THEN q.row_place ELSE %s END AS place,
    to_jsonb(q) - 'row_key' - 'row_place' AS cell FROM ({rows}) q"""
_KEEP = """INSERT INTO snapshots_snapshotrow (snapshot_id, base, key, place, cell)
    SELECT %s, %s, r.key, r.place, r.cell FROM ({rows}) r"""
_DIGEST = """SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(
        concat_ws(' ', key, place, cell), E'\n' ORDER BY key), ''), 'UTF8')), 'hex')
    FROM snapshots_snapshotrow WHERE snapshot_id = %s AND base = %s"""
_DIFFERENT = """SELECT coalesce(was.key, now.key), was.place, was.cell, now.place, now.cell
    FROM (SELECT key, place, cell FROM snapshots_snapshotrow
          WHERE snapshot_id = %s AND base = %s) was
    FULL JOIN ({rows}) now ON now.key = was.key
    WHERE was.place IS DISTINCT FROM now.place OR (now.cell @> was.cell) IS NOT TRUE
    ORDER BY 1"""


def dimensions(base: Base) -> list[str]:
    """Of all sets by which the base is grouped, each once."""
    return list(dict.fromkeys(name for each in DIMENSIONS[base] for name in each))


def keep(snapshot: UUID, base: Base, unit: Unit, cut: Cut) -> None:
    rows, values = _statement(base, unit, cut)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP.format(rows=rows), [snapshot, base.value, *values])


def digest(snapshot: UUID, base: Base) -> tuple[int, str]:
    """How many rows are kept of a base, and the SHA-256 of them in the order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [snapshot, base.value])
        count, found = cursor.fetchone()
    return int(count), str(found)


def different(snapshot: UUID, base: Base, unit: Unit, cut: Cut) -> list[tuple[Any, ...]]:
    """(key, place then, cell then, place now, cell now) of the rows that are not as they were;
    None where a row was not counted. What was sealed by an earlier release says less of a row:
    only what it says is compared."""
    rows, values = _statement(base, unit, cut)
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT.format(rows=rows), [snapshot, base.value, *values])
        return [
            (key, old_place, _read(old), place, _read(new))
            for key, old_place, old, place, new in cursor
        ]


def _read(cell: str | None) -> dict[str, Any] | None:
    return None if cell is None else json.loads(cell)


def _statement(base: Base, unit: Unit, cut: Cut) -> tuple[str, list[Any]]:
    rows = rows_of(base, unit, cut).order_by().annotate(row_place=child_of(unit))
    asked = rows.values(*dimensions(base), "row_place", row_key=F(KEYS.get(base, "pk")))
    statement, values = asked.query.sql_with_params()
    children = [str(child.pk) for child in children_of(unit)]
    return _OF_BASE.format(rows=statement), [children, OWN, *values]
