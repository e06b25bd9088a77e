"""Awful cells: what spreadsheets and people do to numbers, dates and names."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter

from tests.cadres.sheets import xlsx
from tests.rosters.awful.people import HEAD, TOWN, people
from tests.rosters.awful.workbooks import file

# A spreadsheet knows no time zones.
HALF_PAST_EIGHT = dt.datetime(1985, 7, 3, 8, 30, tzinfo=dt.UTC).replace(tzinfo=None)
ONE, TWO, THREE = people(3)


@file("ruined_ids.xlsx")
def _() -> bytes:
    return xlsx(
        [*HEAD, "身份证号"],
        [*ONE.row, 3.30523198507031e17],
        [*TWO.row, "3.30523E+17"],
        [*THREE.row, f"'{THREE.number}"],
        [*THREE.row, THREE.number[:-1] + ("1" if THREE.number[-1] != "1" else "2")],
        [*THREE.row, "330523850703123"],
        [*THREE.row, f" {THREE.number[:6]} {THREE.number[6:14]} {THREE.number[14:]}\n"],
    )


@file("mixed_dates.xlsx")
def _() -> bytes:
    written = [
        "1985.07", "1985-7", "1985年7月", "1985/07/03", "19850703", "198507", dt.date(1985, 7, 3),
        HALF_PAST_EIGHT, 31231, 1985.07, 1985.1, "1985.10", "1985.13", "八五年",
        "85.07", "1985.07\n（41岁）", "1985.07(41)", "1850.01", "2185.07", "１９８５．０７", 1985,
    ]  # fmt: skip
    return xlsx(HEAD, *[["赵安", "男", when, TOWN] for when in written])


@file("full_width_and_blanks.xlsx")
def _() -> bytes:
    return xlsx(
        ["　姓　名　", "性别 ", "出生年月", "单 位", "手机号"],
        ["　赵　安　", " 男 ", "１９８５．０７", f"{TOWN}　", "１３８００００００００"],
        ["钱\u200b定", "女\u00a0", "1990.01\t", f"\n{TOWN}", "138-0000-0000"],
        ["　", " ", "——", "/", "-"],
    )


@file("names_of_all_kinds.xlsx")
def _() -> bytes:
    names = [
        "阿依古丽•买买提", "阿依古丽‧买买提", "阿依古丽 · 买买提", "王 伟", "㛃𬱖𠮷", "李O明",
        "张3", "王伟（女）", "John Smith", "无", "=王伟", "某" * 101,
    ]  # fmt: skip
    return xlsx(HEAD, *[[name, "男", "1985.07", TOWN] for name in names])


@file("formulas_that_failed.xlsx")
def _() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [*HEAD, "职务"])
    for row, person in enumerate((ONE, TWO), 1):
        sheet.write_row(row, 0, person.row)
    sheet.write_formula(1, 3, "=VLOOKUP(A2,X:Y,2,0)", None, "#N/A")
    sheet.write_formula(1, 4, "=1/0", None, "#DIV/0!")
    sheet.write_formula(2, 3, f'="{TOWN}"', None, TOWN)
    sheet.write_formula(2, 4, '="干"&"事"', None, "干事")
    book.close()
    return target.getvalue()


@file("numbers_and_truths.xlsx")
def _() -> bytes:
    return xlsx(
        [*HEAD, "手机号", "职务"],
        [*ONE.row, 13800000000, 1],
        [*TWO.row, 1.38e10, True],
        [123, True, "1985.07", TOWN, 57252, 0],
    )


@file("words_of_their_own.xlsx")
def _() -> bytes:
    return xlsx(
        [*HEAD, "民族", "政治面貌", "全日制学历"],
        [*ONE.row, "汉", "党员", "大学"],
        [*TWO.row, "汉族", "中共党员", "本科"],
        [*THREE.row, "火星族", "无党", "博士后"],
        ["孙某", "1", "1985.07", "不存在的乡"],
        ["孙某", "男", "1985.07", "无"],
    )


@file("lines_that_lack.xlsx")
def _() -> bytes:
    return xlsx(HEAD, ONE.row, [TWO.name], [None, "男", "1985.07", TOWN], [THREE.name, "男"])
