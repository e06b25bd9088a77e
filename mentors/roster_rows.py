"""The columns of a cadre roster, and each row checked by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from cadres import cells, codes, identity
from cadres.reading import Cell, Column, Row, read
from core.months import dotted, full_years, month_of
from mentors.reports import Entry, Fault, Parsed

COLUMNS = (
    Column("姓名", True, ("名字", "干部姓名")),
    Column("性别", True),
    Column("出生年月", True, ("出生日期", "出生时间", "出生年月(岁)", "出生年月日")),
    Column("民族"),
    Column("身份证号", aliases=("身份证", "身份证号码", "公民身份号码", "居民身份证号码")),
    Column("政治面貌"),
    Column("全日制学历", aliases=("全日制教育", "全日制教育学历")),
    Column("在职学历", aliases=("在职教育", "在职教育学历")),
    Column("参加工作时间", aliases=("参加工作年月", "工作时间", "参工时间")),
    Column("单位", True, ("工作单位", "所在单位", "单位名称")),
    Column("职务", aliases=("现任职务", "职务名称")),
    Column("人员类别", aliases=("人员类型", "编制类型", "编制性质")),
    Column("手机号", aliases=("手机", "手机号码", "联系电话", "联系方式", "电话")),
    Column("导师类型", aliases=("导师类别",)),
    Column("帮带名额", aliases=("名额",)),
    Column("帮带对象类别", aliases=("帮带对象类型",)),
)
MOST_PLACES = 99
_LEAST_AGE, _MOST_AGE = 16, 100


_TABLES = {
    "性别": "gender",
    "民族": "ethnicity",
    "政治面貌": "political_status",
    "全日制学历": "education",
    "在职学历": "education",
    "人员类别": "staffing",
}


def shown_words() -> dict[str, list[str]]:
    """The words of the code tables by column, for sentences and for the template's pick-lists."""
    return {
        column: [name for _code, name in codes.choices(table)] for column, table in _TABLES.items()
    }


def _text_of(most: int) -> Callable[[Cell], str]:
    return lambda cell: cells.short(cell, most=most)


# The field of the entry and how its cell is taken; words of code tables are taken apart.
_FIELDS: dict[str, tuple[str, Callable[[Cell], object]]] = {
    "姓名": ("name", cells.name),
    "出生年月": ("birth_month", cells.month),
    "身份证号": ("id_number", cells.id_number),
    "参加工作时间": ("work_month", cells.month),
    "单位": ("unit", _text_of(200)),
    "职务": ("title", _text_of(200)),
    "手机号": ("phone", cells.phone),
    "导师类型": ("mentor_category", _text_of(60)),
    "帮带名额": ("capacity", lambda cell: cells.count(cell, least=0, most=MOST_PLACES)),
    "帮带对象类别": ("mentee_category", _text_of(60)),
}
_CODE_FIELDS = {
    "性别": "gender",
    "民族": "ethnicity",
    "政治面貌": "political_status",
    "全日制学历": "education",
    "在职学历": "later_education",
    "人员类别": "staffing",
}
# Where 「无」 says something: the person has none, and an old value is taken back.
_MAY_HAVE_NONE = {
    "全日制学历", "在职学历", "参加工作时间", "职务", "人员类别", "手机号", "导师类型",
    "帮带对象类别",
}  # fmt: skip


def parse(content: bytes) -> Parsed:
    """Entries of the rows that are sound by themselves, faults of the others.

    An entry has `row` and the fields of its cells: a blank cell has no key, 「无」 has "".
    Unreadable when the file is no such table.
    """
    sheet = read(content, COLUMNS)
    today = timezone.localdate()
    parsed = Parsed([], [], sheet.ignored, [])
    shown = shown_words()
    for row in sheet.rows:
        entry, faults = _take(row, shown)
        faults += _crossed(entry, today) if not faults else []
        if faults:
            parsed.faults.extend(Fault(row=row.number, column=c, message=m) for c, m in faults)
            parsed.broken.append(entry)
        else:
            parsed.entries.append(entry)
    return parsed


def _take(row: Row, shown: dict[str, list[str]]) -> tuple[Entry, list[tuple[str, str]]]:
    entry: Entry = {"row": row.number}
    faults = []
    for column in COLUMNS:
        cell = row.cells.get(column.name)
        if cell is None:
            if column.is_required:
                faults.append((column.name, _("This column must be filled in.")))
            continue
        field, take = _FIELDS.get(column.name) or (_CODE_FIELDS[column.name], None)
        try:
            if column.name in _MAY_HAVE_NONE and cells.is_none(cell):
                entry[field] = ""
            elif take is None:
                words = codes.words(_TABLES[column.name])
                entry[field] = cells.word(cell, words, shown=shown[column.name])
            else:
                entry[field] = take(cell)
        except cells.Wrong as wrong:
            faults.append((column.name, str(wrong)))
    if "id_number" in entry:
        faults += _verified(entry)
    return entry, faults


def _verified(entry: Entry) -> list[tuple[str, str]]:
    """The ID number against birth month and gender; then its digest and tail stand for it."""
    number = entry.pop("id_number")
    entry["id_digest"], entry["id_tail"] = identity.digest(number), number[-4:]
    faults = []
    birth = identity.birth_month(number)
    if entry.get("birth_month", birth) != birth:
        faults.append(
            (
                "出生年月",
                _("%(written)s does not fit the ID number, which says %(said)s.")
                % {"written": dotted(entry["birth_month"]), "said": dotted(birth)},
            )
        )
    if entry.get("gender", identity.gender(number)) != identity.gender(number):
        faults.append(("性别", _("The gender does not fit the ID number.")))
    return faults


def _crossed(entry: Entry, today: dt.date) -> list[tuple[str, str]]:
    """Cells of one row against one another and against the day."""
    faults = []
    birth, began = entry["birth_month"], entry.get("work_month")
    if not _LEAST_AGE <= full_years(birth, today) <= _MOST_AGE:
        faults.append(
            (
                "出生年月",
                _("The age would be under %(least)s or over %(most)s years.")
                % {"least": _LEAST_AGE, "most": _MOST_AGE},
            )
        )
    if began and not birth < began <= month_of(today):
        faults.append(("参加工作时间", _("Work begins after the birth and not in the future.")))
    return faults
