"""The template: filled in, it is imported without a change."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from mentors.importing.columns import CADRES
from rosters import batches, working
from rosters.kinds import kind_of
from tests.mentors.rosters import faults, row

COLUMNS = [column for column in CADRES if column.field != "unit_and_title"]  # read, not asked for
NAMES = [column.name for column in COLUMNS]


@pytest.fixture
def book(cast):
    return load_workbook(io.BytesIO(kind_of("cadres").template(cast.county)))


def saved(book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_its_layout_is_the_offices(book):
    sheet = book["花名册"]
    assert sheet["A1"].value == "导师帮带制干部花名册"
    assert sheet["A2"].value.startswith("填报单位：安吉县    截至日期：")
    marks = {column.name: "*" if column.is_required else "" for column in COLUMNS}
    heading = [cell.value for cell in sheet[3]]
    assert heading == [name + marks[name] for name in NAMES]
    footer = [cell.value for cell in sheet[64] if cell.value]
    assert footer == ["填表人：", "审核人：", "联系电话："]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B4", "$3:$3")
    assert {sheet.cell(4, at + 1).number_format for at in range(len(NAMES))} == {"@"}


def test_its_pick_lists_hold_the_words_that_are_read(book):
    lists = book["选项"]
    assert lists.sheet_state == "hidden"
    found = {}
    for validation in book["花名册"].data_validations.dataValidation:
        letter = validation.formula1.split("$")[1]
        column = NAMES[ord(letter) - ord("A")]
        found[column] = [cell.value for cell in lists[letter] if cell.value]
    assert sorted(found) == sorted([
        "性别", "民族", "政治面貌", "全日制学历", "在职学历", "是否党校学历", "单位", "人员类别",
        "导师类型", "导师专长", "帮带对象类别", "应否结对",
    ])  # fmt: skip
    assert found["性别"] == ["男", "女"]
    assert found["单位"] == ["安吉县", "上墅乡", "刘家塘村", "递铺街道", "县委组织部"]
    assert (len(found["民族"]), found["人员类别"][-1]) == (56, "村(社)干部")


def test_every_word_of_the_pick_lists_is_imported(cast, book):
    sheet, lists = book["花名册"], book["选项"]
    for at in range(56):
        cells = row(姓名="王" + chr(0x4E00 + at))
        for column, name in enumerate(NAMES):
            words = [cell.value for cell in lists[chr(ord("A") + column)] if cell.value]
            value = words[at % len(words)] if words else cells.get(name)
            sheet.cell(4 + at, column + 1).value = value
    batch = batches.upload("cadres", saved(book), "名册.xlsx", cast.county)
    working.run(batch.pk)
    batch.refresh_from_db()
    assert (faults(batch), batch.counts["new"]) == ([], 56)


def test_an_empty_template_has_no_row(cast, book):
    batch = batches.upload("cadres", saved(book), "名册.xlsx", cast.county)
    working.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.failure, batch.files.count()) == (
        "failed", "只有表头，没有数据行。", 0,
    )  # fmt: skip


def test_the_template_of_mentors_asks_for_no_more_than_an_appointment(cast):
    book = load_workbook(io.BytesIO(kind_of("mentors").template(cast.county)))
    assert [cell.value for cell in book["花名册"][3]] == [
        "姓名*", "身份证号", "出生年月", "单位*", "导师类型*", "导师专长", "帮带名额", "聘任日期",
        "聘期至",
    ]  # fmt: skip
