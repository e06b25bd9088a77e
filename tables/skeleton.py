"""The workbook around the rows: made small by xlsxwriter, then taken apart to be streamed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any, NamedTuple

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
HEAD_ROWS = 3  # title, line of unit and day, headings
_A4 = 9
# Unused in the skeleton's body: one row of samples, whose styles the streamed rows take.
_SAMPLE, _FOOTER = HEAD_ROWS, HEAD_ROWS + 1


class Column(NamedTuple):
    """`value` is an expression of text, or of a whole number."""

    title: str
    value: Any
    width: float = 12
    is_number: bool = False


class Heading(NamedTuple):
    """What stands above and below the rows of a printed table."""

    sheet: str
    title: str
    line: str
    page: str  # the foot of a printed page, in xlsxwriter's signs
    footer: tuple[str, ...] = ()


class Skeleton(NamedTuple):
    """`parts` are the other files of the zip, `styles` those of the body, column by column."""

    parts: dict[str, bytes]
    before: bytes
    styles: list[str]
    footer: str
    end: bytes

    @classmethod
    def of(cls, heading: Heading, columns: Sequence[Column]) -> Skeleton:
        with zipfile.ZipFile(io.BytesIO(_workbook(heading, columns))) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        sheet = parts.pop(SHEET).decode()
        # Said about a sheet of no rows it would be wrong, and it may be left out.
        sheet = re.sub(r"<dimension [^>]*/>", "", sheet)
        before, rest = sheet.split(f'<row r="{_SAMPLE + 1}"', 1)
        samples, rest = rest.split("</row>", 1)
        footer, after = rest.split("</sheetData>", 1)
        return cls(
            parts,
            before.encode(),
            re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', samples),
            footer,
            f"</sheetData>{after}".encode(),
        )

    def after(self, rows: int) -> bytes:
        """The footer below so many rows, and the rest of the sheet."""
        number = HEAD_ROWS + rows + 1
        return (
            re.sub(rf'r="([A-Z]*){_FOOTER + 1}"', rf'r="\g<1>{number}"', self.footer).encode()
            + self.end
        )


def column_letter(at: int) -> str:
    """A, B, … Z, AA, …"""
    above, last = divmod(at, 26)
    return (column_letter(above - 1) if above else "") + chr(ord("A") + last)


def _workbook(heading: Heading, columns: Sequence[Column]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": heading.title, "comments": heading.line})
    looks = _looks(book)
    sheet = book.add_worksheet(heading.sheet)
    last = len(columns) - 1
    for row, words, look in ((0, heading.title, "title"), (1, heading.line, "line")):
        if last:
            sheet.merge_range(row, 0, row, last, "")
        sheet.write_string(row, 0, words, looks[look])
    for row, height in enumerate((36, 22, 32)):
        sheet.set_row(row, height)
    for at, column in enumerate(columns):
        look = looks["number" if column.is_number else "cell"]
        sheet.set_column(at, at, column.width, None if column.is_number else looks["text"])
        sheet.write_string(HEAD_ROWS - 1, at, column.title, looks["head"])
        sheet.write_string(_SAMPLE, at, "0", look)
    footer = heading.footer if last + 1 >= len(heading.footer) else ("    ".join(heading.footer),)
    for place, words in enumerate(footer):
        sheet.write_string(_FOOTER, place * len(columns) // len(footer), words, looks["line"])
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROWS - 1)
    sheet.freeze_panes(HEAD_ROWS, 1)
    sheet.set_footer(f"&C{heading.page}")
    book.close()
    return target.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    boxed = {**base, "border": 1}
    head = {**boxed, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#EFE9E1"}
    title = {**base, "font_name": "黑体", "font_size": 18, "bold": True, "align": "center"}
    return {
        "title": book.add_format(title),
        "line": book.add_format(base),
        "head": book.add_format(head),
        "text": book.add_format({**base, "num_format": "@"}),
        "cell": book.add_format({**boxed, "num_format": "@", "text_wrap": True}),
        "number": book.add_format({**boxed, "num_format": "0", "align": "center"}),
    }
