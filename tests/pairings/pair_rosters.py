"""Rows of a pair roster for tests, by column name, and what becomes of them without a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pairings.importing.kind import PAIRINGS
from rosters.kinds import Staged, Verdict
from rosters.states import GOOD, Outcome
from tests.cadres.sheets import xlsx

FIELDS = {column.name: column.field for column in PAIRINGS.columns}
NAMES = {column.field: column.name for column in PAIRINGS.columns}
FIRST_ROW = 2


def row(**cells: Any) -> dict[str, Any]:
    """A sound row, where 周师傅 and 郑徒弟 are registered in 上墅乡; `None` empties a cell."""
    return {
        "导师姓名": "周师傅",
        "导师单位": "上墅乡",
        "帮带对象姓名": "郑徒弟",
        "帮带对象单位": "上墅乡",
        "开始日期": "2026-03-01",
        **cells,
    }


def sheet(*rows: dict[str, Any]) -> bytes:
    return xlsx([*FIELDS], *[[cells.get(name) for name in FIELDS] for cells in rows])


@dataclass
class Told:
    """What a roster did: verdicts by row, and the effect of each that was saved."""

    staged: list[Staged]
    verdicts: list[Verdict]
    effects: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def outcomes(self) -> list[str]:
        return [str(verdict.outcome) for verdict in self.verdicts]

    @property
    def faults(self) -> list[tuple[int, str, str]]:
        return [
            (row.number, NAMES[fault["column"]], fault["message"])
            for row, verdict in zip(self.staged, self.verdicts, strict=True)
            for fault in verdict.faults
        ]


def staged(user: Any, rows: tuple[dict[str, Any], ...], answers: dict[int, str]) -> list[Staged]:
    read = PAIRINGS.reader(user)
    found = []
    for number, cells in enumerate(rows, FIRST_ROW):
        given = {FIELDS[name]: cell for name, cell in cells.items() if cell is not None}
        values, faults = read(given)
        found.append(Staged(0, number, values, faults, answers.get(number, "")))
    return found


def judged(user: Any, *rows: dict[str, Any], answers: dict[int, str] | None = None) -> Told:
    found = staged(user, rows, answers or {})
    return Told(found, PAIRINGS.judge(user).judge(found))


def run(user: Any, *rows: dict[str, Any], answers: dict[int, str] | None = None) -> Told:
    """Judged, and the good rows saved."""
    told = judged(user, *rows, answers=answers)
    good = [
        (row.number, row, verdict)
        for row, verdict in zip(told.staged, told.verdicts, strict=True)
        if verdict.outcome in GOOD
    ]
    told.effects = dict(PAIRINGS.save(iter([good]), user, no_progress))
    return told


def undo(told: Told, *, keep_blocked: bool = False) -> int:
    def effects() -> Iterator[list[tuple[int, int, int, dict[str, Any]]]]:
        yield [(number, 0, number, effect) for number, effect in told.effects.items()]

    return PAIRINGS.undo(effects(), no_progress, keep_blocked=keep_blocked)


def no_progress(done: int, total: int) -> None:
    """Nobody watches."""


NEW, SAME, WRONG, DOUBT = Outcome.NEW, Outcome.SAME, Outcome.WRONG, Outcome.DOUBT
