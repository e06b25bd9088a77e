"""What an import says about a file: counts, faults by row and column, and what it would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypedDict

from accounts.models import User
from cadres.reading import Column

Entry = dict[str, Any]  # one row, checked by itself: JSON values only, no ID number in clear


class Fault(TypedDict):
    row: int | None  # as the user's sheet counts; None for the file as a whole
    column: str
    message: str


class Line(TypedDict):
    """A row that would change something, for the eye of the uploader."""

    row: int
    name: str
    note: str
    what: str  # "created" or "updated"
    details: str


class Parsed(NamedTuple):
    """A file read and checked without the register."""

    entries: list[Entry]
    faults: list[Fault]
    ignored: list[str]  # headings that name no known column
    broken: list[Entry]  # what could be taken of the rows that have faults


@dataclass
class Report:
    """With faults nothing was saved, so the counts of what was done are 0."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[Fault] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """`{"rows", "created", "updated", "unchanged", "errors": [{"row", "column", "message"}]}`,
        errors in the order of the sheet."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "errors": self.errors,
        }

    def as_kept(self) -> dict[str, Any]:
        """All of it, for a batch that waits to be confirmed."""
        return {**self.as_json(), "lines": self.lines, "ignored": self.ignored}

    def counts(self) -> dict[str, Any]:
        """What may stay when the batch is settled: numbers, nobody's name."""
        return {**self.as_json(), "errors": []}

    @classmethod
    def of_faults(
        cls, rows: int, faults: Sequence[Fault], columns: Sequence[Column] = ()
    ) -> Report:
        order = {column.name: at for at, column in enumerate(columns)}
        return cls(
            rows=rows,
            errors=sorted(faults, key=lambda f: (f["row"] or 0, order.get(f["column"], 0))),
        )


class Importer(NamedTuple):
    """One kind of roster: how a file is read, and what its rows do to the register."""

    kind: str
    columns: tuple[Column, ...]
    parse: Callable[[bytes], Parsed]
    # (entries, by, is_dry): saves all or nothing; with is_dry, or with faults, nothing.
    apply: Callable[[Sequence[Entry], User, bool], Report]
    # Faults of single cells that only the register knows, in rows that have others.
    look_up: Callable[[Sequence[Entry], User], list[Fault]]

    def report(self, parsed: Parsed, *, by: User, is_dry: bool = True) -> Report:
        """What the rows do, or would do when dry. A file with faults of its own saves nothing;
        the register is asked about its rows all the same, to tell everything at once."""
        report = self.apply(parsed.entries, by, is_dry or bool(parsed.faults))
        if parsed.faults:
            faults = [*parsed.faults, *report.errors, *self.look_up(parsed.broken, by)]
            rows = len(parsed.entries) + len(parsed.broken)
            report = Report.of_faults(rows, faults, self.columns)
        report.ignored = parsed.ignored
        return report
