"""Pieces of a workbook's XML, found without taking the whole apart; and the names of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator


def spans(xml: bytes, name: bytes) -> Iterator[tuple[int, int]]:
    """From where to where each whole element of this name goes; none of them holds another.

    Linear in length whatever stands there, which a regular expression would not be.
    """
    opening, closing = b"<" + name, b"</" + name + b">"
    at = xml.find(opening)
    while at >= 0:
        end = xml.find(b">", at)
        if end < 0:
            return
        if xml[at + len(opening)] not in b" \t\r\n/>":
            at = xml.find(opening, at + 1)
            continue
        if xml[end - 1] != ord("/"):
            close = xml.find(closing, end)
            if close < 0:
                return
            end = close + len(closing) - 1
        yield at, end + 1
        at = xml.find(opening, end)


def elements(xml: bytes, name: bytes) -> list[bytes]:
    return [xml[start:end] for start, end in spans(xml, name)]


def replaced(xml: bytes, name: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The XML with each such element as `change` gives it."""
    pieces, last = [], 0
    for start, end in spans(xml, name):
        pieces += [xml[last:start], change(xml[start:end])]
        last = end
    return b"".join([*pieces, xml[last:]])


def tag(element: bytes) -> bytes:
    """The opening tag."""
    return element[: element.index(b">") + 1]


def letters(column: int) -> bytes:
    """A, B … Z, AA … of a column from 0."""
    name = b""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = bytes([65 + rest]) + name
    return name


def position(name: bytes) -> int:
    """Of a column by its letters, from 0."""
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number - 1
