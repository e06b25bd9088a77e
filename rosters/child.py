"""Reads a workbook from its standard input and writes its sheets as lines of JSON: a process of
its own.

The reader is native code. A broken .xls makes it panic, a crafted one take all the memory or
abort; here that ends a child with limits, not the server. Run as a script: it imports nothing
of Django and of this project.

Arguments: how many rows of each sheet (0: all), and the positions of the sheets (none: all).
Output, a line each: `{"at", "name", "hidden", "height", "merges"}` for a sheet, then its rows in
lists of some hundred; at the very end `"end"`. Merged ranges are `[first row, first column, last
row, last column]` from 0, or null where the format does not tell. A date is `["2026-03-01"]`,
other cells are JSON values; blanks at the end of a row are left off.
Exit code 3 when the workbook has a password, 2 when it is none or broken.
"""

import contextlib
import datetime as dt
import io
import itertools
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

MEMORY = 2 * 2**30
SECONDS = 120
PASSWORD, BROKEN = 3, 2
_TOGETHER = 500  # rows a line


def plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return [value.date().isoformat()]
    if isinstance(value, dt.date):
        return [value.isoformat()]
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return value


def cells(row: list[Any]) -> list[object]:
    while row and row[-1] == "":
        row.pop()
    return [value if type(value) in (str, float) else plain(value) for value in row]


def lines(book: CalamineWorkbook, most: int, only: set[int]) -> Iterator[object]:
    for at, about in enumerate(book.sheets_metadata):
        if only and at not in only:
            continue
        sheet = book.get_sheet_by_index(at)
        merges = sheet.merged_cell_ranges
        yield {
            "at": at,
            "name": about.name,
            "hidden": about.visible != SheetVisibleEnum.Visible,
            "height": sheet.end[0] + 1 if sheet.end else 0,
            "merges": None if merges is None else [[*a, *b] for a, b in sorted(merges)],
        }
        rows = itertools.islice(sheet.iter_rows(), most or None)
        while together := [cells(row) for row in itertools.islice(rows, _TOGETHER)]:
            yield together
    yield "end"


def main() -> int:
    # Where the system knows no such limit, the parent's own time-out remains.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    most, only = int(sys.argv[1]), {int(at) for at in sys.argv[2:]}
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for line in lines(book, most, only):
            json.dump(line, out, ensure_ascii=False, separators=(",", ":"))
            out.write("\n")
        out.flush()
    except PasswordError:
        return PASSWORD
    except (CalamineError, OSError, ValueError, MemoryError):
        return BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
