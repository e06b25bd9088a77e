"""Files as offices send them, made for tests; the people are invented."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from cadres import identity


def id_number(*, born: str = "19850703", order: str = "123", area: str = "330523") -> str:
    """An invented number with a right check digit; an odd order is a man's."""
    first = f"{area}{born}{order}"
    return first + identity.check_digit(first)


def xlsx(*rows: Sequence[Any], sheets: dict[str, list[Sequence[Any]]] | None = None) -> bytes:
    """A workbook; cells keep their types (a str is a text cell, a date a date cell)."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "default_date_format": "yyyy/m/d"}
    book = xlsxwriter.Workbook(target, options)
    for name, lines in (sheets or {"Sheet1": list(rows)}).items():
        sheet = book.add_worksheet(name)
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                if value is not None:
                    sheet.write(at, column, value)
    book.close()
    return target.getvalue()


def csv(*rows: Sequence[str], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(row) + "\r\n" for row in rows).encode(encoding)
