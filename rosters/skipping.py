"""Rows of a roster that hold no person: repeated headings, sums, section titles, notes; and cells
that reach over several rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from rosters.book import Sheet
from rosters.plain_tables import Merge

_SUM = re.compile(
    r"\s*(?:本\s*页)?[合总小共累]\s*计\s*[:：]?\s*\d*\s*[人名]?\s*|\s*共\s*\d+\s*[人名]\s*"
)
_FOOTER = re.compile(
    r"\s*[*※]?(填表人|制表人|制表|填报人|审核人|审核|审批人|负责人|单位负责人|主要负责人|联系人|联系电话|填表日期"
    r"|填报日期|填报时间|填报单位|填表单位|制表单位|单位名称|单位[((]?盖章|截至日期|截止日期"
    r"|备\s*注|注\s*\d*|附注|说\s*明|填表说明)\s*[)）]?\s*[:：]"
)
_SECTION = re.compile(r"\s*(?:[(（][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+[、.．\s])")
_NUMBERS = re.compile(r"\s*[(（]?(\d{1,2})[)）]?\s*")
_LONG = 8  # characters: no name of a person who stands alone in a row

HEADINGS, SUMS, SECTIONS, NOTES, BLANK = "headings", "sums", "sections", "notes", "blank"


class Skipping:
    """What a row of one sheet is, if it is no person; made once a sheet.

    `headings` are the texts of the heading rows by column, `read` the columns that are read.
    """

    def __init__(
        self, sheet: Sheet, headings: Mapping[int, Collection[str]], read: Collection[int]
    ) -> None:
        self._headings = {at: {_closed(text) for text in texts} for at, texts in headings.items()}
        self._read = frozenset(read)
        self._wide = {(top, left) for top, left, _low, right in sheet.merges or () if right > left}

    def reason(self, number: int, row: Sequence[object]) -> str:
        """Empty for a row to be read."""
        cells = [(at, v) for at, v in enumerate(row) if v != "" and v is not None]
        if not cells or not any(str(value).strip() for _at, value in cells):
            return BLANK
        words = [value for _at, value in cells[:2] if isinstance(value, str)]
        if any(_SUM.fullmatch(word) for word in words):
            return SUMS
        if isinstance(cells[0][1], str) and _FOOTER.match(cells[0][1]):
            return NOTES
        if self._repeats(cells) or _counts_columns(cells):
            return HEADINGS
        if len(cells) == 1:
            return self._alone(number, *cells[0])
        if not any(at in self._read for at, _value in cells):
            return NOTES if words else BLANK
        return ""

    def _repeats(self, cells: Sequence[tuple[int, object]]) -> bool:
        """The heading again, on a new page: the first words say it, or nothing does."""
        if not any(self._is_heading(at, value) for at, value in cells[:2]):
            return False
        same = sum(self._is_heading(at, value) for at, value in cells)
        return same > 1 and same * 2 >= len(cells)

    def _is_heading(self, at: int, value: object) -> bool:
        return isinstance(value, str) and _closed(value) in self._headings.get(at, ())

    def _alone(self, number: int, at: int, value: object) -> str:
        if not isinstance(value, str):
            return "" if at in self._read else BLANK  # a line prepared with its number
        text = value.strip()
        if len(text) > 30 or "。" in text:
            return NOTES
        is_title = (number - 1, at) in self._wide or _SECTION.match(text) or len(text) > _LONG
        return "" if at in self._read and not is_title else SECTIONS


def _closed(text: str) -> str:
    return "".join(text.split()).replace("（", "(").replace("）", ")")


def _counts_columns(cells: Sequence[tuple[int, object]]) -> bool:
    """1, 2, 3 …: the row below a heading that numbers the columns."""
    if cells[0][1] == "栏次":
        cells = cells[1:]
    if len(cells) < 3 or cells[0][1] not in (1, "1", "(1)", "（1）"):
        return False
    for place, (_at, value) in enumerate(cells, 1):
        if isinstance(value, str):
            found = _NUMBERS.fullmatch(value)
            if found is None or int(found[1]) != place:
                return False
        elif value != place:
            return False
    return True


class Filling:
    """Cells merged downwards hold for each of their rows: 单位 over the ten people of a unit.

    Only real merged ranges; a blank below a value stays blank. Rows come in their order.
    """

    def __init__(self, merges: Sequence[Merge] | None, *, after: int) -> None:
        """`after`: the last heading row, from 1; ranges that begin in the headings fill nothing."""
        tall = [m for m in merges or () if m[2] > m[0] and m[0] >= after]
        self._waiting = sorted(tall, reverse=True)
        self._open: dict[int, tuple[int, object]] = {}  # last row and value by column

    def below(self, number: int, row: Sequence[object]) -> dict[int, object]:
        """What stands over this row's blank cells, by column."""
        if not self._waiting and not self._open:
            return {}
        self._open = {at: held for at, held in self._open.items() if held[0] >= number}
        filled = {
            at: value
            for at, (_last, value) in self._open.items()
            if at >= len(row) or row[at] in ("", None)
        }
        while self._waiting and self._waiting[-1][0] < number:
            top, left, low, _right = self._waiting.pop()
            if top == number - 1 and left < len(row) and row[left] not in ("", None):
                self._open[left] = low + 1, row[left]
        return filled
