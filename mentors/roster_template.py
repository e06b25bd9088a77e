"""What the template of the cadre roster says about each column."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Role, User
from cadres.models import MenteeCategory
from cadres.places import Places
from mentors.models import MentorCategory
from mentors.roster_rows import COLUMNS, shown_words
from rosters.template_sheet import Guide, workbook

_MOST_UNITS = 5_000  # beyond, a pick-list helps nobody
_WIDTHS = {
    "姓名": 12, "性别": 6, "出生年月": 10, "民族": 8, "身份证号": 21, "政治面貌": 13,
    "全日制学历": 12, "在职学历": 12, "参加工作时间": 10, "单位": 22, "职务": 18, "人员类别": 12,
    "手机号": 14, "导师类型": 20, "帮带名额": 7, "帮带对象类别": 24,
}  # fmt: skip
_NOTES = {
    "姓名": "与身份证一致。少数民族姓名中的间隔用“·”。",
    "性别": "男或女。",
    "出生年月": "年和月，如 1985.07。1至9月写两位数。",
    "民族": "如汉族；可简写为“汉”。",
    "身份证号": "18位，单元格须为文本格式。系统只保存不可还原的摘要和后四位。"
    "同名同出生年月的人靠它区分。",
    "政治面貌": "从下拉列表中选择；“党员”按中共党员。",
    "全日制学历": "从下拉列表中选择，填毕业的最高学历；结业、肄业不填。",
    "在职学历": "从下拉列表中选择，填毕业的最高学历；没有的填“无”。",
    "参加工作时间": "年和月，如 2008.08。",
    "单位": "单位名称；同名单位写上级，用 / 隔开，如“上墅乡/刘家塘村”；也可填12位区划代码。",
    "职务": "现任职务。单位或职务有变动的，系统结束原任职并记入新任职。",
    "人员类别": "从下拉列表中选择。",
    "手机号": "11位手机号，或带区号的固定电话。",
    "导师类型": "填了即登记为导师；不是导师的留空。",
    "帮带名额": "同时帮带的人数，留空按2人。只有导师填写。",
    "帮带对象类别": "是帮带对象的填写。",
}


def template(user: User) -> bytes:
    """The .xlsx for a coordinator: the units of the subtree and the categories of today."""
    places = Places(user)
    units = [places.label(unit) for unit in places.units.values()]
    words = shown_words() | {
        "单位": units if len(units) <= _MOST_UNITS else [],
        "导师类型": _names(MentorCategory),
        "帮带对象类别": _names(MenteeCategory),
    }
    guides = [
        Guide(
            column,
            _WIDTHS[column.name],
            _NOTES[column.name],
            words.get(column.name, ()),
            is_open_list=column.name in {"单位", "民族", "政治面貌", "全日制学历", "在职学历"},
        )
        for column in COLUMNS
    ]
    return workbook(
        title="导师帮带制干部花名册",
        unit=office_of(user),
        today=timezone.localdate(),
        guides=guides,
    )


def office_of(user: User) -> str:
    """The name of the unit that the user coordinates, the highest of several."""
    return next(grant.unit.name for grant in user.live_grants if grant.role == Role.COORDINATOR)


def _names(model: type[MentorCategory] | type[MenteeCategory]) -> list[str]:
    return list(model.objects.filter(is_active=True).values_list("name", flat=True))
