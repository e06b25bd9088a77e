"""What the template of the pair roster says about each column."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from cadres.places import Places
from pairings.importing.rows import COLUMNS, method_words, role_words
from rosters.models import office_of
from rosters.template_sheet import Guide, workbook

_MOST_UNITS = 5_000
_WIDTHS = {
    "导师姓名": 12, "导师身份证号": 21, "导师出生年月": 11, "导师单位": 22, "帮带对象姓名": 12,
    "帮带对象身份证号": 21, "帮带对象出生年月": 11, "帮带对象单位": 22, "开始日期": 13,
    "期限（月）": 8, "导师角色": 12, "结对方式": 22, "备注": 24,
}  # fmt: skip
_ID_NOTE = "18位，单元格须为文本格式。同一单位有同名的人时，填写此列或出生年月。"
_BIRTH_NOTE = "年和月，如 1985.07。填了身份证号的不必填。"
_UNIT_NOTE = "与干部库中一致；同名单位写上级，用 / 隔开，如“上墅乡/刘家塘村”；也可填12位区划代码。"
_NOTES = {
    "导师姓名": "须已在导师库中。",
    "导师身份证号": _ID_NOTE,
    "导师出生年月": _BIRTH_NOTE,
    "导师单位": _UNIT_NOTE,
    "帮带对象姓名": "须已在干部库中。",
    "帮带对象身份证号": _ID_NOTE,
    "帮带对象出生年月": _BIRTH_NOTE,
    "帮带对象单位": _UNIT_NOTE,
    "开始日期": "年月日齐全，如 2026-03-01。只填已经开始的结对。",
    "期限（月）": "月数，如 12；不定期限的填“长期”；留空按本单位规则。",
    "导师角色": "从下拉列表中选择；留空为主导师。同一时间只能有一位主导师。",
    "结对方式": "从下拉列表中选择；留空按组织安排。",
    "备注": "最多300字，记入结对的备注。",
}


def template(user: User) -> bytes:
    """The .xlsx for a coordinator, with the units of the subtree."""
    places = Places(user)
    units = [places.label(unit) for unit in places.units.values()]
    units = units if len(units) <= _MOST_UNITS else []
    words = {
        "导师单位": units,
        "帮带对象单位": units,
        "导师角色": role_words(),
        "结对方式": method_words(),
    }
    guides = [
        Guide(
            column,
            _WIDTHS[column.name],
            _NOTES[column.name],
            words.get(column.name, ()),
            is_open_list=column.name not in {"导师角色", "结对方式"},
        )
        for column in COLUMNS
    ]
    return workbook(
        title="导师帮带结对花名册",
        unit=str(office_of(user) or ""),
        today=timezone.localdate(),
        guides=guides,
    )
