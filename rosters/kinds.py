"""What a kind of roster has to offer: its columns, how a row is read, judged, saved and undone.

A kind lives in the app that knows its rows (people in mentors/, pairs in pairings/); settings
name them (`ROSTER_KINDS`), so that one worker and one set of pages serve all.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypedDict
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.models import User
from rosters.states import Outcome

Cell = str | int | float | dt.date
Values = dict[str, Any]  # JSON values by field; no ID number in clear
# (done, total) of the step under way; extends the lease. Call it every few thousand rows.
Progress = Callable[[int, int], None]


class Column(NamedTuple):
    field: str
    name: str  # the heading of our own template
    is_required: bool = False
    aliases: tuple[str, ...] = ()
    # Fields that this column gives as well: 单位及职务 gives the unit, an ID number the month.
    covers: tuple[str, ...] = ()


class Fault(TypedDict):
    column: str  # the field; empty for the row as a whole
    message: str


class Change(TypedDict):
    field: str
    label: str
    old: str
    new: str


class Reading(NamedTuple):
    """A row by itself: what could be taken, and what is wrong in it."""

    values: Values
    faults: list[Fault]


@dataclass
class Staged:
    """A row on its way: values as read, what it would do, what the user answered."""

    sheet: int
    number: int
    values: Values
    faults: list[Fault] = field(default_factory=list)  # by itself
    answer: str = ""  # id of a candidate, "new", "skip", or nothing


@dataclass
class Verdict:
    """What a row would do to the register as it is now."""

    outcome: Outcome
    faults: list[Fault] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    match: UUID | None = None
    candidates: list[dict[str, Any]] = field(default_factory=list)


class Judge(ABC):
    """Judges a roster chunk by chunk; remembers what it has seen, to find rows that repeat."""

    @abstractmethod
    def judge(self, rows: Sequence[Staged]) -> list[Verdict]:
        """One verdict a row, in their order; a fixed number of queries for a chunk."""


class Refused(Exception):
    """Nothing was written: `rows` are the (sheet, number, sentence) that stand against it."""

    def __init__(self, rows: list[tuple[int, int, str]]) -> None:
        super().__init__(f"{len(rows)} rows")
        self.rows = rows


class Kind(ABC):
    code: str
    title: str | Promise
    lead: str | Promise  # a sentence above the upload form
    columns: tuple[Column, ...]
    seen_at: str  # URL name of the list that shows what was imported
    takes_new: bool = True  # whether a doubtful row may mean somebody whom the register lacks

    @abstractmethod
    def reader(self, by: User) -> Callable[[Mapping[str, Cell]], Reading]:
        """Reads one row by itself; made once a roster, so that words and units are read once."""

    @abstractmethod
    def judge(self, by: User) -> Judge: ...

    @abstractmethod
    def save(
        self, rows: Iterator[list[tuple[int, Staged, Verdict]]], by: User, progress: Progress
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Write good rows (with the id of their BatchRow); gives each one's effect for undoing.

        Called inside the transaction that ends in the batch's being done. Nothing is written to
        the register before `rows` is exhausted: they are judged again while it is.
        """

    @abstractmethod
    def undo(
        self,
        effects: Iterator[list[tuple[int, int, int, dict[str, Any]]]],
        progress: Progress,
        *,
        keep_blocked: bool,
    ) -> int:
        """Take back (BatchRow id, sheet, number, effect); the number of rows taken back.

        Refused, with all that later work rests on, unless those are to be kept as they are.
        """

    @abstractmethod
    def template(self, by: User) -> bytes:
        """The empty workbook of this kind, with pick-lists and the user's own units."""


def kind_of(code: str) -> Kind:
    """KeyError when no such kind is installed."""
    kind: Kind = import_string(settings.ROSTER_KINDS[code])
    return kind
