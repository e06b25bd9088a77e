"""A table as offices have it, read into rows by column name; nothing in a cell is judged here.

.xlsx and .xls by calamine, CSV in UTF-8, UTF-16, GBK and GB18030. What a file is stands in its
content: names lie. Rows carry the number that the user's own program shows beside them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import error as zlib_error

from django.utils.translation import gettext as _

from cadres import workbook_child
from core.text import squeeze

MAX_BYTES = 20 * 2**20
MAX_ROWS = 20_000
HEADER_WITHIN = 20  # rows
_MAX_ENTRIES = 2_000
_MAX_UNPACKED = 200 * 2**20
_MAX_RATIO = 500  # a sheet of blank styled rows packs 200 times; a bomb 1,000 times
_MAX_CELLS = 6_000_000

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")  # a database takes no NUL
_FILLERS = {"/", "-", "--", "—", "——", "\\"}
_FOOTER = re.compile(
    r"^(填表人|制表人|填报人|审核人|审核|负责人|联系人|联系电话|填表日期|填报日期|备注|注|说明):"
)
_SUMS = {"合计", "总计", "小计"}
# Cells with a value; styled blank ones (`<c …/>`) reach to the end of a sheet and cost nothing.
_CELL_AT = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]*[^/>])?>"""
)
_ROW_AT = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*?\s)?r=["'](\d{1,7})["']""")
_BARE_CELL = re.compile(rb"""<(?:\w+:)?c(?=[\s>])(?![^>]*\sr=["'])[^>]*>""")
_NO_TABLE = ("%pdf", "{\\rtf", "<html", "<!doctype", "<table", "<?xml")

Cell = str | int | float | dt.date
Grid = list[tuple[int, list[Cell | None]]]


class Unreadable(Exception):
    """The file as a whole cannot be read; `str()` is a sentence for the user."""


class Column(NamedTuple):
    name: str
    is_required: bool = False
    aliases: tuple[str, ...] = ()


class Row(NamedTuple):
    number: int  # as the user's sheet counts, from 1
    cells: dict[str, Cell]  # by column name; a blank cell has no entry


class Sheet(NamedTuple):
    rows: list[Row]
    ignored: list[str]  # headings that name no known column


def read(content: bytes, columns: Sequence[Column], *, max_rows: int = MAX_ROWS) -> Sheet:
    """The rows of the one sheet that has all required columns; Unreadable when there is none."""
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 20 MB. Split it up."))
    grids = [(name, grid) for name, grid in _grids(content) if grid]
    if not grids:
        raise Unreadable(_("The file is empty."))
    found = [(name, grid, _header(grid, columns)) for name, grid in grids]
    whole = [hit for hit in found if hit[2] and not _missing(hit[2][1], columns)]
    if len(whole) > 1:
        raise Unreadable(
            _("Several sheets hold a table: %(sheets)s. Keep one in the file.")
            % {"sheets": "、".join(name for name, _grid, _hit in whole)}
        )
    if not whole:
        raise Unreadable(_why_not([hit for _name, _grid, hit in found if hit], columns))
    return _rows(whole[0][1], *_sure(whole[0][2]), columns, max_rows)


def heading(text: str) -> str:
    """A heading without blanks, marks of being required and differences of width."""
    plain = squeeze(text).replace(" ", "")
    return re.sub(r"[*＊]|\(必填\)|\[必填\]|【必填】", "", plain)


# -- what kind of file ------------------------------------------------------------------------


def _grids(content: bytes) -> Iterator[tuple[str, Grid]]:
    if content.startswith(b"PK"):
        _check_zip(content)
        yield from _workbook(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable(_("The workbook has a password. Take it off and save again."))
        yield from _workbook(content)
    else:
        yield "", _csv(_decoded(content))


def _check_zip(content: bytes) -> None:
    """Refuse what would unpack to too much, before the reader unpacks it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(names) != len(entries):
                raise Unreadable(_broken())
            unpacked = sum(entry.file_size for entry in entries)
            if (
                len(entries) > _MAX_ENTRIES
                or unpacked > _MAX_UNPACKED
                or unpacked > max(len(content), 100_000) * _MAX_RATIO
            ):
                raise Unreadable(_("The workbook unpacks to too much. Save a plain copy of it."))
            if not any(name.startswith(("xl/", "content.xml")) for name in names):
                raise Unreadable(_wrong_type())
            for entry in entries:
                _check_entry(archive, entry)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError) as error:
        raise Unreadable(_broken()) from error
    except (RuntimeError, NotImplementedError, zlib_error) as error:  # encrypted, unknown packing
        raise Unreadable(_broken()) from error


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack once: zipfile stops at the declared size and then checks the sum, so that neither
    lies. A cell far away would make the reader lay out every cell before it."""
    is_sheet = entry.filename.startswith("xl/worksheets/")
    rows = columns = rows_of_bare_cells = 0
    has_bare_cells = False
    with archive.open(entry) as packed:
        carried = b""
        while chunk := packed.read(1 << 20):
            if not is_sheet:
                continue
            part = carried + chunk
            for hit in _CELL_AT.finditer(part):
                rows = max(rows, int(hit[2]))
                columns = max(columns, _column_number(hit[1]))
            for hit in _ROW_AT.finditer(part):
                rows_of_bare_cells = max(rows_of_bare_cells, int(hit[1]))
            has_bare_cells = has_bare_cells or _BARE_CELL.search(part) is not None
            carried = chunk[-300:]
    if has_bare_cells:
        rows, columns = max(rows, rows_of_bare_cells), max(columns, 50)
    if rows * columns > _MAX_CELLS:
        raise Unreadable(
            _("A cell stands far outside the table (row %(row)s). Delete it and save again.")
            % {"row": rows}
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _workbook(content: bytes) -> Iterator[tuple[str, Grid]]:
    """By a child process (see workbook_child): the reader is native code and may break down."""
    command = [sys.executable, "-I", str(Path(workbook_child.__file__))]
    try:
        run = subprocess.run(command, input=content, capture_output=True, timeout=90, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unreadable(_broken()) from error
    if run.returncode == workbook_child.PASSWORD:
        raise Unreadable(_("The workbook has a password. Take it off and save again."))
    if run.returncode:
        raise Unreadable(_broken())
    for name, lines in json.loads(run.stdout):
        yield name, _grid([[_dated(value) for value in line] for line in lines])


def _dated(value: object) -> object:
    return dt.date.fromisoformat(value[0]) if isinstance(value, list) else value


def _broken() -> str:
    return _("The workbook is broken. Open it in Excel or WPS and save it again.")


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
            break
        if text.lstrip().lower().startswith(_NO_TABLE):
            break
        return text
    raise Unreadable(_wrong_type())


def _wrong_type() -> str:
    return _("This is not a table. Files in .xlsx, .xls and .csv can be read.")


def _csv(text: str) -> Grid:
    start = text[:20_000]
    delimiter = max(",\t;", key=start.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(_("The CSV file is broken. Save it again from Excel or WPS.")) from error
    # 1985.10 typed into a spreadsheet is saved as 1985.1: it stays a number, so that it is asked.
    return _grid(
        [[float(v) if re.fullmatch(r"\d{4}\.1", v) else v for v in line] for line in lines]
    )


# -- cells ------------------------------------------------------------------------------------


def _grid(lines: Sequence[Sequence[object]]) -> Grid:
    grid = []
    for number, line in enumerate(lines, 1):
        cells = [_cell(value) for value in line]
        if any(cell is not None for cell in cells):
            grid.append((number, cells))
    return grid


def _cell(value: object) -> Cell | None:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | dt.date):
        return value
    return None


def _text(value: str) -> str | None:
    """The text of a cell, out of the wrappings that keep digits from becoming a number."""
    text = re.sub(r"\s+", " ", _CONTROL.sub("", value)).strip()
    if wrapped := re.fullmatch(r'="([^"]*)"', text):
        text = wrapped[1].strip()
    if re.match(r"'[\d=+\-@]", text):
        text = text[1:]
    plain = squeeze(text)
    return None if not plain or plain in _FILLERS else text


# -- header and rows --------------------------------------------------------------------------

Header = tuple[int, dict[int, str]]  # index in the grid, column name by position


def _header(grid: Grid, columns: Sequence[Column]) -> Header | None:
    """The row within the first twenty that holds the most known column names."""
    best: Header | None = None
    for index, (number, cells) in enumerate(grid):
        if number > HEADER_WITHIN:
            break
        known = _known(cells, columns)
        if len(known) >= 2 and (best is None or len(known) > len(best[1])):
            best = index, known
    return best


def _known(cells: list[Cell | None], columns: Sequence[Column]) -> dict[int, str]:
    """Column names by position; an exact name goes before an alias."""
    headings = [heading(cell) if isinstance(cell, str) else "" for cell in cells]
    names = {heading(column.name): column.name for column in columns}
    exact = {at: names[text] for at, text in enumerate(headings) if text in names}
    taken = set(exact.values())
    for column in columns:
        aliases = {heading(alias) for alias in column.aliases}
        places = [at for at, text in enumerate(headings) if text in aliases]
        if places and column.name not in taken:
            exact[places[0]] = column.name
    return exact


def _missing(known: dict[int, str], columns: Sequence[Column]) -> list[str]:
    return [c.name for c in columns if c.is_required and c.name not in known.values()]


def _why_not(headers: list[Header], columns: Sequence[Column]) -> str:
    if not headers:
        return _(
            "No heading was found in the first 20 rows. It must hold these columns: %(columns)s."
        ) % {"columns": "、".join(c.name for c in columns if c.is_required)}
    best = max(headers, key=lambda header: len(header[1]))
    return _("Required columns are missing: %(columns)s.") % {
        "columns": "、".join(_missing(best[1], columns))
    }


def _sure(header: Header | None) -> Header:
    if header is None:
        raise ValueError("a sheet without a header was chosen")
    return header


def _rows(
    grid: Grid, index: int, known: dict[int, str], columns: Sequence[Column], max_rows: int
) -> Sheet:
    if twice := {name for name in known.values() if list(known.values()).count(name) > 1}:
        raise Unreadable(
            _("A column stands in the table twice: %(columns)s.")
            % {"columns": "、".join(sorted(twice))}
        )
    rows = [
        Row(
            number,
            {known[at]: cell for at, cell in enumerate(cells) if at in known and cell is not None},
        )
        for number, cells in grid[index + 1 :]
        if not _is_footer(cells)
    ]
    rows = [row for row in rows if row.cells]
    if not rows:
        raise Unreadable(_("There is a heading, but no row below it."))
    if len(rows) > max_rows:
        raise Unreadable(
            _("The table has %(rows)s rows; at most %(most)s are read at once. Split it up.")
            % {"rows": len(rows), "most": max_rows}
        )
    ignored = [
        squeeze(cell)
        for at, cell in enumerate(grid[index][1])
        if at not in known and isinstance(cell, str)
    ]
    return Sheet(rows, ignored)


def _is_footer(cells: list[Cell | None]) -> bool:
    """填表人：…, 审核人：…, a note or a row of sums: no person."""
    first = next((cell for cell in cells if cell is not None), None)
    if not isinstance(first, str):
        return False
    plain = squeeze(first).replace(" ", "")
    return bool(_FOOTER.match(plain)) or plain in _SUMS
