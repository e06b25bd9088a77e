"""The rows of a roster: who is read, what is left out and counted, what merged cells fill."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter

import openpyxl
import pytest

from rosters.book import Unreadable
from rosters.headings import propose
from rosters.rows import read_rows
from tests.cadres.sheets import csv, xlsx
from tests.rosters.people import HEAD, KIND, LI, WANG, as_read, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(tree):
    return tree.anji


def counted(content, unit):
    skipped: Counter[str] = Counter()
    rows = list(read_rows(content, propose(content, KIND, unit), skipped=skipped))
    return rows, dict(skipped)


def test_rows_carry_their_number_and_columns_stand_in_any_order(unit):
    content = xlsx(
        ["名册"],
        [],
        ["单位", "备注", "姓名", "出生年月", "性别"],
        ["某镇", "x", "王小明", "1985.07", "男"],
        [],
        ["某镇", None, "李小红", "1990.01", "女"],
    )
    assert read(content, unit) == [(0, 4, as_read(WANG)), (0, 6, as_read(LI))]


def test_rows_that_are_no_people_are_left_out_and_counted(unit):
    content = xlsx(
        ["序号", *HEAD, "备注"],
        [1, 2, 3, 4, 5, 6],
        ["一、镇机关"],
        [1, *WANG],
        ["小 计", "1人"],
        [None, "（二）站所"],
        ["序号", *HEAD, "备注"],
        [2, *LI],
        [3],
        ["合计", None, "2 人"],
        ["填表人：某某", None, "审核人：某某"],
        ["备注：以上人员均为在编。"],
        ["本表一式三份，报送组织部一份，存档两份，请于月底以前报送。"],
    )
    rows, skipped = counted(content, unit)
    assert rows == [(0, 4, as_read(WANG)), (0, 8, as_read(LI))]
    assert skipped == {"headings": 2, "sections": 2, "sums": 2, "notes": 3}


def test_somebody_with_little_written_is_still_a_row(unit):
    content = xlsx(HEAD, WANG, ["李小红"], ["注小明", "男"], ["合小计", "女"])
    assert [cells.get("name") for _sheet, _number, cells in read(content, unit)] == [
        "王小明", "李小红", "注小明", "合小计",
    ]  # fmt: skip


def test_a_unit_that_is_merged_over_its_people_is_theirs_and_a_blank_is_nobodys(unit):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("单位", "姓名", "性别", "出生年月"),
        ("甲镇", *WANG[:3]),
        (None, *LI[:3]),
        ("乙镇", "赵六", "男", "1980.02"),
        (None, "孙七", "男", "1981.02"),
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    target = io.BytesIO()
    book.save(target)
    units = [cells.get("unit") for _sheet, _number, cells in read(target.getvalue(), unit)]
    assert units == ["甲镇", "甲镇", "乙镇", None]


def test_a_row_that_a_merged_cell_alone_reaches_into_is_no_person(unit):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEAD, WANG, (), LI):
        sheet.append(row)
    for letter in "ABCD":
        sheet.merge_cells(f"{letter}2:{letter}3")
    target = io.BytesIO()
    book.save(target)
    assert [number for _sheet, number, _cells in read(target.getvalue(), unit)] == [2, 4]


def test_dates_stay_dates_numbers_numbers_and_ruined_ids_what_they_are(unit):
    head = (*HEAD, "身份证号")
    content = xlsx(
        head,
        ["王", "男", dt.date(1985, 7, 3), "某镇", 3.30523198507031e17],
        ["李", "女", 31231, "某镇", "3.30523E+17"],
        ["赵", "男", 1985.1, "某镇", "#N/A"],
    )
    found = [(c["birth_month"], c["id_number"]) for _sheet, _number, c in read(content, unit)]
    assert found == [
        (dt.date(1985, 7, 3), 3.30523198507031e17),
        (31231.0, "3.30523E+17"),
        (1985.1, "#N/A"),
    ]


def test_1985_10_that_a_spreadsheet_saved_as_csv_stays_to_be_asked_about(unit):
    content = csv(HEAD, ("王", "男", "1985.1", "某镇"), ("李", "女", "1985.10", "某镇"))
    found = [cells["birth_month"] for _sheet, _number, cells in read(content, unit)]
    assert found == [1985.1, "1985.10"]


def test_all_sheets_are_read_in_their_order(unit):
    content = xlsx(sheets={"甲": [HEAD, WANG], "说明": [["x"]], "乙": [["t"], HEAD, LI]})
    assert read(content, unit) == [(0, 2, as_read(WANG)), (2, 3, as_read(LI))]


def test_only_what_the_mapping_says_is_read(unit):
    content = xlsx(sheets={"甲": [HEAD, WANG], "乙": [HEAD, LI]})
    mapping = propose(content, KIND, unit)
    mapping["sheets"][0]["is_read"] = False
    mapping["sheets"][1]["columns"][1]["field"] = ""
    assert list(read_rows(content, mapping)) == [
        (1, 2, {k: v for k, v in as_read(LI).items() if k != "gender"})
    ]
    mapping["sheets"][1]["is_read"] = False
    assert list(read_rows(content, mapping)) == []


def test_more_rows_than_are_read_at_once_are_refused(unit, monkeypatch):
    monkeypatch.setattr("rosters.rows.MAX_ROWS", 3)
    content = csv(HEAD, *[(f"某{n}", *WANG[1:]) for n in range(4)])
    with pytest.raises(Unreadable, match="表格超过 3 行，请拆分后再传。"):
        read(content, unit)


def test_a_reader_that_is_left_early_leaves_no_process_behind(unit):
    content = xlsx(HEAD, *[(f"某{n}", *WANG[1:]) for n in range(3_000)])
    rows = read_rows(content, propose(content, KIND, unit))
    assert next(rows)[1] == 2
    rows.close()
    assert list(rows) == []
