"""Awful .xlsx: headings, merged cells, sheets, and rows that are no people."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import xlsxwriter

from tests.cadres.sheets import xlsx
from tests.rosters.awful.people import HEAD, OTHER, TOWN, numbered, people

FILES: dict[str, Callable[[], bytes]] = {}


def file(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def keep(make: Callable[[], bytes]) -> Callable[[], bytes]:
        FILES[name] = make
        return make

    return keep


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def merged(rows: Sequence[Sequence[Any]], *ranges: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for its in ranges:
        sheet.merge_cells(its)
    return saved(book)


ROWS = [person.row for person in people(3)]
TWO = (
    ["序号", "姓  名", "性别", "出生年月\n（岁）", "公民身份号码", "全日制教育", None, "在职教育",
     None, "工作单位及\n职务", "备注"],
    [None, None, None, None, None, "学历学位", "毕业院校系及专业", "学历学位", "毕业院校系及专业",
     None, None],
)  # fmt: skip


def _full(many: int) -> list[list[object]]:
    return numbered([
        (p.name, p.gender, f"{p.month}\n（41岁）", p.number, "大学", "某大学", None, None,
         f"{TOWN}党委委员", None)
        for p in people(many)
    ])  # fmt: skip


@file("two_row_header_merged.xlsx")
def _() -> bytes:
    rows = [
        ["2026年干部花名册"], ["填报单位：上墅乡（盖章）"], *TWO, ["一、机关"], *_full(2),
        ["二、站所"], *_full(1), ["合 计", "3人"], ["填表人：某某"],
    ]  # fmt: skip
    singles = [f"{letter}3:{letter}4" for letter in "ABCDEJK"]
    return merged(rows, "A1:K1", "A2:K2", "F3:G3", "H3:I3", *singles, "A5:K5", "A8:K8")


@file("two_row_header_not_merged.xlsx")
def _() -> bytes:
    return merged([["名册"], *TWO, *_full(2)])


@file("three_row_header.xlsx")
def _() -> bytes:
    rows = [
        ["基本信息", None, None, None, "教育", None],
        ["姓名", "性别", "出生年月", "单位", "学历", None],
        [None, None, None, None, "全日制教育", "在职教育"],
        *[[*row, "本科", "研究生"] for row in ROWS],
    ]
    singles = [f"{letter}2:{letter}3" for letter in "ABCD"]
    return merged(rows, "A1:D1", "E1:F1", "E2:F2", *singles)


@file("units_merged_downwards.xlsx")
def _() -> bytes:
    rows = [["单位", "姓名", "性别", "出生年月"]]
    rows += [
        [TOWN if at in (0, 2) else None, *person.row[:3]] for at, person in enumerate(people(5))
    ]
    return merged(rows, "A2:A3", "A4:A5")  # the last has none: a blank is nobody's


@file("one_person_in_two_rows.xlsx")
def _() -> bytes:
    one, two = people(2)
    rows = [[*HEAD, "职务"], [*one.row, "党委委员"], [None] * 4 + ["武装部长"], [*two.row, "干事"]]
    return merged(rows, *[f"{letter}2:{letter}3" for letter in "ABCD"])


@file("table_in_the_middle_of_the_sheet.xlsx")
def _() -> bytes:
    blank: list[object] = [None, None]
    rows = [
        [],
        [],
        [None, None, "名册"],
        [],
        [*blank, *HEAD],
        [],
        *[[*blank, *row] for row in ROWS],
    ]
    return xlsx(*rows)


@file("heading_in_row_15.xlsx")
def _() -> bytes:
    notes = [[f"{at}. 填写说明第{at}条：请如实填写，不得留空。"] for at in range(1, 14)]
    return xlsx(["名册"], *notes, HEAD, *ROWS)


@file("a_sheet_a_township.xlsx")
def _() -> bytes:
    other = [[*row[:3], OTHER] for row in ROWS]
    return xlsx(sheets={
        "填表说明": [["说明"], ["姓名：写全名"]],
        TOWN: [["名册"], HEAD, *ROWS],
        OTHER: [["序号", "单位", *HEAD[:3]], *numbered([[r[3], *r[:3]] for r in other])],
        "选项": [["性别", "民族"], ["男", "汉族"], ["女", "畲族"]],
        "Sheet4": [],
    })  # fmt: skip


@file("a_hidden_second_table.xlsx")
def _() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(sheets={
        "今年": [HEAD, *ROWS], "去年": [HEAD, *ROWS[:1]],
    })))  # fmt: skip
    book["去年"].sheet_state = "veryHidden"
    book["今年"].row_dimensions[3].hidden = True
    book["今年"].column_dimensions["B"].hidden = True
    return saved(book)


@file("printed_pages.xlsx")
def _() -> bytes:
    rows: list[Sequence[object]] = []
    for page in range(2):
        rows += [["干部花名册"], ["序号", *HEAD], ["1", "2", "3", "4", "5"]]
        rows += numbered([person.row for person in people(6)[page * 3 : page * 3 + 3]])
        rows += [["本页小计", "3人"], [f"第 {page + 1} 页"]]
    return xlsx(*rows)


@file("sums_sections_and_notes.xlsx")
def _() -> bytes:
    return xlsx(
        ["序号", *HEAD, "备注"], ["（一）领导班子"], *numbered(ROWS[:2]), ["小　计", None, 2],
        ["（二）一般干部"], [3, *ROWS[2], "见注"], [None, "合计：3人"], [], ["总计"],
        ["注：1.本表一式两份；"], ["2.出生年月按干部档案审核认定的时间填写。"],
        ["审核人：某", None, "填表人：某", None, "联系电话：0572-5000000"],
    )  # fmt: skip


@file("prepared_lines.xlsx")
def _() -> bytes:
    return xlsx(["序号", *HEAD], *numbered(ROWS), *[[at] for at in range(4, 40)])


@file("duplicate_headings.xlsx")
def _() -> bytes:
    return xlsx([*HEAD, "姓名", "联系电话", "手机"], *[[*r, r[0], "", ""] for r in ROWS])


@file("aliases_in_any_order.xlsx")
def _() -> bytes:
    head = ["联系电话", "所在单位", "现任职务", "出生日期", "干部姓名 ", "性 别*", "参工时间",
            "身份证号码（18位）"]  # fmt: skip
    return xlsx(head, *[
        ["13800000000", TOWN, "干事", p.month, p.name, p.gender, "2008年8月", p.number]
        for p in people(2)
    ])  # fmt: skip


@file("headings_of_other_things.xlsx")
def _() -> bytes:
    more = ["曾用姓名", "配偶姓名", "原单位", "家庭电话", "任现职时间", "备用手机号", "入团时间"]
    return xlsx([*HEAD, *more], *[[*row, *"abcdefg"] for row in ROWS])


@file("unknown_headings.xlsx")
def _() -> bytes:
    return xlsx(["名儿", "男女", "哪年生", "在哪儿"], *ROWS)


@file("likely_headings.xlsx")
def _() -> bytes:
    return xlsx(["本人姓名", "性别", "出生年月", "单位", "参加工作时问"], *[
        [*row, "2008.08"] for row in ROWS
    ])  # fmt: skip


@file("missing_required.xlsx")
def _() -> bytes:
    return xlsx(["姓名", "手机号"], ["赵安", "13800000000"])


@file("gender_and_birth_in_the_id.xlsx")
def _() -> bytes:
    return xlsx(["姓名", "身份证号", "单位及职务"], *[[p.name, p.number, f"{TOWN} 干事"]
                                             for p in people(3)])  # fmt: skip


@file("heading_alone.xlsx")
def _() -> bytes:
    return xlsx(["名册"], HEAD)


@file("empty.xlsx")
def _() -> bytes:
    return xlsx(sheets={"Sheet1": [], "Sheet2": []})


@file("brought_back_with_remarks.xlsx")
def _() -> bytes:
    return xlsx(["名册"], [*HEAD, "核对意见"], [*ROWS[0], "姓名：请核对"], ROWS[1], ROWS[2])


@file("a_chart_and_a_picture_sheet.xlsx")
def _() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=名册!$A$2:$A$4"})
    book.add_chartsheet("图").set_chart(chart)
    sheet = book.add_worksheet("名册")
    for number, row in enumerate([HEAD, *ROWS]):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()
