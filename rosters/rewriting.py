"""A roster written anew as .xlsx: the same sheets, rows and columns, with marks and remarks."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from rosters.book import Part, parts
from rosters.marks import Marks
from rosters.plain_tables import Merge
from rosters.sheet_notes import MOST

_COLOUR = "#FFD9CC"
_WIDTH, _REMARKS_WIDTH = 14, 60  # characters
_MOST_TEXT = 32_767
_LARGEST = 20_000  # cells in a merged one
_EPOCH = dt.date(1899, 12, 30)


def rewritten(content: bytes, suffix: str, marks: Mapping[int, Marks], heading: str) -> bytes:
    """Values as they are shown; `suffix` of the file's name for the line that says so."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": True,
        },
    )
    formats = {
        (False, False): book.add_format(),
        (True, False): book.add_format({"bg_color": _COLOUR}),
        (False, True): book.add_format({"num_format": "yyyy-mm-dd"}),
        (True, True): book.add_format({"num_format": "yyyy-mm-dd", "bg_color": _COLOUR}),
    }
    said = f"（原文件为 {suffix.lower()} 格式，现存为 .xlsx）" if suffix else ""
    widths = _widths(content, marks)
    sheet: _Sheet | None = None
    names: set[str] = set()
    for part in parts(content):
        if sheet is None or sheet.at != part.sheet.at:
            sheet = _Sheet(book, part, names, marks, heading + said, formats, widths)
        sheet.write(part)
    book.close()
    return target.getvalue()


def _widths(content: bytes, marks: Mapping[int, Marks]) -> dict[int, int]:
    """The first column to the right of each marked sheet's rows."""
    found: dict[int, int] = {}
    for part in parts(content, only=sorted(marks)):
        wide = max((len(row) for row in part.rows), default=0)
        found[part.sheet.at] = max(found.get(part.sheet.at, 0), wide)
    return found


class _Sheet:
    def __init__(
        self,
        book: Any,
        part: Part,
        names: set[str],
        marks: Mapping[int, Marks],
        heading: str,
        formats: Mapping[tuple[bool, bool], Any],
        widths: Mapping[int, int],
    ) -> None:
        self.at = part.sheet.at
        merges = part.sheet.merges or []
        self.marks = marks[self.at].over(merges) if self.at in marks else None
        self.heading = heading
        self.formats = formats
        self.notes = 0
        self.out = book.add_worksheet(_name(part, names))
        if part.sheet.is_hidden and names:
            self.out.hide()
        names.add(self.out.get_name().lower())
        # By the list itself: merge_range() writes cells of later rows, which are not there yet.
        self.out.merge.extend(_apart(merges))
        self.column = 0
        if self.marks:
            said = self.marks.column
            self.column = widths.get(self.at, 0) if said is None else said
            self.out.set_column(0, max(0, self.column - 1), _WIDTH)
            self.out.set_column(self.column, self.column, _REMARKS_WIDTH)

    def write(self, part: Part) -> None:
        for number, row in enumerate(part.rows, part.first):
            wrong = self.marks.cells.get(number, {}) if self.marks else {}
            for at in range(max(len(row), *(at + 1 for at in wrong), 0)):
                if self.marks and at == self.column:
                    continue
                value = row[at] if at < len(row) else ""
                self._cell(number - 1, at, value, is_wrong=at in wrong)
                if at in wrong and self.notes < MOST:
                    self.notes += 1
                    self.out.write_comment(number - 1, at, wrong[at], {"x_scale": 1.7})
            if self.marks:
                line = self.marks.lines.get(number)
                said = self.heading if number == self.marks.heading else line
                if said:
                    self.out.write_string(number - 1, self.column, said)

    def _cell(self, row: int, at: int, value: object, *, is_wrong: bool) -> None:
        is_day = isinstance(value, list)
        style = self.formats[is_wrong, is_day]
        if isinstance(value, list):
            days = (dt.date.fromisoformat(value[0]) - _EPOCH).days
            self.out.write_number(row, at, days, style)
        elif isinstance(value, bool):
            self.out.write_boolean(row, at, value, style)
        elif isinstance(value, int | float):
            self.out.write_number(row, at, value, style)
        elif isinstance(value, str) and value:
            self.out.write_string(row, at, value[:_MOST_TEXT], style)
        elif is_wrong:
            self.out.write_blank(row, at, None, style)


def _apart(merges: Sequence[Merge]) -> list[list[int]]:
    """Merged cells that lie over one another, as in some web pages, make a broken workbook."""
    kept: list[list[int]] = []
    covered: set[tuple[int, int]] = set()
    for top, left, low, right in merges:
        if (low - top + 1) * (right - left + 1) > _LARGEST:
            continue
        cells = {(row, at) for row in range(top, low + 1) for at in range(left, right + 1)}
        if covered.isdisjoint(cells):
            covered |= cells
            kept.append([top, left, low, right])
    return kept


def _name(part: Part, taken: set[str]) -> str:
    """The sheet's name where the format allows it, else its place."""
    name = part.sheet.name
    is_plain = 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and name.strip("'") == name
    if is_plain and name.lower() not in taken | {"history"}:
        return name
    return f"Sheet{part.sheet.at + 1}"
