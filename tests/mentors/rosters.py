"""Rows of a cadre roster for tests, by column name."""

from __future__ import annotations

from typing import Any

from mentors.reports import Report
from mentors.roster import ROSTER
from mentors.roster_rows import COLUMNS
from tests.cadres.sheets import xlsx

NAMES = [column.name for column in COLUMNS]


def row(**cells: Any) -> dict[str, Any]:
    """A sound row; `None` empties a cell."""
    return {"姓名": "王小明", "性别": "男", "出生年月": "1985.07", "单位": "上墅乡", **cells}


def sheet(*rows: dict[str, Any]) -> bytes:
    """A workbook with the heading in row 1, so that the first person stands in row 2."""
    return xlsx(NAMES, *[[cells.get(name) for name in NAMES] for cells in rows])


def run(user: Any, *rows: dict[str, Any], is_dry: bool = False) -> Report:
    parsed = ROSTER.parse(sheet(*rows))
    return ROSTER.report(parsed, by=user, is_dry=is_dry)


def faults(report: Report) -> list[tuple[int | None, str, str]]:
    return [(fault["row"], fault["column"], fault["message"]) for fault in report.errors]


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.rows, report.created, report.updated, report.unchanged
