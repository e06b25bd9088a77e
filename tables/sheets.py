"""Rows as a table for people: CSV and XLSX, each cell written by PostgreSQL itself.

A column is a heading and an expression; the rows stream out of COPY (`tables.copying`), so a
million of them need no more memory than ten. Texts stay texts: in CSV a cell that a spreadsheet
would take for a formula gets an apostrophe (`core.text.inert`), in XLSX every text is a string.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from psycopg2.sql import SQL

from core.text import FORMULA, inert
from tables.copying import Chunk, Statement, copied
from tables.skeleton import HEAD_ROWS, SHEET, Column, Heading, Skeleton, column_letter

MOST_SHEET_ROWS = 1_048_576 - 4  # title, line of unit and day, header and footer go off
_LONGEST_CELL = 32_767
_TEXT = '<is><t xml:space="preserve">'
# What XML 1.0 has no place for; U+FFFE and U+FFFF besides.
_NOT_XML = bytes([*range(9), 11, 12, *range(14, 32)])
_NOT_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
# A sheet below this needs no long sizes in its zip, which some old readers do not know.
_SHORT_SIZES = 500_000


class TooManyRows(Exception):
    """More rows than a sheet holds."""


def statement_of(rows: QuerySet[Any], columns: Sequence[Column]) -> Statement | None:
    """The SELECT of the columns in the order of the rows; None when no row can fulfil it."""
    compiler = rows.values_list(*[column.value for column in columns]).query.get_compiler(rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return Statement(sql, params)


def write_csv(
    rows: QuerySet[Any], columns: Sequence[Column], note: Callable[[int], None]
) -> Iterator[bytes]:
    """UTF-8 with BOM; texts in quotes, numbers bare. `note` gets the number of rows of a chunk."""
    head = io.StringIO()
    titles = [inert(column.title) for column in columns]
    csv.writer(head, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(titles)
    yield head.getvalue().encode("utf-8-sig")
    if (select := statement_of(rows, columns)) is None:
        return
    names = _names(columns)
    cells = ", ".join(
        name if column.is_number else f"{_inert(name)} AS {name}"
        for name, column in zip(names, columns, strict=True)
    )
    quoted = [name for name, column in zip(names, columns, strict=True) if not column.is_number]
    options = f"FORMAT csv, FORCE_QUOTE ({', '.join(quoted)})" if quoted else "FORMAT csv"
    for chunk in copied(_over(select, cells, names), options=options, using=rows.db):
        note(chunk.rows)
        yield chunk.data


def write_xlsx(
    rows: QuerySet[Any],
    columns: Sequence[Column],
    note: Callable[[int], None],
    *,
    heading: Heading,
    expected: int,
) -> Iterator[bytes]:
    """A workbook of one sheet, set up for print on A4; about `expected` rows.

    TooManyRows, in the middle of the stream, when the rows outgrow the sheet meanwhile.
    """
    skeleton = Skeleton.of(heading, columns)
    target = _Drain()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in skeleton.parts.items():
            book.writestr(name, content)
        is_long = expected > _SHORT_SIZES
        with book.open(SHEET, "w", force_zip64=is_long) as sheet:
            sheet.write(skeleton.before)
            written = 0
            for chunk in _sheet_rows(rows, columns, skeleton):
                written += chunk.rows
                if written > MOST_SHEET_ROWS:
                    raise TooManyRows
                sheet.write(_xml(chunk.data))
                note(chunk.rows)
                yield target.drained()
            sheet.write(skeleton.after(written))
    yield target.drained()


def _sheet_rows(
    rows: QuerySet[Any], columns: Sequence[Column], skeleton: Skeleton
) -> Iterator[Chunk]:
    """Each row as the XML of a sheet's row, made by PostgreSQL."""
    if (select := statement_of(rows, columns)) is None:
        return
    names = _names(columns)
    cells = ", ".join(
        _cell(name, column_letter(at), skeleton.styles[at], is_number=column.is_number)
        for at, (name, column) in enumerate(zip(names, columns, strict=True))
    )
    numbered = _over(select, f"*, (row_number() OVER () + {HEAD_ROWS})::text AS n", names)
    row = _over(numbered, f"""concat('<row r="', n, '">', {cells}, '</row>')""", [*names, "n"])
    # One column without quotes or escapes: both marks are characters that XML does not have,
    # and they are taken out with the others.
    yield from copied(row, options=r"FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02'", using=rows.db)


def _names(columns: Sequence[Column]) -> list[str]:
    return [f"c{at}" for at in range(len(columns))]


def _over(select: Statement, cells: str, names: Sequence[str]) -> Statement:
    parts = {"cells": SQL(cells), "rows": SQL(select.sql), "names": SQL(", ".join(names))}
    over = SQL("SELECT {cells} FROM ({rows}) AS t({names})").format(**parts)
    return Statement(over.as_string(None), select.params)


def _inert(name: str) -> str:
    """`core.text.inert` in SQL."""
    signs = ", ".join(str(ord(sign)) for sign in FORMULA)
    return f"CASE WHEN ascii({name}) IN ({signs}) THEN '''' || {name} ELSE {name} END"


def _cell(name: str, letter: str, style: str, *, is_number: bool) -> str:
    """The pieces of `concat` that make the XML of one cell, empty or not."""
    kept = (
        f"CASE WHEN octet_length({name}) > {_LONGEST_CELL}"
        f" THEN left({name}, {_LONGEST_CELL}) ELSE {name} END"
    )
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        kept = f"replace({kept}, '{sign}', '{entity}')"
    is_given, kind, start, end = f"{name} <> ''", ' t="inlineStr"', _TEXT, "</t></is></c>"
    if is_number:
        is_given, kept, kind, start, end = f"{name} IS NOT NULL", name, "", "<v>", "</v></c>"
    return (
        f"""'<c r="{letter}', n, CASE WHEN {is_given} THEN"""
        f""" '" s="{style}"{kind}>{start}' || {kept} || '{end}' ELSE '" s="{style}"/>' END"""
    )


def _xml(rows: bytes) -> bytes:
    """Without the characters that XML has no place for; line ends as XML reads them."""
    data = rows.replace(b"\r\n", b"\n").translate(_LINE_ENDS, _NOT_XML)
    for character in _NOT_CHARACTERS:
        data = data.replace(character, b"")
    # Spreadsheets read _x0041_ as A, so a text that has those very characters says so.
    return re.sub(rb"_(?=x[0-9A-Fa-f]{4}_)", b"_x005F_", data) if b"_x" in data else data


_LINE_ENDS = bytes.maketrans(b"\r", b"\n")


class _Drain(io.RawIOBase):
    """A file that is written to at one end and taken away at the other, as a zip streams."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def drained(self) -> bytes:
        data = b"".join(self._parts)
        self._parts = []
        return data
