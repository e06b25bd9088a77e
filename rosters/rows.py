"""The rows of a roster by field, as the mapping of its columns says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from rosters.book import MAX_ROWS, Part, Unreadable, cell, parts
from rosters.kinds import Cell
from rosters.skipping import BLANK, Filling, Skipping

Read = tuple[int, int, dict[str, Cell]]


def read_rows(
    content: bytes, mapping: dict[str, Any], *, skipped: Counter[str] | None = None
) -> Iterator[Read]:
    """Position of the sheet, number of the row as the user's sheet counts, cells by field.

    A blank cell has no entry. Rows that hold no person are left out and counted by reason
    (see rosters.skipping). Unreadable, also after some rows, when the file cannot be read.
    """
    plans = {sheet["at"]: sheet for sheet in mapping["sheets"] if sheet["is_read"]}
    if not plans:
        return
    found, reader = 0, None
    for part in parts(content, only=sorted(plans)):
        if part.sheet.at not in plans:
            continue
        if reader is None or reader.at != part.sheet.at:
            reader = _Reader(part, plans[part.sheet.at], Counter() if skipped is None else skipped)
        for number, cells in reader.read(part):
            found += 1
            if found > MAX_ROWS:
                raise Unreadable(
                    _("The table has more than %(most)s rows. Split it up.") % {"most": MAX_ROWS}
                )
            yield part.sheet.at, number, cells


class _Reader:
    def __init__(self, part: Part, plan: dict[str, Any], skipped: Counter[str]) -> None:
        self.at = part.sheet.at
        self.columns = [(c["at"], c["field"]) for c in plan["columns"] if c["field"]]
        self.last = plan["header"][1]
        self.skipped = skipped
        self.filling = Filling(part.sheet.merges, after=self.last)
        headings: dict[int, set[str]] = {}
        for column in plan["columns"]:
            headings[column["at"]] = {column["heading"], *column["heading"].split(" ")}
        self.skipping = Skipping(part.sheet, headings, [at for at, _field in self.columns])

    def read(self, part: Part) -> Iterator[tuple[int, dict[str, Cell]]]:
        for number, row in enumerate(part.rows, part.first):
            if number <= self.last:
                continue
            filled = self.filling.below(number, row)
            if reason := self.skipping.reason(number, row):
                if reason != BLANK:
                    self.skipped[reason] += 1
                continue
            width = len(row)
            cells = {
                field: value
                for at, field in self.columns
                if at < width and (value := cell(row[at])) is not None
            }
            if not cells:
                continue
            for at, field in self.columns:
                if at in filled and field not in cells and (value := cell(filled[at])) is not None:
                    cells[field] = value
            yield number, cells
