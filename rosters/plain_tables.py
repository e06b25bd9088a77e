"""Tables without a workbook around them: CSV, TSV, and web pages saved under the name of .xls."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser

_ENCODING = re.compile(rb"""charset=["']?([\w-]{3,20})""", re.IGNORECASE)
_UNUSED = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_SPANNED = 500  # rows or columns; more is a mistake of the program that wrote it

Line = list[object]
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0


class NoText(Exception):
    """The bytes are text in none of the encodings that offices use."""


def decoded(content: bytes) -> str:
    """UTF-16 by its mark, what the page says of itself, UTF-8, else GB18030 (GBK is a part)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
        if said := _ENCODING.search(content[:2_000]):
            # A page that says gb2312 holds names that only GB18030 has.
            encodings = ["utf-8-sig"] if said[1].lower() == b"utf-8" else ["gb18030", "utf-8-sig"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _UNUSED.search(text):
            return text
    raise NoText


def parted(text: str) -> Iterator[Line]:
    """The lines of a CSV or TSV; csv.Error when it is broken."""
    start = text[:20_000]
    delimiter = max(",\t;", key=start.count)
    for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        # 1985.10 typed into a spreadsheet is saved as 1985.1: it stays a number, so that it is
        # asked.
        yield [float(v) if re.fullmatch(r"\d{4}\.1", v) else v for v in line]


class Page(HTMLParser):
    """The tables of a web page one below the other, with the cells that span several."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Line] = []
        self.merges: list[Merge] = []
        self._spanned: dict[int, int] = {}  # rows still covered from above, by column
        self._words: list[str] | None = None
        self._span = (1, 1)
        self._unseen = 0  # depth within script and style

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._unseen += 1
        elif tag == "table":
            self._end_cell()
            self._spanned = {}
        elif tag == "tr":
            self._end_cell()
            self._spanned = {at: left - 1 for at, left in self._spanned.items() if left > 1}
            self.rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            if not self.rows:
                self.rows.append([])
            said = dict(attrs)
            self._span = _span(said.get("rowspan")), _span(said.get("colspan"))
            self._words = []
        elif tag == "br" and self._words is not None:
            self._words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._unseen = max(0, self._unseen - 1)
        elif tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._words is not None and not self._unseen:
            self._words.append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self._words is None:
            return
        text, self._words = "".join(self._words), None
        row, (high, wide) = self.rows[-1], self._span
        while self._spanned.get(len(row)):
            row.append("")
        at, number = len(row), len(self.rows) - 1
        row.extend([text, *[""] * (wide - 1)])
        if high > 1:
            # Counted down at each further row; this one is the first.
            self._spanned.update(dict.fromkeys(range(at, at + wide), high))
        if high > 1 or wide > 1:
            self.merges.append((number, at, number + high - 1, at + wide - 1))


def _span(said: str | None) -> int:
    digits = (said or "1").strip()
    return min(int(digits), _MOST_SPANNED) or 1 if digits.isdecimal() and len(digits) < 6 else 1
