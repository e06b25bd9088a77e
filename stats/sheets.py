"""A plain table as a file that an office opens: CSV, or a workbook of one sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _

from core.text import inert

A4 = 9
HEADER = 2  # the row (from 0) of the headings, below title and subtitle


class Heading(NamedTuple):
    """A column: its title, and its width in characters (two make a Chinese one)."""

    title: str
    width: int = 12


class Sheet(NamedTuple):
    name: str
    title: str
    subtitle: str
    headings: Sequence[Heading]
    notes: Sequence[str] = ()


def write_csv(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with BOM; a header and the rows, nothing else."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([inert(heading.title) for heading in sheet.headings])
    for row in rows:
        writer.writerow(["" if value is None else inert(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> bytes:
    """Title, subtitle, headings, rows, notes; numbers as numbers; A4 across."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    book.set_properties({"title": sheet.title, "comments": sheet.subtitle})
    page, looks = book.add_worksheet(sheet.name), _looks(book)
    last = len(sheet.headings) - 1
    page.merge_range(0, 0, 0, last, inert(sheet.title), looks["title"])
    page.merge_range(1, 0, 1, last, inert(sheet.subtitle), looks["subtitle"])
    page.set_row(0, 30)
    for column, heading in enumerate(sheet.headings):
        page.write_string(HEADER, column, inert(heading.title), looks["head"])
        page.set_column(column, column, heading.width)
    at = HEADER + 1
    for row in rows:
        for column, value in enumerate(row):
            _write(page, looks, at, column, value)
        at += 1
    room = sum(heading.width for heading in sheet.headings) // 2
    for number, note in enumerate(sheet.notes, 1):
        shown = f"{_('Notes:') if number == 1 else '　　'}{number}. {note}"
        page.merge_range(at, 0, at, last, inert(shown), looks["note"])
        page.set_row(at, 15 * (1 + len(shown) // room))
        at += 1
    _print_setup(page, at, last)
    book.close()
    return buffer.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    boxed = {**base, "border": 1, "text_wrap": True}
    return {
        "title": book.add_format({**base, "font_size": 18, "bold": True, "align": "center"}),
        "subtitle": book.add_format({**base, "align": "center"}),
        "head": book.add_format({**boxed, "bold": True, "align": "center"}),
        "text": book.add_format(boxed),
        "number": book.add_format({**boxed, "num_format": "#,##0"}),
        "points": book.add_format({**boxed, "num_format": "0.00"}),
        "note": book.add_format({**base, "font_size": 10, "text_wrap": True, "valign": "top"}),
    }


def _write(page: Any, looks: dict[str, Any], row: int, column: int, value: Any) -> None:
    if value is None:
        page.write_blank(row, column, None, looks["text"])
    elif isinstance(value, Decimal):
        page.write_number(row, column, float(value), looks["points"])
    elif isinstance(value, int):
        page.write_number(row, column, value, looks["number"])
    else:
        page.write_string(row, column, str(inert(value)), looks["text"])


def _print_setup(page: Any, last_row: int, last: int) -> None:
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER)
    page.print_area(0, 0, max(last_row - 1, HEADER), last)
    page.freeze_panes(HEADER + 1, 0)
    page.set_footer("&C" + _("page &P of &N"))


WRITERS = {
    "xlsx": (
        write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (write_csv, "text/csv; charset=utf-8"),
}
