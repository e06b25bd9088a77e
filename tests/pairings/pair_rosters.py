"""Rows of a pair roster for tests, by column name."""

from __future__ import annotations

from typing import Any

from mentors.reports import Report
from pairings.pair_roster import PAIR_ROSTER
from pairings.pair_roster_rows import COLUMNS
from tests.cadres.sheets import xlsx

NAMES = [column.name for column in COLUMNS]


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
    return xlsx(NAMES, *[[cells.get(name) for name in NAMES] for cells in rows])


def run(user: Any, *rows: dict[str, Any], is_dry: bool = False) -> Report:
    return PAIR_ROSTER.report(PAIR_ROSTER.parse(sheet(*rows)), by=user, is_dry=is_dry)
