"""The office's own workbook back, with what is wrong in it: cells coloured, notes, a column of
remarks on the right.

An .xlsx goes back as the same file: only the marked cells, the notes and the column of remarks
are written into its parts (see rosters/marking.py), so that styles, widths, pictures, charts,
pick-lists and other sheets stay as they were. Any other file (.xls, .et, .ods, CSV, a web page,
or an .xlsx with macros or of an unusual build) goes back as a new .xlsx with the same sheets,
rows and columns, which says so. Both are streamed: 100,000 rows need no more memory than 1,000.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from rosters import marking, rewriting
from rosters.kinds import Kind
from rosters.marks import Marks

REMARKS = "核对意见"  # the heading of our column: found again when the file comes back
_LONGEST = 500  # characters of a remark

Remarks = Mapping[tuple[int, int], Sequence[tuple[str, str]]]


def annotate(
    content: bytes,
    filename: str,
    mapping: dict[str, Any],
    remarks: Remarks,
    kind: Kind | None = None,
) -> bytes:
    """An .xlsx. `remarks`: (field, sentence) by position of the sheet and number of the row; a
    sentence without a field stands in the column of remarks alone. The kind tells which column
    covers a field that has none of its own. Unreadable when the file is.
    """
    covers = {f: c.field for c in kind.columns for f in c.covers} if kind else {}
    by_sheet: dict[int, dict[int, Sequence[tuple[str, str]]]] = {}
    for (at, number), said in remarks.items():
        by_sheet.setdefault(at, {})[number] = said
    marks = {
        sheet["at"]: _marks(sheet, by_sheet.get(sheet["at"], {}), covers)
        for sheet in mapping["sheets"]
        if sheet["is_read"]
    }
    try:
        return marking.marked(content, marks, REMARKS)
    except marking.Unusual:
        return rewriting.rewritten(content, PurePath(filename).suffix, marks, REMARKS)


def name(filename: str) -> str:
    """What the annotated workbook is called."""
    stem = re.sub(f"（{REMARKS}）$", "", PurePath(filename).stem)
    return f"{stem}（{REMARKS}）.xlsx"


def _marks(
    sheet: dict[str, Any],
    rows: Mapping[int, Sequence[tuple[str, str]]],
    covers: Mapping[str, str],
) -> Marks:
    places = {c["field"]: (c["at"], c["heading"]) for c in sheet["columns"] if c["field"]}
    column = None
    for said in sheet["columns"]:
        if said["heading"].startswith(REMARKS):
            column = said["at"]
    cells: dict[int, dict[int, str]] = {}
    lines: dict[int, str] = {}
    for number, remarks in rows.items():
        words = []
        for field, sentence in remarks:
            place = places.get(field) or places.get(covers.get(field, ""))
            if place is None:
                words.append(sentence)
                continue
            at, heading = place
            words.append(f"{heading}：{sentence}")
            notes = cells.setdefault(number, {})
            notes[at] = f"{notes[at]}\n{sentence}" if at in notes else sentence
        lines[number] = "；".join(words)[:_LONGEST]
    return Marks(sheet["header"][1], column, cells, lines)
