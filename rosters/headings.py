"""Which heading names which column: a proposal that the user sees and corrects.

A heading may stand in two or three rows (全日制教育 over 学历学位), in any order of columns, under
the names that offices use, or under the one that this office taught us. What is only likely is
proposed as a doubt and never taken without being seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.text import squeeze
from rosters.book import Part, Sheet, Unreadable, cell, parts
from rosters.columns import Heading, Named, Words
from rosters.kinds import Kind
from rosters.models import KnownHeading
from rosters.skipping import Filling, Skipping
from units.models import Unit

HEADER_WITHIN = 20  # rows
_HEAD = 60  # rows of a sheet that a proposal is made from
_TALLEST = 3  # rows of a heading
_SAMPLES = 3
_MOST_COLUMNS = 200

Mapped = dict[str, Any]


def heading(text: str) -> str:
    """A heading without blanks, marks of being required and differences of width."""
    plain = squeeze(text).replace(" ", "")
    return re.sub(r"[*＊★]|\((必填|选填|必填项)\)|\[必填\]|【必填】|[:：]$", "", plain)


def propose(content: bytes, kind: Kind, unit: Unit) -> Mapped:
    """The mapping of the columns of each sheet (see rosters/models.py); Unreadable for a file
    that holds no table at all.

    `{"sheets": [{"at", "name", "is_read", "is_hidden", "rows", "header": [first, last],
    "columns": [{"at", "heading", "field"}], "samples": [[text by position]]}],
    "doubts": [sentence]}`
    """
    words = Words(kind.columns, _known(unit, kind.code), heading)
    return _judged([_proposed(part, words, kind) for part in _heads(content)], kind)


def again(
    content: bytes, kind: Kind, unit: Unit, mapping: Mapped, headers: Mapping[int, Sequence[int]]
) -> Mapped:
    """The mapping with other heading rows in some sheets, and their columns proposed anew."""
    words = Words(kind.columns, _known(unit, kind.code), heading)
    sheets = {sheet["at"]: sheet for sheet in mapping["sheets"]}
    for part in _heads(content):
        if part.sheet.at in headers:
            first, last = headers[part.sheet.at]
            found = _Table(part).under(first, last, words)
            sheets[part.sheet.at] = {**_described(part, found), "is_read": True, "doubts": []}
    return {
        "sheets": [{k: v for k, v in s.items() if k != "doubts"} for s in sheets.values()],
        "doubts": [],
    }


def is_sure(mapping: Mapped, kind: Kind) -> bool:
    """Whether the columns can be taken as proposed, without being confirmed."""
    is_read = any(sheet["is_read"] for sheet in mapping["sheets"])
    return is_read and not mapping["doubts"] and not missing(mapping, kind)


def missing(mapping: Mapped, kind: Kind) -> list[str]:
    """Names of required columns that some sheet to be read does not have."""
    lacking = {
        name
        for sheet in mapping["sheets"]
        if sheet["is_read"]
        for name in _missing([column["field"] for column in sheet["columns"]], kind)
    }
    return [column.name for column in kind.columns if column.name in lacking]


def remember(unit: Unit, kind: str, corrections: Mapping[str, str], by: User | None) -> None:
    """What a heading means in the files of this unit and of those below it.

    `corrections`: the field by heading, empty for a column that is not read.
    """
    now = timezone.now()
    taught = {heading(text)[:200]: field for text, field in corrections.items() if heading(text)}
    KnownHeading.objects.bulk_create(
        [
            KnownHeading(unit=unit, kind=kind, text=text, field=field, by=by, at=now)
            for text, field in taught.items()
        ],
        update_conflicts=True,
        unique_fields=["unit", "kind", "text"],
        update_fields=["field", "by", "at"],
    )


def _known(unit: Unit, kind: str) -> dict[str, str]:
    """Fields by heading; the nearest unit's word goes before those above it."""
    ids = unit.ancestor_ids
    rows = KnownHeading.objects.filter(kind=kind, unit__in=ids).values_list("unit", "text", "field")
    near = sorted(rows, key=lambda row: ids.index(row[0]))
    return {text: field for _unit, text, field in near}


# -- one sheet --------------------------------------------------------------------------------


def _heads(content: bytes) -> list[Part]:
    heads = [part for part in parts(content, most=_HEAD) if part.first == 1]
    if not any(cell(value) is not None for part in heads for row in part.rows for value in row):
        raise Unreadable(_("The file is empty."))
    return heads


class Found(NamedTuple):
    """Heading rows of a sheet, and what its columns were taken for."""

    first: int
    last: int
    named: list[Named]
    people: list[list[object]]  # the first rows below them


class _Table:
    """The head of a sheet as texts, merged cells written out."""

    def __init__(self, part: Part) -> None:
        self.sheet: Sheet = part.sheet
        self.rows = part.rows
        self.width = min(max((len(row) for row in part.rows), default=0), _MOST_COLUMNS)
        self.texts = [[self._text(row, at) for at in range(self.width)] for row in part.rows]
        self.merged: set[int] = set()  # rows, from 1, in which a merged cell begins
        self.inner: set[int] = set()  # rows, from 1, that a merged cell reaches from above
        for top, left, low, right in self.sheet.merges or ():
            if top >= len(self.texts) or left >= self.width:
                continue
            is_title = right - left + 1 >= max(3, self.width * 0.8)
            if is_title or low - top >= _TALLEST:
                continue
            self.merged.add(top + 1)
            self.inner.update(range(top + 2, low + 2))
            for number in range(top, min(low + 1, len(self.texts))):
                for at in range(left, min(right + 1, self.width)):
                    self.texts[number][at] = self.texts[top][left]

    @staticmethod
    def _text(row: Sequence[object], at: int) -> str:
        value = cell(row[at]) if at < len(row) else None
        return squeeze(value) if isinstance(value, str) else ""

    def headings(self, first: int, last: int) -> list[Heading]:
        """Of the rows counted from 1."""
        lines = [list(line) for line in self.texts[first - 1 : last]]
        if len(lines) > 1 and not self.merged.intersection(range(first, last + 1)):
            _spread(lines)
        headings = []
        for at in range(self.width):
            stack: list[str] = []
            for line in lines:
                if line[at] and line[at] not in stack[-1:]:
                    stack.append(line[at])
            if stack:
                headings.append(Heading(at, tuple(stack)))
        return headings

    def under(self, first: int, last: int, words: Words) -> Found:
        named = words.named(self.headings(first, last))
        return Found(first, last, named, self._people(last, named))

    def best(self, words: Words) -> Found | None:
        """The heading rows that name the most columns; the fewest and the first of such."""
        best, most = None, 1.0
        for first, last in self._candidates():
            found = words.count(self.headings(first, last)) + self._goes_on(first, last) / 2
            if found > most:
                best, most = (first, last), found
        if best is None:
            return self._likely(words)
        return self.under(*best, words)

    def _goes_on(self, first: int, last: int) -> bool:
        """Whether the last row only adds names to groups above it, so that it is no person."""
        above, below = self.texts[first - 1], self.texts[last - 1]
        added = [at for at, text in enumerate(below) if text and not above[at]]
        are_words = not any(re.search(r"\d", text) for text in below)
        is_part = sum(map(bool, below)) < sum(map(bool, above))
        return last > first and bool(added) and are_words and is_part

    def _candidates(self) -> list[tuple[int, int]]:
        """Heading rows that cut through no merged cell; the fewest and the first in front."""
        found = set()
        for first in range(1, min(HEADER_WITHIN, len(self.texts)) + 1):
            if not any(self.texts[first - 1]) or first in self.inner:
                continue
            for last in range(first, min(first + _TALLEST, len(self.texts) + 1)):
                while last + 1 in self.inner and last < len(self.texts):
                    last += 1
                found.add((first, last))
        return sorted(found, key=lambda rows: (rows[1] - rows[0], rows[0]))

    def _likely(self, words: Words) -> Found | None:
        """No known word: the first row of several words and of no number, for the user to see."""
        for number, texts in enumerate(self.texts[:HEADER_WITHIN], 1):
            filled = [text for text in texts if text]
            if len(filled) > 1 and not any(re.search(r"\d", text) for text in filled):
                return self.under(number, number, words)
        return None

    def _people(self, last: int, named: list[Named]) -> list[list[object]]:
        """The first rows of people below the heading."""
        skipping = Skipping(
            self.sheet, {n.heading.at: set(n.heading.texts) for n in named},
            [n.heading.at for n in named if n.field] or [n.heading.at for n in named],
        )  # fmt: skip
        filling = Filling(self.sheet.merges, after=last)
        people = []
        for number, row in enumerate(self.rows[last:], last + 1):
            filled = filling.below(number, row)
            if not skipping.reason(number, row):
                people.append(
                    [filled.get(at, row[at] if at < len(row) else "") for at in range(self.width)]
                )
        return people


def _spread(lines: list[list[str]]) -> None:
    """Without merged ranges a group's name stands above its first column alone."""
    for upper, lower in pairwise(lines):
        group = ""
        for at, text in enumerate(upper):
            if text:
                group = text if lower[at] else ""
            elif lower[at] and group:
                upper[at] = group
            else:
                group = ""


def _shown(value: object) -> str:
    """As text, without the digits of ID and phone numbers."""
    found = cell(value)
    if found is None:
        return ""
    text = str(int(found)) if isinstance(found, float) and found.is_integer() else str(found)
    return re.sub(r"\d{7,}(?=[\dXx]{4})", lambda digits: "*" * len(digits[0]), text)[:60]


def _proposed(part: Part, words: Words, kind: Kind) -> Mapped:
    found = _Table(part).best(words)
    described = _described(part, found)
    if found is not None:
        described["doubts"] += _half_covered(found, kind)
    return described


def _half_covered(found: Found, kind: Kind) -> Iterator[str]:
    """Required columns known from another one alone, such as the month of birth from an ID
    number, where that is blank in some rows and some heading was not understood."""
    places = {named.field: named.heading.at for named in found.named if named.field}
    if len(places) == len(found.named):
        return
    for column in kind.columns:
        over = [c for c in kind.columns if c.field in places and column.field in c.covers]
        if not column.is_required or column.field in places or len(over) != 1:
            continue
        if any(cell(row[places[over[0].field]]) is None for row in found.people):
            yield _(
                "%(column)s is read from %(other)s, which is blank in some rows. Choose a column "
                "for it, if the table has one."
            ) % {"column": column.name, "other": over[0].name}


def _described(part: Part, found: Found | None) -> Mapped:
    sheet = part.sheet
    described: Mapped = {
        "at": sheet.at,
        "name": sheet.name,
        "is_read": False,
        "is_hidden": sheet.is_hidden,
        "rows": 0,
        "header": [],
        "columns": [],
        "samples": [],
        "doubts": [],
    }
    if found is not None:
        described |= {
            "rows": max(0, sheet.height - found.last),
            "header": [found.first, found.last],
            "columns": [
                {"at": n.heading.at, "heading": n.heading.shown, "field": n.field}
                for n in found.named
            ],
            "samples": [[_shown(value) for value in row] for row in found.people[:_SAMPLES]],
            "doubts": [n.doubt for n in found.named if n.doubt],
        }
    return described


def _missing(fields: Sequence[str], kind: Kind) -> list[str]:
    given = set(fields)
    for column in kind.columns:
        if column.field in given:
            given.update(column.covers)
    return [c.name for c in kind.columns if c.is_required and c.field not in given]


def _judged(sheets: list[Mapped], kind: Kind) -> Mapped:
    """Which sheets are read: all that hold a whole table; else the likeliest, for the user."""
    doubts: list[str] = []
    whole = [s for s in sheets if s["header"] and not _missing(_fields(s), kind)]
    filled = [s for s in whole if s["samples"]]
    if whole and not filled:
        raise Unreadable(_("There is a heading, but no row below it."))
    for sheet in filled:
        if sheet["is_hidden"] and len(filled) > 1:
            doubts.append(
                _("The hidden sheet 「%(sheet)s」 holds a table too; it is read if you choose it.")
                % {"sheet": sheet["name"]}
            )
        else:
            sheet["is_read"] = True
    if not filled:
        doubts.append(_nearest(sheets, kind))
    for sheet in sheets:
        said = sheet.pop("doubts")
        if sheet["is_read"]:
            doubts.extend(said)
    return {"sheets": sheets, "doubts": list(dict.fromkeys(doubts))}


def _fields(sheet: Mapped) -> list[str]:
    return [column["field"] for column in sheet["columns"] if column["field"]]


def _nearest(sheets: list[Mapped], kind: Kind) -> str:
    """Marks the sheet with the most known columns to be read; says what it lacks."""
    best = max(sheets, key=lambda sheet: (len(_fields(sheet)), len(sheet["columns"])))
    if not best["header"]:
        return _(
            "No heading was found in the first 20 rows. It must hold these columns: %(columns)s."
        ) % {"columns": "、".join(_missing([], kind))}
    best["is_read"] = True
    return _("Required columns are missing: %(columns)s.") % {
        "columns": "、".join(_missing(_fields(best), kind))
    }
