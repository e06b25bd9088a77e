"""The columns of a pair roster, and each row checked by itself."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cadres import cells, identity
from cadres.reading import Cell, Column, Row, read
from core.text import squeeze
from mentors.reports import Entry, Fault, Parsed
from pairings.models import Method

COLUMNS = (
    Column("导师姓名", True, ("导师",)),
    Column("导师身份证号", aliases=("导师身份证", "导师身份证号码")),
    Column("导师单位", True, ("导师工作单位", "导师所在单位")),
    Column("帮带对象姓名", True, ("帮带对象", "徒弟姓名")),
    Column("帮带对象身份证号", aliases=("帮带对象身份证", "帮带对象身份证号码")),
    Column("帮带对象单位", True, ("帮带对象工作单位", "帮带对象所在单位")),
    Column("开始日期", True, ("结对日期", "结对时间", "开始时间")),
    Column("期限（月）", aliases=("期限", "结对期限(月)", "帮带期限(月)")),
    Column("结对方式", aliases=("结对形式",)),
)
SIDES = {"mentor": "导师", "mentee": "帮带对象"}
NO_TERM = "长期"
MOST_MONTHS = 600
METHOD_WORDS = {
    "双向选择": Method.MUTUAL,
    "组织安排": Method.ASSIGNED,
    "组织指定": Method.ASSIGNED,
    "双向选择与组织安排结合": Method.BOTH,
    "双向选择和组织安排结合": Method.BOTH,
    "双向选择与组织安排相结合": Method.BOTH,
    "双向选择和组织安排相结合": Method.BOTH,
    "两者结合": Method.BOTH,
}


def method_words() -> list[str]:
    return [str(label) for _code, label in Method.choices]


def _term(cell: Cell) -> int:
    """Months; 0 where the row says that the pair has no term."""
    if isinstance(cell, str) and squeeze(cell) in {NO_TERM, cells.NONE}:
        return 0
    return cells.count(cell, least=1, most=MOST_MONTHS)


def _method(cell: Cell) -> str:
    return cells.word(cell, METHOD_WORDS, shown=method_words())


_FIELDS = {
    "导师姓名": ("mentor_name", cells.name),
    "导师身份证号": ("mentor_number", cells.id_number),
    "导师单位": ("mentor_unit", cells.text),
    "帮带对象姓名": ("mentee_name", cells.name),
    "帮带对象身份证号": ("mentee_number", cells.id_number),
    "帮带对象单位": ("mentee_unit", cells.text),
    "开始日期": ("from_on", cells.day),
    "期限（月）": ("months", _term),
    "结对方式": ("method", _method),
}


def parse(content: bytes) -> Parsed:
    """Entries of the rows that are sound by themselves, faults of the others.

    An entry has `row`, for each side `mentor_…` and `mentee_…` the name, unit and, where an ID
    number stood, its `digest` and `birth` month; `from_on` as text, `months` (0 without a term)
    and `method` where they were filled in. Unreadable when the file is no such table.
    """
    sheet = read(content, COLUMNS)
    today = timezone.localdate()
    parsed = Parsed([], [], sheet.ignored, [])
    for row in sheet.rows:
        entry, faults = _take(row, today)
        if faults:
            parsed.faults.extend(Fault(row=row.number, column=c, message=m) for c, m in faults)
            parsed.broken.append(entry)
        else:
            parsed.entries.append(entry)
    return parsed


def _take(row: Row, today: dt.date) -> tuple[Entry, list[tuple[str, str]]]:
    entry: Entry = {"row": row.number}
    faults = []
    for column in COLUMNS:
        cell = row.cells.get(column.name)
        if cell is None:
            if column.is_required:
                faults.append((column.name, _("This column must be filled in.")))
            continue
        field, take = _FIELDS[column.name]
        try:
            entry[field] = take(cell)
        except cells.Wrong as wrong:
            faults.append((column.name, str(wrong)))
    for side in SIDES:
        if number := entry.pop(f"{side}_number", None):
            entry[f"{side}_digest"] = identity.digest(number)
            entry[f"{side}_birth"] = identity.birth_month(number)
    if begins := entry.get("from_on"):
        entry["from_on"] = begins.isoformat()
        if begins > today:
            faults.append(("开始日期", _("The pair has not begun yet: register it by the form.")))
    return entry, faults
