"""A file as offices have it, as sheets and rows; nothing in a cell is judged here.

.xlsx, .xlsm, .xls, .et and .ods by calamine in a child process, CSV and TSV in UTF-8, UTF-16,
GBK and GB18030, and web pages under the name of .xls. What a file is stands in its content:
names lie. Rows carry the number that the user's own program shows beside them.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import re
import select
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _

from core.text import squeeze
from rosters import child, plain_tables, unpacking
from rosters.kinds import Cell
from rosters.plain_tables import Line, Merge
from rosters.unpacking import Failed

MAX_BYTES = 50 * 2**20
MAX_ROWS = 200_000
_SILENT = 90  # seconds without a line from the child
_TOGETHER = 500

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")  # a database takes no NUL
_FILLERS = {"/", "-", "--", "—", "——", "\\"}
# Most cells: nothing to trim, no wrapping, no filler.
_AS_IT_IS = re.compile(
    r"[^\s'=/\\—\-\x00-\x20\x7f\u200b-\u200f\u2060\ufeff\u3000－／]"
    r"(?:[^\s\x00-\x1f\x7f\u3000]|(?<! ) (?! |$))*"
)
_OLE2 = b"\xd0\xcf\x11\xe0"
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"{\\rtf", "RTF"),
)
# Files of other programs that are zips too, by an entry in them.
_ZIPPED = (("word/", "Word"), ("ppt/", "PowerPoint"), ("Index/", "Numbers"), ("OFD.xml", "OFD"))


class Unreadable(Exception):
    """The file as a whole cannot be read; `str()` is a sentence for the user."""


class Sheet(NamedTuple):
    at: int  # position in the workbook, from 0
    name: str
    is_hidden: bool
    height: int  # rows of the used range
    merges: list[Merge] | None  # in order; None where the format does not tell


class Part(NamedTuple):
    """Rows of a sheet that follow one another; a sheet without rows has one empty part."""

    sheet: Sheet
    first: int  # the number of the first of them, from 1
    rows: Sequence[Sequence[object]]


def check(content: bytes) -> None:
    """Unreadable for what can be said of a file at once, before anything is parsed."""
    _checked(content)


def _checked(content: bytes) -> dict[int, Failed]:
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise Unreadable(
            _("The file is larger than %(size)s MB. Split it up.") % {"size": MAX_BYTES >> 20}
        )
    for mark, program in _OTHERS:
        if content.startswith(mark):
            raise Unreadable(_another(program))
    if content.startswith(b"PK"):
        return _check_zip(content)
    if content.startswith(_OLE2):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable(_locked())
        if "WordDocument".encode("utf-16-le") in content:
            raise Unreadable(_another("Word"))
    else:
        _text_of(content)
    return {}


def parts(content: bytes, *, most: int = 0, only: Collection[int] = ()) -> Iterator[Part]:
    """Sheet after sheet, its rows as they stand: so many of each, of these sheets (none: all)."""
    failed = _checked(content)
    if content.startswith((b"PK", _OLE2)):
        for part in _workbook(content, most, only):
            yield _with_failed(part, failed.get(part.sheet.at, {}))
        return
    text = _text_of(content)
    if _is_page(text):
        page = plain_tables.Page()
        page.feed(text)
        page.close()
        yield from _gathered(
            Sheet(0, "", False, len(page.rows), sorted(page.merges)), iter(page.rows), most
        )
        return
    try:
        # Line breaks within cells make it a little more than there are rows.
        sheet = Sheet(0, "", False, text.count("\n") + (not text.endswith("\n")), None)
        yield from _gathered(sheet, plain_tables.parted(text), most)
    except csv.Error as error:
        raise Unreadable(_("The CSV file is broken. Save it again from Excel or WPS.")) from error


def _gathered(sheet: Sheet, lines: Iterator[Line], most: int) -> Iterator[Part]:
    first, wanted = 1, islice(lines, most or None)
    while together := list(islice(wanted, _TOGETHER)):
        yield Part(sheet, first, together)
        first += len(together)
    if first == 1:
        yield Part(sheet, 1, [])


def _with_failed(part: Part, failed: Failed) -> Part:
    """The reader leaves cells of failed formulas blank; so that they are said, they come back."""
    if not failed:
        return part
    rows = [list(row) for row in part.rows]
    for number, row in enumerate(rows, part.first):
        for at, text in failed.get(number, {}).items():
            row.extend([""] * (at + 1 - len(row)))
            row[at] = text
    return part._replace(rows=rows)


def cell(value: object) -> Cell | None:
    """A cell without the wrappings that keep digits from becoming a number; None when blank."""
    if isinstance(value, str):
        return value if _AS_IT_IS.fullmatch(value) else _text(value)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, list):
        return dt.date.fromisoformat(value[0])
    return None


def _text(value: str) -> str | None:
    text = re.sub(r"\s+", " ", _CONTROL.sub("", value)).strip()
    if wrapped := re.fullmatch(r'="([^"]*)"', text):
        text = wrapped[1].strip()
    if re.match(r"'[\d=+\-@]", text):
        text = text[1:]
    plain = squeeze(text)
    return None if not plain or plain in _FILLERS else text


# -- what kind of file ------------------------------------------------------------------------


def _check_zip(content: bytes) -> dict[int, Failed]:
    """What failed formulas show, by sheet."""
    try:
        packed = unpacking.look(content)
    except unpacking.Broken as error:
        raise Unreadable(_broken()) from error
    except unpacking.TooMuch as error:
        raise Unreadable(_("The workbook unpacks to too much. Save a plain copy of it.")) from error
    except unpacking.FarAway as far:
        raise Unreadable(
            _("A cell stands far outside the table (row %(row)s). Delete it and save again.")
            % {"row": far.row}
        ) from far
    names = packed.names
    if any(name.startswith(("xl/", "content.xml")) for name in names):
        return packed.failed
    for start, program in _ZIPPED:
        if any(name.startswith(start) for name in names):
            raise Unreadable(_another(program))
    raise Unreadable(_("This is an archive. Unpack it and choose the workbook in it."))


def _text_of(content: bytes) -> str:
    try:
        text = plain_tables.decoded(content)
    except plain_tables.NoText:
        raise Unreadable(_wrong_type()) from None
    start = text[:4_000].lstrip().lower()
    if start.startswith("mime-version:") or "urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise Unreadable(
            _("This is a web archive or an XML table. Open it in Excel or WPS, save it as .xlsx.")
        )
    if start.startswith(("<?xml", "<!doctype", "<html", "<table")) and not _is_page(text):
        raise Unreadable(_wrong_type())
    return text


def _is_page(text: str) -> bool:
    start = text[:200].lstrip().lower()
    is_marked = start.startswith(("<!doctype html", "<html", "<table", "<?xml", "<meta", "<style"))
    return is_marked and "<table" in text.lower() and "<tr" in text.lower()


def _workbook(content: bytes, most: int, only: Collection[int]) -> Iterator[Part]:
    """By a child process (see rosters/child.py): the reader is native code and may break down."""
    command = [sys.executable, "-I", str(Path(child.__file__)), str(most), *map(str, only)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    )
    feeding = threading.Thread(target=_feed, args=(process.stdin, content), daemon=True)
    feeding.start()
    try:
        is_whole = False
        sheet, first = Sheet(0, "", False, 0, None), 1
        for line in _lines(process.stdout):
            if isinstance(line, dict):
                if first == 1 and sheet.name:
                    yield Part(sheet, 1, [])
                sheet, first = _sheet(line), 1
            elif isinstance(line, list):
                yield Part(sheet, first, line)
                first += len(line)
            else:
                is_whole = True
        if not is_whole:
            locked = process.wait() == child.PASSWORD
            raise Unreadable(_locked() if locked else _broken())
        if first == 1 and sheet.name:
            yield Part(sheet, 1, [])
    finally:
        process.kill()
        process.wait()
        feeding.join()
        if process.stdout:
            process.stdout.close()


def _feed(pipe: IO[bytes] | None, content: bytes) -> None:
    """A child that ended closes its end: what it left unread is of no use."""
    if pipe is None:
        return
    try:
        with pipe:
            view = memoryview(content)
            while view:
                view = view[pipe.write(view) :]
    except OSError:
        return


def _lines(pipe: IO[bytes] | None) -> Iterator[Any]:
    if pipe is None:
        return
    kept: list[bytes] = []
    while True:
        if not select.select([pipe], [], [], _SILENT)[0]:
            return
        chunk = os.read(pipe.fileno(), 1 << 18)
        if not chunk:
            return
        *whole, rest = chunk.split(b"\n")
        for end in whole:
            yield json.loads(b"".join([*kept, end]))
            kept = []
        kept.append(rest)


def _sheet(line: dict[str, Any]) -> Sheet:
    merges = line["merges"]
    return Sheet(
        line["at"],
        line["name"],
        line["hidden"],
        line["height"],
        None if merges is None else [(a, b, c, d) for a, b, c, d in merges],
    )


# -- sentences --------------------------------------------------------------------------------


def _broken() -> str:
    return _("The workbook is broken. Open it in Excel or WPS and save it again.")


def _locked() -> str:
    return _("The workbook has a password. Take it off and save again.")


def _wrong_type() -> str:
    return _("This is not a table. Files in .xlsx, .xls, .et, .ods and .csv can be read.")


def _another(program: str) -> str:
    return _(
        "This is a %(program)s file, not a table. Copy the table into Excel or WPS, save as .xlsx."
    ) % {"program": program}
