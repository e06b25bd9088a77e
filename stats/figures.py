"""The figures of a unit on a day, and the rows behind each of them.

Nothing is summed up in advance: posts, appointments, pairings' events and records carry their
days, so any day up to today can be asked for and gives what stood then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Func, Q, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from stats.bases import DIMENSIONS, Rows, rows_of, set_of
from stats.cuts import DEFAULT_AGE, Cut, Ratio
from stats.indicators import PAIRS_UNPOSTED, counted, sections
from stats.shapes import Band, Base, Column, Indicator, Section, Share
from units.models import Kind, Unit, UnitEvent

TOTAL, OWN = "total", "own"
# Bodies of the unit itself stand in its own row; what governs an area has a row of its own.
LISTED = (Kind.PROVINCE, Kind.CITY, Kind.COUNTY, Kind.TOWNSHIP, Kind.VILLAGE, Kind.ZONE)


@dataclass(frozen=True)
class Line:
    """A row of the table. `key` is a child's id as text, `own` or `total`."""

    key: str
    name: str
    unit: Unit
    counts: Mapping[str, int]

    def ratio(self, share: Share) -> Ratio:
        return Ratio(self.counts[share.part.code], self.counts[share.whole.code])


@dataclass(frozen=True)
class Table:
    """Figures of a unit: the total, its own bodies, its children in the order of their codes."""

    unit: Unit
    cut: Cut
    sections: tuple[Section, ...]
    total: Line
    parts: list[Line]

    @property
    def lines(self) -> list[Line]:
        return [self.total, *self.parts]

    @property
    def columns(self) -> list[Column]:
        return [column for section in self.sections for column in section.columns]

    @property
    def unposted(self) -> int:
        """Pairings under way whose mentee has no post that day, told in a footnote."""
        return self.total.counts[PAIRS_UNPOSTED.code]


def table(
    unit: Unit,
    as_of: dt.date,
    period_from: dt.date | None = None,
    *,
    age: int = DEFAULT_AGE,
) -> Table:
    """All figures of the unit as of the end of that day; a fixed number of queries.

    Each thing counted falls into one row, so the total is their sum; tests count it by itself.
    ValueError for a day in the future or a period that ends before it begins.
    """
    cut = Cut.at(as_of, period_from, age)
    every = sections()
    indicators = counted(column for section in every for column in section.columns)
    empty = places(unit)
    counts = {line.key: dict.fromkeys(indicators, 0) for line in empty}
    for base in Base:
        of_base = [each for each in indicators.values() if each.base is base]
        for dimensions in DIMENSIONS[base]:
            asked = [each for each in of_base if set_of(each) == dimensions]
            _count(rows_of(base, unit, cut), dimensions, asked, counts, _child_of(unit))
    for line in empty[1:]:
        for code, number in counts[line.key].items():
            counts[TOTAL][code] += number
    total, own, *children = (replace(line, counts=counts[line.key]) for line in empty)
    shown = [
        line
        for line in children
        if (line.unit.parent_id == unit.pk and _is_open(line.unit, as_of))
        or any(line.counts.values())
    ]
    return Table(unit, cut, _in_use(every, total), total, [own, *shown])


def places(unit: Unit) -> list[Line]:
    """The rows of a table without figures: the total, the unit's own bodies, its children."""
    children = [Line(str(child.pk), child.name, child, {}) for child in children_of(unit)]
    own = _("%(unit)s itself") % {"unit": unit.name}
    return [Line(TOTAL, _("total of the rows"), unit, {}), Line(OWN, own, unit, {}), *children]


def children_of(unit: Unit) -> list[Unit]:
    """The child units that have a row, in the order of codes; those without one come last.

    One that stood here and moved away is among them: rows of its time here are counted here.
    """
    went = UnitEvent.objects.filter(origin=unit).values("unit")
    found = Unit.objects.filter(Q(parent=unit) | Q(pk__in=went), kind__in=LISTED)
    return list(found.order_by(F("code").asc(nulls_last=True), "pk"))


def behind(unit: Unit, cut: Cut, indicator: Indicator, row: str = TOTAL) -> Rows:
    """The rows that a figure counts, annotated with the base's dimensions."""
    rows = rows_of(indicator.base, unit, cut).filter(indicator.condition)
    if row == TOTAL:
        return rows
    rows = rows.annotate(child=_child_of(unit))
    if row == OWN:
        return rows.exclude(child__in=[str(child.pk) for child in children_of(unit)])
    return rows.filter(child=row)


def _child_of(unit: Unit) -> Func:
    """The id, as text, of the direct child below which a placed row lies; empty at the unit.

    One expression for every level: a path is `/<id>/<id>/…/`, its first piece is empty.
    """
    position = Value(len(unit.ancestor_ids) + 2)
    path = Coalesce(NullIf("past_path", Value("")), "unit__path")
    return Func(path, Value("/"), position, function="split_part", output_field=TextField())


def _count(
    rows: Rows,
    dimensions: tuple[str, ...],
    asked: list[Indicator],
    counts: dict[str, dict[str, int]],
    child: Func,
) -> None:
    """One query: the rows by child and by a set of dimensions, what lies in no child as own."""
    cells = rows.order_by().annotate(child=child).values("child", *dimensions)
    for cell in cells.annotate(n=Count("*")):
        _add(cell, asked, counts[cell["child"] if cell["child"] in counts else OWN])


def _add(cell: Mapping[str, Any], indicators: list[Indicator], into: dict[str, int]) -> None:
    for indicator in indicators:
        if indicator.counts(cell):
            into[indicator.code] += cell["n"]


def _is_open(unit: Unit, day: dt.date) -> bool:
    has_begun = unit.from_on is None or unit.from_on <= day
    return has_begun and (unit.closed_on is None or unit.closed_on > day)


def _in_use(every: tuple[Section, ...], total: Line) -> tuple[Section, ...]:
    def keeps(column: Column) -> bool:
        return isinstance(column, Share) or not column.is_retired or total.counts[column.code] > 0

    return tuple(
        section._replace(
            bands=tuple(
                Band(band.title, band.counted, tuple(filter(keeps, band.columns)))
                for band in section.bands
            )
        )
        for section in every
    )
