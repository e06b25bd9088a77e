"""The workbook as an office hands it in: one printed table a sheet, with its footnotes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _

from core.text import inert
from stats.cuts import say
from stats.figures import Line, Table
from stats.grids import heading
from stats.shapes import Section, Share

A4 = 9
FIRST = 2  # columns before the figures: unit and code
FIGURE_WIDTH = 10  # in characters; two make a Chinese one
HEADER = 2  # the row (from 0) of the upper header, below title and subtitle


class Group(NamedTuple):
    """An upper heading over its lower ones."""

    title: str
    heads: list[str]


def write_workbook(
    table: Table, title: str, subtitle: str, footnotes: dict[str, list[str]], *, day: str
) -> bytes:
    """`footnotes` are those of each section by its code; the bytes are a whole .xlsx file."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    book.set_properties({"title": title, "comments": subtitle, "subject": day})
    looks = _looks(book)
    for section in table.sections:
        sheet = book.add_worksheet(say(section.title, table.cut))
        groups = list(_groups(section, table))
        width = FIRST + sum(len(group.heads) for group in groups)
        corner = table.heading or _("unit")
        _head(sheet, looks, groups, title, subtitle, corner, width)
        row = _body(sheet, looks, section, table)
        row = _foot(sheet, looks, footnotes[section.code], row, width)
        _print_setup(sheet, row, width)
    book.close()
    return buffer.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    boxed = {**base, "border": 1}
    return {
        "title": book.add_format({**base, "font_size": 18, "bold": True, "align": "center"}),
        "subtitle": book.add_format({**base, "align": "center"}),
        "head": book.add_format({**boxed, "bold": True, "align": "center", "text_wrap": True}),
        "name": book.add_format({**boxed, "text_wrap": True}),
        "code": book.add_format({**boxed, "num_format": "@", "align": "center"}),
        "number": book.add_format({**boxed, "num_format": "#,##0"}),
        "percent": book.add_format({**boxed, "num_format": "0.00%"}),
        "none": book.add_format({**boxed, "align": "right"}),
        "note": book.add_format({**base, "font_size": 10, "text_wrap": True, "valign": "top"}),
        "foot": book.add_format(base),
    }


def _groups(section: Section, table: Table) -> Iterator[Group]:
    """A share takes three columns: numerator, denominator and the percentage of the two."""
    for band in section.bands:
        shares = [column for column in band.columns if isinstance(column, Share)]
        if not shares:
            heads = [say(column.title, table.cut) for column in band.columns]
            yield Group(heading(band, table.cut), heads)
        for share in shares:
            title = f"{say(band.title, table.cut)}：{say(share.title, table.cut)}"
            yield Group(title, [*map(str, share.heads), _("share in percent")])


def _head(
    sheet: Any,
    looks: dict[str, Any],
    groups: list[Group],
    title: str,
    subtitle: str,
    corner: str,
    width: int,
) -> None:
    sheet.merge_range(0, 0, 0, width - 1, inert(title), looks["title"])
    sheet.merge_range(1, 0, 1, width - 1, inert(subtitle), looks["subtitle"])
    sheet.set_row(0, 30)
    sheet.set_row(HEADER, 32)
    sheet.set_row(HEADER + 1, 80)
    for column, text in enumerate((corner, _("division code"))):
        sheet.merge_range(HEADER, column, HEADER + 1, column, text, looks["head"])
    column = FIRST
    for group in groups:
        last = column + len(group.heads) - 1
        if last == column:
            sheet.write_string(HEADER, column, inert(group.title), looks["head"])
        else:
            sheet.merge_range(HEADER, column, HEADER, last, inert(group.title), looks["head"])
        for text in group.heads:
            sheet.write_string(HEADER + 1, column, inert(text), looks["head"])
            column += 1
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 15)
    sheet.set_column(FIRST, width - 1, FIGURE_WIDTH)


def _body(sheet: Any, looks: dict[str, Any], section: Section, table: Table) -> int:
    row = HEADER + 2
    for line in table.lines:
        sheet.set_row(row, 22)
        sheet.write_string(row, 0, inert(line.name), looks["name"])
        sheet.write(row, 1, table.code_of(line) or None, looks["code"])
        for column, value in enumerate(_values(line, section), FIRST):
            _write(sheet, looks, row, column, value)
        row += 1
    return row


def _values(line: Line, section: Section) -> Iterator[int | Decimal | None]:
    for column in section.columns:
        if isinstance(column, Share):
            ratio = line.ratio(column)
            yield from (ratio.part, ratio.whole, ratio.percent)
        else:
            yield line.counts[column.code]


def _write(
    sheet: Any, looks: dict[str, Any], row: int, column: int, value: int | Decimal | None
) -> None:
    if value is None:
        sheet.write_string(row, column, "—", looks["none"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value / 100), looks["percent"])
    else:
        sheet.write_number(row, column, value, looks["number"])


def _foot(sheet: Any, looks: dict[str, Any], said: list[str], row: int, width: int) -> int:
    """The notes, each on its own line, and who answers for the table."""
    # A line of notes holds about this many Chinese characters of 10 points.
    room = (18 + 15 + FIGURE_WIDTH * (width - FIRST)) // 2
    lead = _("Notes:")
    for number, text in enumerate(said, 1):
        shown = f"{lead if number == 1 else '　　'}{number}. {text}"
        sheet.merge_range(row, 0, row, width - 1, inert(shown), looks["note"])
        sheet.set_row(row, 15 * (1 + len(shown) // room))
        row += 1
    third = width // 3
    row += 1
    for position, text in enumerate((_("Filled in by:"), _("Checked by:"), _("Telephone:"))):
        sheet.write_string(row, position * third, text, looks["foot"])
    return row


def _print_setup(sheet: Any, last_row: int, width: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER, HEADER + 1)
    sheet.print_area(0, 0, last_row, width - 1)
    sheet.freeze_panes(HEADER + 2, 1)
    sheet.center_horizontally()
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.set_footer("&C" + _("page &P of &N"))
