"""Which heading names which column: names, aliases, two rows, what was taught, and doubts."""

from __future__ import annotations

import io

import openpyxl
import pytest

from rosters.book import Unreadable
from rosters.headings import again, heading, is_sure, missing, propose
from tests.cadres.sheets import csv, xlsx
from tests.rosters.people import HEAD, KIND, LI, WANG, fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(tree):
    return tree.anji


def merged(*rows: list[object], ranges: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for its in ranges:
        sheet.merge_cells(its)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_title_rows_stand_above_the_heading_and_marks_and_blanks_do_not_matter(unit):
    content = xlsx(
        ["干部花名册"],
        ["填报单位：某县", None, "截至日期：2026年11月"],
        [],
        ["序号", "姓名 *", "性别", " 出 生 年 月（必填）", "工作单位", "联系电话", "备注"],
        [1, "王小明", "男", "1985.07", "某镇", 13800000000, "无"],
    )
    mapping = propose(content, KIND, unit)
    assert mapping == {
        "sheets": [
            {
                "at": 0,
                "name": "Sheet1",
                "is_read": True,
                "is_hidden": False,
                "rows": 1,
                "header": [4, 4],
                "columns": [
                    {"at": 0, "heading": "序号", "field": ""},
                    {"at": 1, "heading": "姓名 *", "field": "name"},
                    {"at": 2, "heading": "性别", "field": "gender"},
                    {"at": 3, "heading": "出 生 年 月(必填)", "field": "birth_month"},
                    {"at": 4, "heading": "工作单位", "field": "unit"},
                    {"at": 5, "heading": "联系电话", "field": "phone"},
                    {"at": 6, "heading": "备注", "field": ""},
                ],
                "samples": [["1", "王小明", "男", "1985.07", "某镇", "*******0000", "无"]],
            }
        ],
        "doubts": [],
    }
    assert is_sure(mapping, KIND)


TWO_ROWS = (
    ["名册"],
    ["姓名", "性别", "公民身份号码", "全日制教育", None, "在职教育", None, "工作单位\n及职务"],
    [None, None, None, "学历学位", "院校系及专业", "学历学位", "院校系及专业"],
    ["王小明", "男", "330523198507031234", "大学", "某大学", "研究生", "党校", "某镇书记"],
)
FOUND = {
    "姓名": "name",
    "性别": "gender",
    "公民身份号码": "id_number",
    "全日制教育 学历学位": "education",
    "在职教育 学历学位": "later_education",
    "工作单位 及职务": "unit_and_title",
}


def test_a_heading_in_two_rows_is_joined_where_cells_are_merged(unit):
    ranges = ("A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2", "H2:H3")
    mapping = propose(merged(*TWO_ROWS, ranges=ranges), KIND, unit)
    assert (mapping["sheets"][0]["header"], fields(mapping)) == ([2, 3], FOUND)
    assert mapping["sheets"][0]["samples"][0][2] == "**************1234"
    assert is_sure(mapping, KIND)


def test_a_heading_in_two_rows_is_joined_in_csv_too_which_knows_no_merged_cells(unit):
    lines = [["" if v is None else str(v).replace("\n", "") for v in row] for row in TWO_ROWS]
    mapping = propose(csv(*lines, encoding="gbk"), KIND, unit)
    joined = {("工作单位及职务" if k == "工作单位 及职务" else k): v for k, v in FOUND.items()}
    assert (mapping["sheets"][0]["header"], fields(mapping)) == ([2, 3], joined)


def test_a_group_may_stand_below_its_names_and_a_neutral_one_adds_nothing(unit):
    content = merged(
        ["基本信息", None, None, None, "学历", None],
        ["姓名", "性别", "出生年月", "单位", "全日制", "在职"],
        [*WANG, "大学", "研究生"],
        ranges=("A1:D1", "E1:F1"),
    )
    mapping = propose(content, KIND, unit)
    assert fields(mapping) == {
        "基本信息 姓名": "name",
        "基本信息 性别": "gender",
        "基本信息 出生年月": "birth_month",
        "基本信息 单位": "unit",
        "学历 全日制": "education",
        "学历 在职": "later_education",
    }


@pytest.mark.parametrize(
    ("text", "field", "doubt"),
    [
        ("手机号（11位）", "phone", ""),
        ("本人手机号", "phone", "“本人手机号”一列可能是“手机号”，请确认或改正。"),
        ("参加工作时问", "work_month", "“参加工作时问”一列可能是“参加工作时间”，请确认或改正。"),
        ("配偶手机号", "", ""),
        ("原职务", "", ""),
        ("手机号（配偶）", "", ""),
        ("照片", "", ""),
    ],
)
def test_what_is_only_likely_is_a_doubt_and_another_thing_is_not_taken(unit, text, field, doubt):
    mapping = propose(xlsx([*HEAD, text], [*WANG, "某"]), KIND, unit)
    said = [doubt] if doubt else []
    assert (mapping["sheets"][0]["columns"][4]["field"], mapping["doubts"]) == (field, said)
    assert is_sure(mapping, KIND) == (not doubt)


def test_the_exact_name_goes_before_an_alias_and_two_aliases_are_asked_about(unit):
    exact = propose(xlsx([*HEAD, "联系电话", "手机号"], [*WANG, "1", "2"]), KIND, unit)
    assert (fields(exact)["手机号"], exact["doubts"]) == ("phone", [])
    assert "联系电话" not in fields(exact)
    twice = propose(xlsx([*HEAD, "姓名"], [*WANG, "李"]), KIND, unit)
    assert twice["doubts"] == ["「姓名」、「姓名」都可能是“姓名”，现取第一列，请确认。"]


def test_a_column_that_covers_required_ones_stands_for_them(unit):
    mapping = propose(
        xlsx(["姓名", "身份证号", "单位及职务"], ["王", "330523198507031234", "某镇书记"]),
        KIND,
        unit,
    )
    assert (missing(mapping, KIND), is_sure(mapping, KIND)) == ([], True)


def test_a_covering_column_that_is_blank_in_some_rows_is_asked_about(unit):
    head = ["姓名", "身份证号", "单位", "性别", "哪年生"]
    full, blank = ["王", "330523198507031234", "某镇", "男", "1"], ["李", "", "某镇", "女", "2"]
    assert is_sure(propose(xlsx(head, full), KIND, unit), KIND)
    assert is_sure(propose(xlsx(head[:4], full[:4], blank[:4]), KIND, unit), KIND)
    mapping = propose(xlsx(head, full, blank), KIND, unit)
    assert mapping["doubts"] == [
        "“出生年月”取自“身份证号”，但有的行没有填写。表中另有这一列的，请选择。"
    ]


def test_every_sheet_that_holds_a_whole_table_is_read_and_no_other(unit):
    content = xlsx(
        sheets={
            "说明": [["填表说明"], ["1. 姓名写全"]],
            "甲": [HEAD, WANG],
            "乙": [["性别", "姓名", "单位", "出生年月"], ["女", "李小红", "某镇", "1990.01"]],
            "字典": [["性别", "民族"], ["男", "汉族"]],
            "空表": [HEAD],
        }
    )
    mapping = propose(content, KIND, unit)
    assert [s["is_read"] for s in mapping["sheets"]] == [False, True, True, False, False]
    assert is_sure(mapping, KIND)


def test_a_hidden_table_beside_another_is_asked_about(unit):
    book = openpyxl.load_workbook(io.BytesIO(xlsx(sheets={"甲": [HEAD, WANG], "旧": [HEAD, LI]})))
    book["旧"].sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    mapping = propose(target.getvalue(), KIND, unit)
    assert [s["is_read"] for s in mapping["sheets"]] == [True, False]
    assert mapping["doubts"] == ["隐藏的工作表“旧”中也有名册，选择后才会读取。"]


def test_what_is_missing_is_said_and_the_likeliest_sheet_is_shown(unit):
    content = xlsx(sheets={"说明": [["说明"]], "甲": [["姓名", "手机号"], ["王", "1"]]})
    mapping = propose(content, KIND, unit)
    assert [s["is_read"] for s in mapping["sheets"]] == [False, True]
    assert mapping["doubts"] == ["缺少必填列：性别、出生年月、单位。"]
    assert missing(mapping, KIND) == ["性别", "出生年月", "单位"]
    assert not is_sure(mapping, KIND)


def test_unknown_headings_are_shown_for_the_user_to_choose(unit):
    mapping = propose(csv(("甲", "乙"), ("1", "2")), KIND, unit)
    assert mapping["sheets"][0]["header"] == [1, 1]
    assert [c["heading"] for c in mapping["sheets"][0]["columns"]] == ["甲", "乙"]
    assert not is_sure(mapping, KIND)


def test_without_any_heading_that_is_said(unit):
    mapping = propose(csv(("1", "2"), ("3", "4")), KIND, unit)
    assert mapping["doubts"] == [
        "前20行中没有找到表头。表头应有以下各列：姓名、性别、出生年月、单位。"
    ]


def test_no_row_below_the_heading_is_said(unit):
    with pytest.raises(Unreadable, match="只有表头，没有数据行。"):
        propose(xlsx(HEAD), KIND, unit)
    with pytest.raises(Unreadable, match="文件是空的。"):
        propose(xlsx([]), KIND, unit)


def test_other_heading_rows_are_taken_on_request(unit):
    content = xlsx(HEAD, ["甲", "乙", "丙", "丁"], WANG)
    mapping = propose(content, KIND, unit)
    anew = again(content, KIND, unit, mapping, {0: [2, 2]})
    assert anew["sheets"][0]["header"] == [2, 2]
    assert [c["heading"] for c in anew["sheets"][0]["columns"]] == ["甲", "乙", "丙", "丁"]
    assert anew["sheets"][0]["samples"] == [list(WANG)]


def test_a_heading_is_known_by_its_plain_form():
    assert heading(" 身 份 证\n号码＊（必填）：") == "身份证号码"
