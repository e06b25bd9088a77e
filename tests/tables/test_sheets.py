"""The database writes the cells; they are equal, one by one, to what Python would write."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from django.db.models import F, IntegerField, Value
from django.db.models.functions import Cast, Length
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from cadres.models import Code
from core.months import full_years
from core.text import inert
from tables import cells, sheets
from tables.skeleton import Column, Heading, column_letter

pytestmark = pytest.mark.django_db
HEADING = Heading(
    "名册", "干部名册 <&> =1+1", "单位：安吉县", "第 &P 页", ("填表人：", "审核人：", "联系电话：")
)
AWKWARD = [
    "=HYPERLINK(\"http://x\",\"点\")", "+8613800001234", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1",
    "a,b", 'say "hi"', "two\nlines", "dos\r\nlines", "old\rmac", "<b>&amp;</b>", "]]>", " lead ",
    "trail ", "'quoted", "001234", "13800001234", "1985.10", "3.30523E+17", "㛃𬱖𠮷",
    "买买提·吐尔逊", "bell\x07", "\x01\x02\x1f", "\x7f\x85", "_x0041_", "%s 100%%", "\\.", "\\N",
    "NULL", "{}", "\ufffe\uffff", "x" * 40_000, "长" * 33_000, "", "无",
]  # fmt: skip


def rows():
    """The 56 rows of the table of peoples, which every database of ours has: codes 01 to 56."""
    return Code.objects.filter(table="ethnicity").order_by("code")


def saying(texts: list[str]) -> Column:
    return Column("词", cells.word("code", {f"{at:02d}": text for at, text in enumerate(texts, 1)}))


def as_csv(columns) -> list[list[str]]:
    counted: list[int] = []
    content = b"".join(sheets.write_csv(rows(), columns, counted.append)).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content, newline="")))
    assert sum(counted) == len(lines) - 1
    return lines


def as_xlsx(columns, *, expected=56) -> bytes:
    chunks = sheets.write_xlsx(rows(), columns, lambda n: None, heading=HEADING, expected=expected)
    return b"".join(chunks)


def in_sheet(text: str) -> str:
    """What a cell of a workbook may hold of a text."""
    kept = text[:32_767].replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", kept)


def test_a_csv_cell_is_what_inert_makes_of_it():
    lines = as_csv([Column("代码", "code"), saying(AWKWARD)])
    assert lines[0] == ["代码", "词"]
    assert [line[1] for line in lines[1 : len(AWKWARD) + 1]] == [inert(text) for text in AWKWARD]


def test_csv_has_a_bom_quotes_texts_and_leaves_numbers_bare():
    columns = [
        Column("=名", "name"),
        Column("代码", "code"),
        Column("长", Length("name"), is_number=True),
    ]
    content = b"".join(sheets.write_csv(rows()[:1], columns, lambda n: None))
    assert content == '\ufeff"\'=名","代码","长"\n"汉族","01",2\n'.encode()


def test_a_cell_of_the_workbook_is_the_text_itself():
    content = as_xlsx([saying(AWKWARD)])
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = [row[0] for row in book.active.iter_rows(min_row=4, max_row=len(AWKWARD) + 3)]
    wanted = [in_sheet(text) for text in AWKWARD]
    assert [cell.value or "" for cell in found] == [
        text.replace("_x0041_", "_x005F_x0041_") for text in wanted
    ]
    assert {cell.data_type for cell in found if cell.value} <= {"s", "inlineStr"}
    assert {cell.number_format for cell in found} == {"@"}
    fast = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in fast[3 : len(AWKWARD) + 3]] == wanted


def test_a_workbook_says_the_same_as_the_csv_and_numbers_are_numbers():
    columns = [
        Column("代码", "code"),
        Column("名称", "name"),
        Column("长", Length("name"), is_number=True),
        Column("空", Value(None, IntegerField()), is_number=True),
        saying([text for text in AWKWARD[:20] if "\r" not in text]),
    ]
    lines = as_csv(columns)
    content = as_xlsx(columns)
    fast = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    for line, cells_ in zip(lines[1:], fast[3:-1], strict=True):
        shown = [str(int(cell)) if isinstance(cell, float) else cell for cell in cells_]
        assert [inert(text) for text in shown] == line
    assert [type(cell) for cell in fast[3][:4]] == [str, str, float, str]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
                min_size=56, max_size=56))  # fmt: skip
def test_any_text_arrives(db, texts):
    columns = [Column("代码", "code"), saying(texts)]
    assert [line[1] for line in as_csv(columns)[1:]] == [inert(text) for text in texts]
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(columns)))
    found = book.get_sheet_by_index(0).to_python()[3:-1]
    assert [row[1] for row in found] == [in_sheet(text) for text in texts]


def test_the_workbook_is_set_up_as_an_office_hands_it_in():
    columns = [
        Column("名称", "name", 20),
        Column("代码", "code", 8),
        Column("长", Length("name"), 5, is_number=True),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(columns))).active
    assert sheet.title == "名册"
    assert sheet["A1"].value == "干部名册 <&> =1+1"
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:C1", "A2:C2"]
    assert [cell.value for cell in sheet[3]] == ["名称", "代码", "长"]
    assert [cell.value for cell in sheet[4]] == ["汉族", "01", 2]
    assert [cell.value for cell in sheet[60]] == ["填表人：", "审核人：", "联系电话："]
    assert (sheet.max_row, sheet.freeze_panes) == (60, "B4")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert round(sheet.column_dimensions["A"].width) == 21
    assert sheet["A4"].border.left.style == "thin"


@pytest.mark.parametrize("expected", [56, 900_000])
def test_the_zip_is_sound_with_short_and_with_long_sizes(expected):
    content = as_xlsx([Column("名称", "name")], expected=expected)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        assert "xl/worksheets/sheet1.xml" in book.namelist()
    assert openpyxl.load_workbook(io.BytesIO(content)).active["A4"].value == "汉族"


def test_no_rows_make_a_table_of_headings():
    def none():
        return Code.objects.none()

    columns = [Column("名称", "name"), Column("代码", "code")]
    assert b"".join(sheets.write_csv(none(), columns, lambda n: None)).decode("utf-8-sig") == (
        '"名称","代码"\n'
    )
    written = sheets.write_xlsx(none(), columns, lambda n: None, heading=HEADING, expected=0)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(written))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)] == [
        ["名称", "代码"],
        ["填表人：    审核人：    联系电话：", None],
    ]


def test_more_rows_than_a_sheet_holds_break_the_stream_off(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_SHEET_ROWS", 55)
    with pytest.raises(sheets.TooManyRows):
        as_xlsx([Column("名称", "name")])


def test_the_letters_of_columns_go_on_after_z():
    assert [column_letter(at) for at in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_cells_say_what_the_pages_say():
    months = ["1991-11", "1991-12", "1985-01", ""]
    phones = ["13812345678", "0572-5123456", "5123456", ""]
    day = dt.date(2026, 11, 23)
    month = cells.word("code", {f"{at:02d}": text for at, text in enumerate(months, 1)})
    phone = cells.word("code", {f"{at:02d}": text for at, text in enumerate(phones, 1)})
    found = rows()[:4].annotate(birth=month, number=phone)
    lines = as_csv_of(
        found,
        [
            Column("月", cells.month("birth")),
            Column("龄", cells.years("birth", day), is_number=True),
            Column("话", cells.masked_phone("number")),
        ],
    )
    assert lines == [
        [text.replace("-", "."), str(full_years(text, day)) if text else "", masked]
        for text, masked in zip(months, ["138****5678", "057****3456", "5123456", ""], strict=True)
    ]


def as_csv_of(found, columns) -> list[list[str]]:
    content = b"".join(sheets.write_csv(found, columns, lambda n: None)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))[1:]


def test_a_label_stands_for_a_name_that_is_not_its_own_alone():
    found = rows().annotate(number=Cast(F("code"), IntegerField()))[:2]
    labels = {2: "北方/蒙古族"}
    assert as_csv_of(found, [Column("名", cells.label("name", "number", labels))]) == [
        ["汉族"],
        ["北方/蒙古族"],
    ]
    assert as_csv_of(found, [Column("名", cells.label("name", "number", {}))])[1] == ["蒙古族"]
