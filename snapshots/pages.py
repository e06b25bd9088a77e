"""A sealed table laid out for reading, each number opening the rows that were counted then."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from snapshots.differences import names_of
from snapshots.freezing import thaw
from snapshots.models import Snapshot, SnapshotRow
from stats.cuts import say
from stats.figures import TOTAL, Table, sections
from stats.grids import Figure, Grid, GridRow, ShareOf, grids
from stats.indicators import counted
from stats.shapes import COUNTED, Indicator
from tables.paging import page_of

PAGE = 50


class Kept(NamedTuple):
    """The rows behind a sealed figure: `(name, URL name, id)` of those in sight today."""

    place: str
    title: str
    counted: str
    size: int
    rows: list[tuple[str, str, Any]]
    next: str


def sealed_grids(snapshot: Snapshot, table: Table) -> list[Grid]:
    """The grids of the page of figures; their links lead to the rows that were sealed."""
    columns = [section.columns for section in table.sections]
    found = []
    for grid, of_section in zip(grids(table), columns, strict=True):
        rows = [
            GridRow(row.name, "", row.is_total, _cells(snapshot, row, line.key, of_section))
            for row, line in zip(grid.rows, table.lines, strict=True)
        ]
        found.append(grid._replace(rows=rows))
    return found


def _cells(snapshot: Snapshot, row: GridRow, key: str, columns: list[Any]) -> list[Any]:
    cells: list[Figure | ShareOf] = []
    for cell, column in zip(row.cells, columns, strict=True):
        if isinstance(cell, ShareOf):
            part = _linked(snapshot, cell.part, key, column.part.code)
            whole = _linked(snapshot, cell.whole, key, column.whole.code)
            cells.append(cell._replace(part=part, whole=whole))
        else:
            cells.append(_linked(snapshot, cell, key, column.code))
    return cells


def _linked(snapshot: Snapshot, figure: Figure, key: str, code: str) -> Figure:
    if not figure.href or snapshot.row_count is None:
        return figure._replace(href="")
    asked = urlencode({"indicator": code, "row": key})
    return figure._replace(href=f"{reverse('snapshots:rows', args=[snapshot.pk])}?{asked}")


def kept_rows(
    snapshot: Snapshot, code: str, row: str, *, user: User, after: str = ""
) -> Kept | None:
    """A page of the rows that the figure `code` counted in a line; None for no such figure."""
    table = thaw(snapshot.content)
    lines = {line.key: line for line in table.lines}
    indicator = _indicators().get(code)
    if indicator is None or row not in lines or code not in lines[row].counts:
        return None
    rows = SnapshotRow.objects.filter(snapshot=snapshot, base=indicator.base.value)
    rows = rows.filter(_condition(indicator))
    if row != TOTAL:
        rows = rows.filter(place=row)
    page = page_of(rows.only("key"), order=("key",), after=after, size=PAGE)
    keys = [one.key for one in page.rows]
    seen = names_of(indicator.base, keys, user)
    unseen = (_("no longer in your area"), "")
    return Kept(
        lines[row].name,
        say(indicator.title, snapshot.asked),
        str(COUNTED[indicator.base]),
        lines[row].counts[code],
        [(*seen.get(key, unseen), key) for key in keys],
        page.next,
    )


def _indicators() -> dict[str, Indicator]:
    return counted(column for section in sections() for column in section.columns)


def _condition(indicator: Indicator) -> Q:
    """As Indicator.condition, over the cells that were kept as JSON."""
    condition = Q()
    for dimension, values in indicator.where.items():
        allowed = Q(**{f"cell__{dimension}__in": [v for v in values if v is not None]})
        if None in values:
            allowed |= Q(**{f"cell__{dimension}": None})
        condition &= allowed
    return condition
