"""The columns of a pair roster, and each row read by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cadres import cells, identity
from core.text import squeeze
from pairings.models import Method
from pairings.states import Role
from rosters.kinds import Cell, Column, Fault, Reading, Values

COLUMNS = (
    Column("mentor_name", "导师姓名", True, ("导师", "师傅", "师傅姓名", "帮带导师")),
    Column("mentor_number", "导师身份证号", aliases=("导师身份证", "导师身份证号码")),
    Column("mentor_birth", "导师出生年月", aliases=("导师出生日期",)),
    Column("mentor_unit", "导师单位", True, ("导师工作单位", "导师所在单位", "师傅单位")),
    Column("mentee_name", "帮带对象姓名", True, ("帮带对象", "徒弟姓名", "徒弟", "学员姓名")),
    Column("mentee_number", "帮带对象身份证号", aliases=("帮带对象身份证", "帮带对象身份证号码")),
    Column("mentee_birth", "帮带对象出生年月", aliases=("帮带对象出生日期", "徒弟出生年月")),
    Column(
        "mentee_unit", "帮带对象单位", True, ("帮带对象工作单位", "帮带对象所在单位", "徒弟单位")
    ),
    Column("from_on", "开始日期", True, ("结对日期", "结对时间", "开始时间", "拜师日期")),
    Column("months", "期限（月）", aliases=("期限", "结对期限(月)", "帮带期限(月)", "帮带期限")),
    Column("role", "导师角色", aliases=("导师分工", "帮带角色")),
    Column("method", "结对方式", aliases=("结对形式",)),
    Column("remark", "备注", aliases=("说明",)),
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

# A substitute is registered in the file of the pair that it stands in for.
ROLE_WORDS = {
    "主导师": Role.LEAD,
    "第一导师": Role.LEAD,
    "政治导师": Role.POLITICAL,
    "思想导师": Role.POLITICAL,
    "业务导师": Role.WORK,
    "工作导师": Role.WORK,
    "生活导师": Role.LIFE,
}


def role_words() -> list[str]:
    return [str(role.label) for role in Role if role != Role.SUBSTITUTE]


def method_words() -> list[str]:
    return [str(label) for _code, label in Method.choices]


def _term(cell: Cell) -> int:
    """Months; 0 where the row says that the pair has no term."""
    if isinstance(cell, str) and squeeze(cell) in {NO_TERM, cells.NONE}:
        return 0
    return cells.count(cell, least=1, most=MOST_MONTHS)


def _method(cell: Cell) -> str:
    return cells.word(cell, METHOD_WORDS, shown=method_words())


def _role(cell: Cell) -> str:
    if isinstance(cell, str) and squeeze(cell) == Role.SUBSTITUTE.label:
        raise cells.Wrong(_("A substitute is registered in the file of the pair, by the form."))
    return cells.word(cell, ROLE_WORDS, shown=role_words())


def _day(cell: Cell) -> str:
    return cells.day(cell).isoformat()


_TAKES: dict[str, Callable[[Cell], Any]] = {
    "mentor_name": cells.name,
    "mentor_number": cells.id_number,
    "mentor_birth": cells.month,
    "mentor_unit": lambda cell: cells.short(cell, most=200),
    "mentee_name": cells.name,
    "mentee_number": cells.id_number,
    "mentee_birth": cells.month,
    "mentee_unit": lambda cell: cells.short(cell, most=200),
    "from_on": _day,
    "months": _term,
    "role": _role,
    "method": _method,
    "remark": lambda cell: cells.short(cell, most=300),
}


def read_row(given: Mapping[str, Cell], today: dt.date) -> Reading:
    """The values of a row: for each side `…_name`, `…_unit` and, where they were filled in,
    `…_birth` and the `…_digest` of an ID number; `from_on`, `months` (0 without a term),
    `role`, `method`, `remark`; `name` for the eye.
    """
    values: Values = {}
    faults: list[Fault] = []
    for column in COLUMNS:
        cell = given.get(column.field)
        if cell is None:
            if column.is_required:
                faults.append(_fault(column.field, _("This column must be filled in.")))
            continue
        try:
            values[column.field] = _TAKES[column.field](cell)
        except cells.Wrong as wrong:
            faults.append(_fault(column.field, str(wrong)))
    for side in SIDES:
        faults += _digested(values, side)
    if values.get("from_on", "") > today.isoformat():
        message = _("The pair has not begun yet: register it by the form.")
        faults.append(_fault("from_on", message))
    values["name"] = " → ".join(str(values.get(f"{side}_name", "？")) for side in SIDES)
    return Reading(values, faults)


def _digested(values: Values, side: str) -> list[Fault]:
    """The digest in the place of the ID number, which says the birth month as well."""
    number = values.pop(f"{side}_number", None)
    if number is None:
        return []
    values[f"{side}_digest"] = identity.digest(number)
    born = identity.birth_month(number)
    written = values.setdefault(f"{side}_birth", born)
    if written == born:
        return []
    return [_fault(f"{side}_birth", _("The birth month does not fit the ID number."))]


def _fault(field: str, message: str) -> Fault:
    return Fault(column=field, message=message)


def today() -> dt.date:
    return timezone.localdate()
