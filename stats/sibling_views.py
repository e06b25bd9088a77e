"""A unit beside the others of its parent, in the order of their codes; nobody is ranked."""

from __future__ import annotations

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, office
from stats import figures
from stats.compare_grids import Delta, delta
from stats.cuts import say
from stats.figures import TOTAL, Line, Table
from stats.forms import CutForm
from stats.grids import Figure, GridRow, ShareOf, address, grids, notes, remarks
from stats.shapes import Share
from stats.tallies import NotYet
from stats.views import counting, unit_asked
from units.models import Unit


class Sibling(NamedTuple):
    """A row of the parent's table; beside each share what it differs from that of the total."""

    row: GridRow
    is_this: bool
    cells: list[tuple[Figure | ShareOf, Delta | None]]


@office
@require_safe
def siblings(request: UserRequest) -> HttpResponse:
    """404 for a unit whose parent the user may not read."""
    unit = unit_asked(request)
    parent = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit.parent_id)
    form = CutForm(request.GET, user=request.user, unit=unit)
    context = {"form": form, "unit": unit, "parent": parent}
    if not form.is_valid():
        return render(request, "stats/siblings.html", context, status=422)
    cut = form.cut
    try:
        found = figures.table(
            parent, cut.as_of, cut.period_from, age=cut.age, at_once=True, only={form.shown}
        )
    except NotYet as early:
        return counting(request, parent, early)
    if not found.sections:
        raise Http404
    (grid,) = grids(found)
    context |= {
        "cut": cut,
        "grid": grid,
        "lines": _lines(found, grid.rows, unit),
        "choices": [
            (
                say(each.title, cut),
                address("stats:siblings", unit, cut, section=each.code),
                each.code == form.shown,
            )
            for each in found.every
        ],
        "notes": notes(found, found.columns),
        "remarks": remarks(found),
    }
    return render(request, "stats/siblings.html", context)


def _lines(found: Table, rows: list[GridRow], unit: Unit) -> list[Sibling]:
    return [
        Sibling(row, line.key == str(unit.pk), _cells(found, line, row))
        for line, row in zip(found.lines, rows, strict=True)
    ]


def _cells(found: Table, line: Line, row: GridRow) -> list[tuple[Figure | ShareOf, Delta | None]]:
    apart = []
    for column in found.columns:
        points = None
        if isinstance(column, Share) and line.key != TOTAL:
            here, whole = line.ratio(column).percent, found.total.ratio(column).percent
            points = delta(None if here is None or whole is None else here - whole, "")
        apart.append(points)
    return list(zip(row.cells, apart, strict=True))
