"""The workbook that comes back: the same one, with what is wrong in it."""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

import openpyxl
import pytest
import xlwt
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from rosters.annotating import annotate, name
from rosters.headings import propose
from rosters.rows import read_rows
from rosters.sheet_styles import COLOUR
from tests.cadres.sheets import csv, xlsx
from tests.rosters.people import HEAD, KIND, LI, WANG

pytestmark = pytest.mark.django_db
RED = COLOUR.decode()


@pytest.fixture
def unit(tree):
    return tree.anji


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def colour(cell) -> str | None:
    return cell.fill.fgColor.rgb if cell.fill.fill_type else None


def values(sheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def an_office_workbook() -> bytes:
    """With nearly all that a library would lose or change."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("名册",), (*HEAD, "备注"), (*WANG, "=1+1"), (*LI, "=HYPERLINK(1)"), ("合计",)):
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    sheet["A3"].font = Font(bold=True, color="FF0000FF")
    sheet["B4"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["A2"].comment = Comment("写全名", "某科")
    sheet["C4"].comment = Comment("问过本人", "某科")
    sheet.column_dimensions["A"].width = 33
    check = DataValidation(type="list", formula1='"男,女"')
    check.add("B3:B9")
    sheet.add_data_validation(check)
    sheet.auto_filter.ref = "A2:E4"
    book.create_sheet("字典").append(["男", "女"])
    return saved(book)


REMARKS = {
    (0, 3): [("name", "没有<这个>人 & 别的"), ("", "新增")],
    (0, 4): [("gender", "性别不对"), ("birth_month", "月份不对")],
}


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def test_wrong_cells_are_coloured_with_a_note_and_remarks_stand_on_the_right(unit):
    content = an_office_workbook()
    back = opened(annotate(content, "册.xlsx", propose(content, KIND, unit), REMARKS))
    sheet = back.worksheets[0]
    marked = [c.coordinate for row in sheet for c in row if colour(c) == RED]
    notes = {c.coordinate: c.comment.text for row in sheet for c in row if c.comment}
    assert marked == ["A3", "B4", "C4"]
    assert notes == {
        "A2": "写全名",
        "C4": "问过本人",  # somebody's own note stays; the remark says the rest
        "A3": "没有<这个>人 & 别的",
        "B4": "性别不对",
    }
    assert [sheet.cell(n, 6).value for n in range(1, 6)] == [
        None,
        "核对意见",
        "姓名：没有<这个>人 & 别的；新增",
        "性别：性别不对；出生年月：月份不对",
        None,
    ]


def test_all_else_is_as_it_was(unit):
    content = an_office_workbook()
    back = annotate(content, "册.xlsx", propose(content, KIND, unit), REMARKS)
    old, new = opened(content).worksheets[0], opened(back).worksheets[0]
    assert [row[:5] for row in values(new)] == values(old)
    assert (new["A3"].font.b, new["A3"].font.color.rgb) == (True, "FF0000FF")
    assert new.column_dimensions["A"].width == 33
    assert new.merged_cells.ranges == old.merged_cells.ranges
    assert new.data_validations == old.data_validations
    assert new.auto_filter == old.auto_filter
    before, after = parts_of(content), parts_of(back)
    changed = {n for n in after if before.get(n) != after[n]}
    assert changed == {
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/comments/comment1.xml",
        "xl/drawings/commentsDrawing1.vml",
    }
    assert set(before) <= set(after)
    for part, xml in after.items():
        if part.endswith((".xml", ".rels", ".vml")):
            expat.ParserCreate(namespace_separator=" ").Parse(xml, True)


def test_a_workbook_without_notes_gets_them(unit):
    content = xlsx(HEAD, WANG)
    back = annotate(content, "册.xlsx", propose(content, KIND, unit), {(0, 2): [("unit", "没有")]})
    sheet = opened(back).worksheets[0]
    assert (sheet["D2"].comment.text, colour(sheet["D2"]), sheet["E1"].value) == (
        "没有", RED, "核对意见",
    )  # fmt: skip
    for part, xml in parts_of(back).items():
        if part.endswith((".xml", ".rels", ".vml")):
            expat.ParserCreate(namespace_separator=" ").Parse(xml, True)


def test_a_cell_that_is_not_there_is_made_in_its_place(unit):
    content = xlsx([*HEAD, "手机号", "民族"], [*WANG, None, "汉"])
    back = annotate(content, "册.xlsx", propose(content, KIND, unit), {(0, 2): [("phone", "要写")]})
    sheet = opened(back).worksheets[0]
    assert [(c.value, colour(c)) for c in sheet[2]][3:] == [
        ("某镇", None), (None, RED), ("汉", None), ("手机号：要写", None),
    ]  # fmt: skip


def test_a_fault_stands_on_the_column_that_covers_its_field(unit):
    content = xlsx(["姓名", "身份证号", "单位及职务"], ["王", "330523198507031234", "某处"])
    back = annotate(
        content, "册.xlsx", propose(content, KIND, unit), {(0, 2): [("unit", "没有")]}, KIND
    )
    assert colour(opened(back).worksheets[0]["C2"]) == RED


def test_the_note_on_a_merged_cell_stands_where_it_is_seen(unit):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("单位", *HEAD[:3]), ("甲镇", *WANG[:3]), (None, *LI[:3])):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    content = saved(book)
    remarks = {(0, 3): [("unit", "没有")]}
    back = opened(annotate(content, "册.xlsx", propose(content, KIND, unit), remarks)).worksheets[0]
    assert (back["A2"].comment.text, colour(back["A2"])) == ("没有", RED)
    assert [back["E2"].value, back["E3"].value] == [None, "单位：没有"]


def test_corrected_and_brought_again_it_reads_as_before_and_old_marks_go(unit):
    content = an_office_workbook()
    mapping = propose(content, KIND, unit)
    first = annotate(content, "册.xlsx", mapping, REMARKS)
    again = propose(first, KIND, unit)
    assert again["doubts"] == []
    assert list(read_rows(first, again)) == list(read_rows(content, mapping))
    back = opened(annotate(first, "册.xlsx", again, {(0, 4): [("name", "还不对")]}))
    sheet = back.worksheets[0]
    assert [c.coordinate for row in sheet for c in row if colour(c) == RED] == ["A4"]
    assert colour(sheet["B4"]) == "FFFFFF00"
    assert {c.coordinate: c.comment.text for row in sheet for c in row if c.comment} == {
        "A2": "写全名", "C4": "问过本人", "A4": "还不对",
    }  # fmt: skip
    assert [[c.value for c in row] for row in sheet["F1:G5"]] == [
        [None, None], ["核对意见", None], [None, None], ["姓名：还不对", None], [None, None],
    ]  # fmt: skip


def old_format(*rows: tuple[object, ...]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            sheet.write(number, at, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "filename", "said"),
    [
        (csv(("=册", "", "", ""), HEAD, WANG, LI, encoding="gbk"), "册.csv", ".csv"),
        (old_format(("=册",), HEAD, WANG, LI), "册.XLS", ".xls"),
    ],
)
def test_another_format_comes_back_as_a_new_workbook_that_says_so(unit, content, filename, said):
    mapping = propose(content, KIND, unit)
    back = annotate(content, filename, mapping, {(0, 4): [("unit", "没有"), ("phone", "要写")]})
    sheet = opened(back).worksheets[0]
    assert [[v or None for v in row] for row in values(sheet)] == [
        ["=册", None, None, None, None],
        [*HEAD, f"核对意见（原文件为 {said} 格式，现存为 .xlsx）"],
        [*WANG, None],
        [*LI, "单位：没有；要写"],
    ]
    assert sheet["A1"].data_type == "s"
    assert (colour(sheet["D4"]), sheet["D4"].comment.text) == (RED, "没有")
    again = propose(back, KIND, unit)
    assert list(read_rows(back, again)) == list(read_rows(content, mapping))


def test_a_workbook_of_an_unusual_build_comes_back_too(unit):
    """As some .NET programs write it: every name with a prefix."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part, xml in parts_of(xlsx(HEAD, WANG)).items():
            if part.startswith("xl/worksheets/sheet"):
                text = xml.decode().replace("<", "<x:").replace("<x:/", "</x:")
                text = text.replace("<x:?xml", "<?xml").replace("xmlns=", "xmlns:x=")
                xml = text.encode()
            archive.writestr(part, xml)
    content = target.getvalue()
    mapping = propose(content, KIND, unit)
    assert mapping["sheets"][0]["is_read"]
    back = annotate(content, "册.xlsx", mapping, {(0, 2): [("name", "没有")]})
    assert values(opened(back).worksheets[0])[1] == [*WANG, "姓名：没有"]


def test_the_name_says_what_it_is_once():
    assert name("花名册.xls") == "花名册（核对意见）.xlsx"
    assert name("花名册（核对意见）.xlsx") == "花名册（核对意见）.xlsx"


def test_each_sheet_has_its_own_remarks_and_notes(unit):
    content = xlsx(sheets={"甲": [HEAD, WANG], "说明": [["x"]], "乙": [["册"], HEAD, LI]})
    remarks = {(0, 2): [("name", "一")], (2, 3): [("gender", "二"), ("", "三")]}
    back = opened(annotate(content, "册.xlsx", propose(content, KIND, unit), remarks))
    assert [
        (sheet.title, cell.coordinate, cell.comment.text, colour(cell))
        for sheet in back for row in sheet for cell in row if cell.comment
    ] == [("甲", "A2", "一", RED), ("乙", "B3", "二", RED)]  # fmt: skip
    assert (back["甲"]["E2"].value, back["乙"]["E3"].value) == ("姓名：一", "性别：二；三")
    assert values(back["说明"]) == [["x"]]
