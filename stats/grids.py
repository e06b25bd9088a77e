"""A table of figures laid out for reading: headings with their notes, cells with their links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from stats.cuts import Cut, say
from stats.figures import OWN, TOTAL, Line, Table
from stats.shapes import Band, Column, Indicator, Section, Share
from units.models import Unit

NATION = "all"  # in addresses, the whole country: no unit has it as its id


class Figure(NamedTuple):
    """A number and the address of the list behind it; behind 0 there is none."""

    text: str
    href: str = ""


class ShareOf(NamedTuple):
    percent: str
    part: Figure
    whole: Figure


class Head(NamedTuple):
    title: str
    note: int
    code: str = ""  # the anchor of its definition


class Heading(NamedTuple):
    title: str
    span: int


class GridRow(NamedTuple):
    name: str
    href: str  # the table of a child unit, empty for the unit's own rows
    is_total: bool
    cells: list[Figure | ShareOf]


class Grid(NamedTuple):
    code: str
    title: str
    headings: list[Heading]
    heads: list[Head]
    rows: list[GridRow]


def heading(band: Band, cut: Cut) -> str:
    """导师人数（人）: never a number without what it counts."""
    return f"{say(band.title, cut)}（{say(band.counted, cut)}）"


def notes(table: Table, columns: Iterable[Column]) -> list[str]:
    """The definitions of these columns, each once, in the order of the columns."""
    return list(dict.fromkeys(say(column.definition, table.cut) for column in columns))


def remarks(table: Table) -> list[str]:
    """What holds for the whole table."""
    said = [
        _(
            "Figures stand as of the end of %(as_of)s; the period runs from %(period_from)s to "
            "%(as_of)s, both included."
        )
        % table.cut.words,
        _how_rows_add_up(table),
        _("Unknown birth months and education are in the denominator, not in the numerator."),
    ]
    if table.unposted:
        said.append(
            _(
                "%(n)s pairings under way have a mentee without a main post on that day; those "
                "mentees are not in the number of mentees."
            )
            % {"n": table.unposted}
        )
    return said


def _how_rows_add_up(table: Table) -> str:
    if table.by:
        return _("Each person, and each pair by its mentee, stands in one row; rows add up.")
    return _("Departments and stations of the unit itself stand in its own row; rows add up.")


def address(name: str, unit: Unit, cut: Cut, **also: str) -> str:
    """The address of a page of these figures: the whole view stands in it."""
    asked: dict[str, str | int] = {
        "unit": unit.pk or NATION,
        "as_of": cut.as_of.isoformat(),
        "period_from": cut.period_from.isoformat(),
        "age": cut.age,
    }
    return f"{reverse(name)}?{urlencode({**asked, **also})}"


def grids(table: Table) -> list[Grid]:
    by = {"by": table.by} if table.by else {}
    names = address("stats:names", table.unit, table.cut, **by)
    numbers = {text: n for n, text in enumerate(notes(table, table.columns), 1)}
    found = []
    for section in table.sections:
        heads = [
            Head(
                say(column.title, table.cut),
                numbers[say(column.definition, table.cut)],
                column.code,
            )
            for column in section.columns
        ]
        headings = [Heading(heading(band, table.cut), len(band.columns)) for band in section.bands]
        rows = [_row(table, line, section, names) for line in table.lines]
        found.append(Grid(section.code, say(section.title, table.cut), headings, heads, rows))
    return found


def _row(table: Table, line: Line, section: Section, names: str) -> GridRow:
    # A unit that has moved away since has no page for those who read this one.
    is_child = line.key not in {TOTAL, OWN} and line.unit.parent_id == table.unit.pk
    href = address("stats:table", line.unit, table.cut, section=section.code) if is_child else ""
    behind = f"{names}&section={section.code}&row={line.key}&indicator="
    cells = [_cell(line, column, behind) for column in section.columns]
    return GridRow(line.name, href, line.key == TOTAL, cells)


def _cell(line: Line, column: Column, href: str) -> Figure | ShareOf:
    if isinstance(column, Share):
        part, whole = (_figure(line, each, href) for each in (column.part, column.whole))
        return ShareOf(str(line.ratio(column)), part, whole)
    return _figure(line, column, href)


def _figure(line: Line, indicator: Indicator, href: str) -> Figure:
    value = line.counts[indicator.code]
    return Figure(f"{value:,}", f"{href}{indicator.code}" if value else "")
