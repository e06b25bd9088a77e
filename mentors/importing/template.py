"""What the templates of people's rosters say about each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone

from accounts.models import User
from cadres.models import MenteeCategory
from cadres.places import Places
from mentors.importing import columns
from mentors.importing.reader import shown_words
from mentors.models import MentorCategory, Strength
from rosters.kinds import Column
from rosters.models import office_of
from rosters.template_sheet import Guide, workbook

_MOST_UNITS = 5_000  # beyond, a pick-list helps nobody
_OPEN_LISTS = {
    "unit", "ethnicity", "political_status", "education", "later_education", "strengths",
    "should_pair",
}  # fmt: skip
_WIDTHS = {
    "name": 12, "gender": 6, "birth_month": 10, "ethnicity": 8, "id_number": 21,
    "political_status": 13, "party_month": 10, "education": 14, "later_education": 14,
    "is_party_school": 8, "work_month": 10, "unit": 22, "title": 18, "staffing": 12, "phone": 14,
    "mentor_category": 20, "strengths": 18, "capacity": 7, "mentee_category": 24,
    "should_pair": 10, "from_on": 12, "term_to_on": 12,
}  # fmt: skip
_NOTES = {
    "name": "与身份证一致。少数民族姓名中的间隔用“·”。",
    "gender": "男或女。填了身份证号的可不填。",
    "birth_month": "年和月，如 1985.07。1至9月写两位数。填了身份证号的可不填。",
    "ethnicity": "如汉族；可简写为“汉”。",
    "id_number": "18位，单元格须为文本格式。系统只保存不可还原的摘要和后四位。"
    "同名同出生年月的人靠它区分。",
    "political_status": "从下拉列表中选择；“党员”按中共党员。",
    "party_month": "年和月，如 2005.07；不是中共党员的留空。",
    "education": "从下拉列表中选择，填最高学历；结业、肄业照实填。",
    "later_education": "从下拉列表中选择，填最高学历；党校学历可写“省委党校研究生”；没有的填“无”。",
    "is_party_school": "在职学历是否为党校学历，填是或否。",
    "work_month": "年和月，如 2008.08。",
    "unit": "单位名称；同名单位写上级，用 / 隔开，如“上墅乡/刘家塘村”；也可填12位区划代码。",
    "title": "现任职务。单位或职务有变动的，系统结束原任职并记入新任职。",
    "staffing": "从下拉列表中选择。",
    "phone": "11位手机号，或带区号的固定电话。",
    "mentor_category": "填了即登记为在册导师；不是导师的留空。",
    "strengths": "导师擅长的方面，从列表中选；多项用顿号隔开。",
    "capacity": "同时帮带的人数，留空按2人。只有导师填写。",
    "mentee_category": "是帮带对象的填写。",
    "should_pair": "帮带对象应否结对，填是或否；填否的写明原因，如“否（产假）”。",
    "from_on": "受聘的日期，如 2026-03-01；留空按导入当日。",
    "term_to_on": "聘期的最后一日，如 2027-02-28；没有约定的留空。",
}


def cadres_workbook(by: User) -> bytes:
    """The .xlsx for a coordinator: the units of the subtree and the lists of today."""
    words = shown_words() | {
        "is_party_school": ["是", "否"],
        "mentor_category": _names(MentorCategory),
        "mentee_category": _names(MenteeCategory),
        "strengths": _names(Strength),
        "should_pair": ["是", "否"],
    }
    return _workbook("导师帮带制干部花名册", columns.CADRES, words, by)


def mentors_workbook(by: User) -> bytes:
    words = {"mentor_category": _names(MentorCategory), "strengths": _names(Strength)}
    return _workbook("导师帮带制导师花名册", columns.MENTORS, words, by)


def _workbook(title: str, of: Sequence[Column], words: Mapping[str, list[str]], by: User) -> bytes:
    places = Places(by)
    units = [places.label(unit) for unit in places.units.values()]
    listed = {**words, "unit": units if len(units) <= _MOST_UNITS else []}
    guides = [
        Guide(
            column,
            _WIDTHS[column.field],
            _NOTES[column.field],
            listed.get(column.field, ()),
            is_open_list=column.field in _OPEN_LISTS,
        )
        for column in of
        if column.field in _NOTES  # 单位及职务 is read, and not asked for
    ]
    office = office_of(by)
    return workbook(
        title=title, unit=office.name if office else "", today=timezone.localdate(), guides=guides
    )


def _names(model: type[MentorCategory] | type[MenteeCategory] | type[Strength]) -> list[str]:
    return list(model.objects.filter(is_active=True).values_list("name", flat=True))
