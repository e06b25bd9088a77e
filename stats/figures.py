"""The figures of a unit on a day, and the rows behind each of them.

Posts, appointments, pairings' events and records carry their days, so any day up to today can be
asked for and gives what stood then. What a large unit's counties count to is kept until something
of them changes (stats.tallies); nobody who reads a figure has to know.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from stats.bases import Rows, rows_within
from stats.cuts import DEFAULT_AGE, Cut, Ratio
from stats.grouping import Cell, Sets, needed, set_of
from stats.indicators import PAIRS_UNPOSTED, counted, sections
from stats.shapes import Band, Base, Column, Indicator, Section, Share
from stats.tallies import cells, cells_by_county, cells_on, child_of, counties_of, rows_of_unit
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
    """Figures of a unit: the total, its own bodies, its children in the order of their codes.

    `sections` are those that were counted; `every` are all that there are, to choose from.
    """

    unit: Unit
    cut: Cut
    sections: tuple[Section, ...]
    total: Line
    parts: list[Line]
    every: tuple[Section, ...] = ()
    # Where the rows are not units: the grouping's code and the heading of its column.
    by: str = ""
    heading: str = ""

    def code_of(self, line: Line) -> str | None:
        """The division code that stands beside a row; a group of people has none."""
        return None if self.by and line.key != TOTAL else line.unit.code

    @property
    def lines(self) -> list[Line]:
        return [self.total, *self.parts]

    @property
    def columns(self) -> list[Column]:
        return [column for section in self.sections for column in section.columns]

    @property
    def unposted(self) -> int:
        """Pairings under way whose mentee has no post that day, told in a footnote.

        0 where neither mentees nor pairs were counted.
        """
        return self.total.counts.get(PAIRS_UNPOSTED.code, 0)


@dataclass(frozen=True)
class Asked:
    """The sections that are counted, every figure in them, and the sets that these lie in."""

    every: tuple[Section, ...]
    sections: tuple[Section, ...]
    indicators: Mapping[str, Indicator]
    sets: Sets

    @classmethod
    def of(cls, only: Collection[str] | None) -> Asked:
        """Of the sections with these codes, of all where none are given (two queries)."""
        every = sections()
        chosen = tuple(each for each in every if only is None or each.code in only)
        indicators = counted(column for section in chosen for column in section.columns)
        return cls(every, chosen, indicators, needed(indicators.values()))


def table(
    unit: Unit,
    as_of: dt.date,
    period_from: dt.date | None = None,
    *,
    age: int = DEFAULT_AGE,
    at_once: bool = False,
    only: Collection[str] | None = None,
) -> Table:
    """All figures of the unit as of the end of that day; a fixed number of queries.

    With `only`, the figures of the sections with these codes, and nothing else is counted.

    Each thing counted falls into one row, so the total is their sum; tests count it by itself.
    ValueError for a day in the future or a period that ends before it begins. With `at_once`,
    NotYet (stats.tallies) where it takes longer than a page can wait.
    """
    cut, asked = Cut.at(as_of, period_from, age), Asked.of(only)
    found = filled(unit, cut, asked, places(unit), cells(unit, cut, asked.sets, at_once=at_once))
    shown = [
        line
        for line in found.parts[1:]
        if (line.unit.parent_id == unit.pk and _is_open(line.unit, as_of))
        or any(line.counts.values())
    ]
    return replace(found, parts=[found.parts[0], *shown])


def by_county(
    unit: Unit,
    as_of: dt.date,
    period_from: dt.date | None = None,
    *,
    age: int = DEFAULT_AGE,
    at_once: bool = False,
    only: Collection[str] | None = None,
) -> Table:
    """The same with a row for each county of the whole subtree, in the order of their codes.

    What stands above all counties, as a city's own departments do, is a row of its own.
    """
    cut, asked = Cut.at(as_of, period_from, age), Asked.of(only)
    counties = Unit.objects.filter(pk__in=counties_of(unit))
    units = counties.order_by(F("code").asc(nulls_last=True), "pk")
    lines = [
        Line(str(each.pk), each.name if each.is_county_level else _own(each), each, {})
        for each in units
    ]
    empty = [Line(TOTAL, _("total of the rows"), unit, {}), Line(OWN, _own(unit), unit, {}), *lines]
    found = filled(unit, cut, asked, empty, cells_by_county(unit, cut, asked.sets, at_once=at_once))
    shown = [
        line
        for line in found.parts[1:]
        if (line.unit.path.startswith(unit.path) and _is_open(line.unit, as_of))
        or any(line.counts.values())
    ]
    return replace(found, parts=shown)


def nation() -> Unit:
    """The whole country as a unit that is in no table: what the provinces stand below."""
    return Unit(name=_("the whole country"), path="/")


def series(
    unit: Unit, indicators: Iterable[Indicator], cuts: Sequence[Cut]
) -> list[dict[str, int]]:
    """The whole unit's figures on each of these days by code, as for a trend over months.

    Each cut has a period of its own. A query for each base that is counted, however many days;
    of a large unit what is kept, and NotYet (stats.tallies) where too much is missing.
    """
    asked = {each.code: each for each in indicators}
    sets = needed(asked.values())
    found = [dict.fromkeys(asked, 0) for _cut in cuts]
    codes = _codes(asked, sets)
    for number, cell in cells_on(unit, cuts, sets):
        for code in codes(cell):
            found[number][code] += cell.n
    return found


def filled(unit: Unit, cut: Cut, asked: Asked, empty: list[Line], found: Iterable[Cell]) -> Table:
    """The table of these rows, the total first; a cell of none of them counts in the unit's own."""
    counts = {line.key: dict.fromkeys(asked.indicators, 0) for line in empty}
    codes = _codes(asked.indicators, asked.sets)
    for cell in found:
        (key,) = cell.place
        into = [counts[key if key in counts else OWN], counts[TOTAL]]
        for code in codes(cell):
            for each in into:
                each[code] += cell.n
    total, *parts = (replace(line, counts=counts[line.key]) for line in empty)
    return Table(unit, cut, _in_use(asked.sections, total), total, parts, asked.every)


def _codes(indicators: Mapping[str, Indicator], sets: Sets) -> Callable[[Cell], list[str]]:
    """Which figures a cell counts in: the same in every place, so looked up once."""
    asked: dict[tuple[Base, tuple[str, ...]], list[Indicator]] = defaultdict(list)
    for indicator in indicators.values():
        asked[indicator.base, set_of(indicator, sets)].append(indicator)
    known: dict[tuple[Any, ...], list[str]] = {}

    def codes(cell: Cell) -> list[str]:
        key = cell.base, cell.dimensions, *(cell.values[each] for each in cell.dimensions)
        if key not in known:
            its = asked[cell.base, cell.dimensions]
            known[key] = [each.code for each in its if each.counts(cell.values)]
        return known[key]

    return codes


def _own(unit: Unit) -> str:
    return _("%(unit)s itself") % {"unit": unit.name}


def places(unit: Unit) -> list[Line]:
    """The rows of a table without figures: the total, the unit's own bodies, its children."""
    children = [Line(str(child.pk), child.name, child, {}) for child in children_of(unit)]
    own = Line(OWN, _own(unit), unit, {})
    return [Line(TOTAL, _("total of the rows"), unit, {}), own, *children]


def children_of(unit: Unit) -> list[Unit]:
    """The child units that have a row, in the order of codes; those without one come last.

    One that stood here and moved away is among them: rows of its time here are counted here.
    """
    went = UnitEvent.objects.filter(origin=unit.pk).exclude(origin=None).values("unit")
    found = Unit.objects.filter(Q(parent=unit.pk) | Q(pk__in=went), kind__in=LISTED)
    return list(found.order_by(F("code").asc(nulls_last=True), "pk"))


def behind(unit: Unit, cut: Cut, indicator: Indicator, row: str = TOTAL) -> Rows:
    """The rows that a figure counts, annotated with the base's dimensions."""
    rows = rows_within(indicator.base, rows_of_unit(unit), cut).filter(indicator.condition)
    if row == TOTAL:
        return rows
    rows = rows.annotate(child=child_of(unit))
    if row == OWN:
        return rows.exclude(child__in=[str(child.pk) for child in children_of(unit)])
    return rows.filter(child=row)


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
