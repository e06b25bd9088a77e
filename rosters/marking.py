"""Marks written into the parts of an .xlsx, everything else left byte for byte as it was.

A library that loads and saves a workbook loses what it does not know (pictures, charts, newer
pick-lists) and takes the memory of all cells. Here the sheet streams by; only rows with a mark
are taken apart. What is not built as Excel, WPS, LibreOffice and the usual libraries build it is
Unusual, and written anew by rosters/rewriting.py.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from rosters.marks import Marks
from rosters.package import sheet_paths
from rosters.plain_tables import Merge
from rosters.sheet_notes import Notes
from rosters.sheet_styles import Styles
from rosters.xml_pieces import elements, letters, position, spans, tag

_PLAIN_BOOK = (
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"  # no macros
)
_NUMBER = re.compile(rb'<row\b[^>]*?\sr="(\d+)"')
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})\d+"')
_STYLE = re.compile(rb'\ss="(\d+)"')
_FILLED = re.compile(rb'<c\b[^>]*?\sr="([A-Z]{1,3})\d+"(?:>|[^>]*[^/>]>)')
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_UNUSED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_CHUNK = 1 << 20
_WIDTH = 60  # of the column of remarks, in characters


class Unusual(Exception):
    """The workbook is built in a way that is not edited in place."""


def marked(content: bytes, marks: Mapping[int, Marks], heading: str) -> bytes:
    """The same workbook with these marks, by position of the sheet."""
    if not content.startswith(b"PK"):
        raise Unusual("no zip")
    target = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as source,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book,
        ):
            _Marker(source, marks, heading).write(book)
    except (KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise Unusual(str(error)) from error
    return target.getvalue()


class _Marker:
    def __init__(self, source: zipfile.ZipFile, marks: Mapping[int, Marks], heading: str) -> None:
        self.source = source
        self.heading = heading
        self.types = source.read("[Content_Types].xml")
        if _PLAIN_BOOK not in self.types:
            raise Unusual("macros, a template or strict")
        paths = sheet_paths(source)
        self.marks = {paths[at]: its for at, its in marks.items()}
        self.styles = Styles(source.read("xl/styles.xml"))
        self.written: dict[str, bytes] = {}  # small parts, changed or new

    def write(self, book: zipfile.ZipFile) -> None:
        names = self.source.namelist()
        for path, wanted in self.marks.items():
            width, merges = _survey(self.source, path)
            marks = wanted.over(merges)
            notes = Notes(self.source, path, names, self.heading, marks.cells)
            with book.open(_like(self.source.getinfo(path)), "w", force_zip64=True) as out:
                for part in self._sheet(path, marks, width, notes):
                    out.write(part)
            self.written |= notes.parts()
            self.types = notes.typed(self.types)
        self.written["xl/styles.xml"] = self.styles.xml()
        self.written["[Content_Types].xml"] = self.types
        for info in self.source.infolist():
            if info.filename not in self.marks:
                content = self.written.pop(info.filename, None)
                if content is None:
                    content = self.source.read(info)
                book.writestr(_like(info), content)
        for name, content in self.written.items():
            book.writestr(name, content)

    def _sheet(self, path: str, marks: Marks, width: int, notes: Notes) -> Iterator[bytes]:
        column = width if marks.column is None else marks.column
        rows = _Rows(marks, column, self.heading, self.styles)
        before = True
        rest = b""
        for chunk in _chunks(self.source, path):
            rest += chunk
            if before:
                start = rest.find(b"<sheetData")
                if start < 0:
                    continue
                head, rest = rest[:start], rest[start:]
                if not re.search(rb"<worksheet\b", head) or b"<![CDATA[" in head:
                    raise Unusual("prefixed")
                yield _widened(_spread(head, column), column)
                before = False
            last = end = 0
            for start, end in spans(rest, b"row"):
                if (changed := rows.changed(rest, start, end)) is not None:
                    yield rest[last:start]
                    yield changed
                    last = end
            yield rest[last:end]
            rest = rest[end:]
        if before or rows.is_waiting:
            raise Unusual("rows that are not there")
        yield notes.linked(rest)


class _Rows:
    """The rows of one sheet, one after another."""

    def __init__(self, marks: Marks, column: int, heading: str, styles: Styles) -> None:
        self.marks = marks
        self.column = column
        self.letters = letters(column)
        self.heading = heading
        self.styles = styles
        self._wanted = {marks.heading, *marks.lines, *marks.cells}
        self._left = set(self._wanted)

    @property
    def is_waiting(self) -> bool:
        return bool(self._left)

    def changed(self, xml: bytes, start: int, end: int) -> bytes | None:
        """The row that stands there with its marks; None when it stays as it is."""
        found = _NUMBER.match(xml, start, end)
        if found is None:
            raise Unusual("rows without a number")
        number = int(found[1])
        is_wanted = number in self._wanted
        had_remark = self.marks.column is not None and number > self.marks.heading
        may_be_marked = is_wanted or had_remark or self.styles.has_marks
        if not may_be_marked:
            return None
        row = xml[start:end]
        if b"<![CDATA[" in row:
            raise Unusual("text in sections")
        if not is_wanted and not had_remark and not self.styles.has_marked(row):
            return None
        self._left.discard(number)
        return self._written(number, row)

    def _written(self, number: int, row: bytes) -> bytes:
        opening = re.sub(rb'\sspans="[^"]*"|/(?=>$)', b"", tag(row))
        cells: dict[int, bytes] = {}
        for cell in elements(row, b"c"):
            place = _PLACE.search(tag(cell))
            if place is None:
                raise Unusual("cells without a place")
            cells[position(place[1])] = self.styles.unmarked(cell)
        for at in self.marks.cells.get(number, ()):
            blank = b'<c r="%s%d"/>' % (letters(at), number)
            cells[at] = self.styles.marked(cells.get(at, blank))
        cells.pop(self.column, None)
        if number == self.marks.heading:
            last = max((at for at in cells if at < self.column), default=None)
            style = None if last is None else _STYLE.search(tag(cells[last]))
            cells[self.column] = self._text(number, self.heading, int(style[1]) if style else 0)
        elif line := self.marks.lines.get(number):
            cells[self.column] = self._text(number, line, 0)
        return opening + b"".join(cells[at] for at in sorted(cells)) + b"</row>"

    def _text(self, number: int, text: str, style: int) -> bytes:
        clean = escape(_UNUSED.sub("", text)).encode()
        return b'<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (
            self.letters, number, style, clean,
        )  # fmt: skip


def _chunks(source: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    with source.open(path) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


def _survey(source: zipfile.ZipFile, path: str) -> tuple[int, list[Merge]]:
    """The first column to the right of all that is written, and the merged cells, from 0."""
    columns: set[bytes] = set()
    merges: list[Merge] = []
    carried = b""
    for chunk in _chunks(source, path):
        part = carried + chunk
        end = part.rfind(b"<")  # an opening tag that is cut off is seen with the next chunk
        columns.update(_FILLED.findall(part, 0, end))
        for left, top, right, low in _MERGED.findall(part, 0, end):
            merges.append((int(top) - 1, position(left), int(low) - 1, position(right)))
        carried = part[end:]
    return max(map(position, columns), default=-1) + 1, merges


def _spread(head: bytes, column: int) -> bytes:
    """The used range, with the column of remarks in it."""

    def wider(hit: re.Match[bytes]) -> bytes:
        right = max(position(hit[2]), column)
        return b'<dimension ref="%s:%s%s"' % (hit[1], letters(right), hit[3])

    return re.sub(rb'<dimension ref="([A-Z]+\d+):([A-Z]+)(\d+)"', wider, head)


def _widened(head: bytes, column: int) -> bytes:
    """The column of remarks wide enough to read; ranges of columns may not overlap."""
    number = column + 1
    ours = b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (number, number, _WIDTH)
    found = re.search(rb"<cols>(.*?)</cols>", head, re.DOTALL)
    if found is None:
        return head + b"<cols>" + ours + b"</cols>"
    kept: list[tuple[int, bytes]] = [(number, ours)]
    for col in re.findall(rb"<col\b[^>]*/>", found[1]):
        first, last = (int(_attribute(col, name)) for name in (b"min", b"max"))
        for low, high in ((first, min(last, number - 1)), (max(first, number + 1), last)):
            if low <= high:
                part = re.sub(rb'\bmin="\d+"', b'min="%d"' % low, col)
                kept.append((low, re.sub(rb'\bmax="\d+"', b'max="%d"' % high, part)))
    columns = b"".join(col for _first, col in sorted(kept))
    return head[: found.start()] + b"<cols>" + columns + b"</cols>" + head[found.end() :]


def _attribute(tag: bytes, name: bytes) -> bytes:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    if found is None:
        raise Unusual("an attribute is missing")
    return found[1]


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    copy = zipfile.ZipInfo(info.filename, info.date_time)
    copy.compress_type = zipfile.ZIP_DEFLATED
    copy.external_attr = info.external_attr
    return copy
