"""Zipped workbooks looked at before the reader unpacks them: bombs, and cells far away."""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple
from zlib import error as zlib_error

from rosters.package import sheet_paths
from rosters.xml_pieces import position

_MAX_ENTRIES = 2_000
_MAX_UNPACKED = 400 * 2**20
_MAX_RATIO = 500  # a sheet of blank styled rows packs 200 times; a bomb 1,000 times
_MAX_CELLS = 8_000_000
# Cells with a value; styled blank ones (`<c …/>`) reach to the end of a sheet and cost nothing.
_CELL_AT = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]*[^/>])?>"""
)
# The same where every cell begins like this, as nearly all programs write it: four times as quick.
_PLAIN_CELL_AT = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:>|[^>]*[^/>]>)')
_FAILED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*\bt="e"[^>]*>'
    rb"(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>(#[^<]{1,20})"
)
_LONGEST_CELL = 16_000  # bytes that are looked at again with the next piece
_ROW_AT = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*?\s)?r=["'](\d{1,7})["']""")
_BARE_CELL = re.compile(rb"""<(?:\w+:)?c(?=[\s>])(?![^>]*\sr=["'])[^>]*>""")


Failed = dict[int, dict[int, str]]


class Broken(Exception):
    """No zip, a damaged or a lying one."""


class TooMuch(Exception):
    """It would unpack to more than a workbook of people does."""


class FarAway(Exception):
    """A cell stands in the row `row`, far outside any table."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row}")
        self.row = row


class Packed(NamedTuple):
    names: set[str]
    # What failed formulas show, by sheet of an .xlsx, row from 1 and column from 0: the reader
    # gives blanks for them.
    failed: dict[int, Failed]


def look(content: bytes) -> Packed:
    """What a zip holds, when it is whole and within measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            found = {entry.filename for entry in entries}
            unpacked = sum(entry.file_size for entry in entries)
            if len(found) != len(entries):
                raise Broken("two entries of one name")
            if (
                len(entries) > _MAX_ENTRIES
                or unpacked > _MAX_UNPACKED
                or unpacked > max(len(content), 100_000) * _MAX_RATIO
            ):
                raise TooMuch(f"{unpacked} bytes")
            failed = {entry.filename: _check(archive, entry) for entry in entries}
            paths = _paths(archive) if any(failed.values()) else []
            return Packed(found, {at: failed.get(path, {}) for at, path in enumerate(paths)})
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError) as error:
        raise Broken(str(error)) from error
    except (RuntimeError, NotImplementedError, zlib_error) as error:  # encrypted, unknown packing
        raise Broken(str(error)) from error


def _paths(archive: zipfile.ZipFile) -> list[str]:
    try:
        return sheet_paths(archive)
    except (KeyError, ValueError):
        return []


def _check(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Failed:
    """Unpack once: zipfile stops at the declared size and then checks the sum, so that neither
    lies. A cell far away would make the reader lay out every cell before it."""
    is_sheet = entry.filename.startswith("xl/worksheets/")
    rows = columns = rows_of_bare_cells = 0
    has_bare_cells = False
    failed: Failed = {}
    with archive.open(entry) as packed:
        carried = b""
        while chunk := packed.read(1 << 20):
            if not is_sheet:
                continue
            part = carried + chunk
            # Sets of what stands there, for a sheet has few columns and many cells.
            is_plain = part.count(b'<c r="') == part.count(b"<c") - part.count(b"<col")
            found = (_PLAIN_CELL_AT if is_plain and b":c" not in part else _CELL_AT).findall(part)
            rows = max([rows, *map(int, {row for _letters, row in found})])
            columns = max(
                [columns, *(position(name) + 1 for name in {name for name, _row in found})]
            )
            rows_of_bare_cells = max([rows_of_bare_cells, *map(int, _ROW_AT.findall(part))])
            has_bare_cells = has_bare_cells or (not is_plain and bool(_BARE_CELL.search(part)))
            if b't="e"' in part:
                for name, row, text in _FAILED.findall(part):
                    failed.setdefault(int(row), {})[position(name)] = text.decode()
            carried = part[max(part.rfind(b"<c "), len(part) - _LONGEST_CELL) :]
    if has_bare_cells:
        rows, columns = max(rows, rows_of_bare_cells), max(columns, 50)
    if rows * columns > _MAX_CELLS:
        raise FarAway(rows)
    return failed
