"""Reads a workbook from its standard input and writes its sheets as JSON: a process of its own.

The reader is native code. A broken .xls makes it panic, a crafted one take all the memory or
abort; here that ends a child with limits, not the server. Run as a script: it imports nothing
of Django and of this project.

Output: `[[sheet name, [row, …]], …]`; a date is `["2026-03-01"]`, other cells are JSON values.
Exit code 3 when the workbook has a password, 2 when it is none or broken.
"""

import contextlib
import datetime as dt
import io
import json
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

MEMORY = 2 * 2**30
SECONDS = 60
PASSWORD, BROKEN = 3, 2


def plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return [value.date().isoformat()]
    if isinstance(value, dt.date):
        return [value.isoformat()]
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return value


def main() -> int:
    # Where the system knows no such limit, the parent's own time-out remains.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except PasswordError:
        return PASSWORD
    except (CalamineError, OSError, ValueError, MemoryError):
        return BROKEN
    found = [[name, [[plain(value) for value in row] for row in rows]] for name, rows in sheets]
    json.dump(found, sys.stdout, ensure_ascii=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
