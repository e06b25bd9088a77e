"""Files as they are: what is read, and the sentence where nothing can be."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from cadres.reading import Column, Row, Sheet, Unreadable, read
from tests.cadres.sheets import csv, xlsx

COLUMNS = (
    Column("姓名", True),
    Column("出生年月", True, ("出生日期",)),
    Column("身份证号"),
    Column("手机号", aliases=("联系电话",)),
)
HEAD = ("姓名", "出生年月")
ROWS = [Row(2, {"姓名": "王小明", "出生年月": "1985.07"})]


def why(content: bytes, **options: int) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content, COLUMNS, **options)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_that_offices_use(encoding):
    content = csv(HEAD, ("王小明", "1985.07"), encoding=encoding)
    assert read(content, COLUMNS) == Sheet(ROWS, [])


def test_rare_characters_survive_gb18030():
    content = csv(HEAD, ("㛃𬱖𠮷", "1985.07"), encoding="gb18030")
    assert read(content, COLUMNS).rows[0].cells["姓名"] == "㛃𬱖𠮷"


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_text_parted_by_tabs_or_semicolons_is_a_table_too(delimiter):
    content = f"姓名{delimiter}出生年月\n王小明{delimiter}1985.07\n".encode()
    assert read(content, COLUMNS).rows == ROWS


def test_title_rows_stand_above_the_heading_and_a_footer_below():
    content = xlsx(
        ["干部花名册"],
        ["填报单位：某县", None, "截至日期：2026年11月"],
        [],
        ["序号", "姓名 *", " 出 生 年 月（必填）", "联系电话", "备注"],
        [1, "王小明", "1985.07", "", "无"],
        [],
        [2, "李小红", "1990.01", 13800000000, None],
        ["合计", "2人"],
        ["填表人：某某", None, "审核人：某某"],
    )
    assert read(content, COLUMNS) == Sheet(
        [
            Row(5, {"姓名": "王小明", "出生年月": "1985.07"}),
            Row(7, {"姓名": "李小红", "出生年月": "1990.01", "手机号": 13800000000.0}),
        ],
        ["序号", "备注"],
    )


def test_the_exact_name_goes_before_an_alias():
    content = xlsx([*HEAD, "联系电话", "手机号"], ["王小明", "1985.07", "0572-1", "13800000000"])
    sheet = read(content, COLUMNS)
    assert (sheet.rows[0].cells["手机号"], sheet.ignored) == ("13800000000", ["联系电话"])


def test_dates_stay_dates_and_numbers_numbers():
    content = xlsx(HEAD, ["王小明", dt.date(1985, 7, 3)], ["李小红", 31231], ["赵六", 1985.1])
    kinds = [row.cells["出生年月"] for row in read(content, COLUMNS).rows]
    assert kinds == [dt.date(1985, 7, 3), 31231.0, 1985.1]


def test_the_wrappings_of_digits_come_off():
    content = csv((*HEAD, "身份证号"), ('"=""王小明"""', "'1985.07", '="330523"'))
    assert read(content, COLUMNS).rows[0].cells == {
        "姓名": "王小明",
        "出生年月": "1985.07",
        "身份证号": "330523",
    }


def test_strokes_and_blanks_are_blank():
    content = xlsx([*HEAD, "手机号"], ["王小明", "1985.07", "/"], ["　", " ", "——"])
    assert read(content, COLUMNS).rows == ROWS


def test_other_sheets_do_no_harm_and_a_second_roster_is_asked_about():
    lists = [["性别", "姓名"], ["男", "某"]]
    one = {"名册": [HEAD, ("王小明", "1985.07")], "选项": lists}
    assert read(xlsx(sheets=one), COLUMNS).rows == ROWS
    two = {"甲乡": [HEAD, ("王小明", "1985.07")], "乙乡": [HEAD, ("李小红", "1990.01")]}
    assert why(xlsx(sheets=two)) == "有多张工作表都是名册：甲乡、乙乡。请只保留一张。"


def broken_xlsx() -> bytes:
    whole = xlsx(HEAD, ["王小明", "1985.07"])
    return whole[: len(whole) // 2]


def a_zip(**entries: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


BROKEN = "工作簿已损坏，请用 Excel 或 WPS 打开后重新保存。"
NO_TABLE = "这不是表格文件。可以读取 .xlsx、.xls 和 .csv。"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的。"),
        (b" \r\n\r\n", "文件是空的。"),
        (xlsx([]), "文件是空的。"),
        (b"%PDF-1.7 ...", NO_TABLE),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NO_TABLE),
        (b"<html><table><tr><td>x</td></tr></table></html>", NO_TABLE),
        (bytes(range(256)) * 8, NO_TABLE),
        (a_zip(word__document=b"<w/>"), NO_TABLE),
        (a_zip(xl__nothing=b"x"), BROKEN),
        (broken_xlsx(), BROKEN),
        (b"PK\x03\x04" + b"\x00" * 64, BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, BROKEN),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "工作簿设有密码，请取消密码后重新保存。",
        ),
        (csv(("甲", "乙"), ("1", "2")), "前20行中没有找到表头。表头应有以下各列：姓名、出生年月。"),
        (xlsx(["姓名", "手机号"], ["王", "1"]), "缺少必填列：出生年月。"),
        (xlsx([*HEAD, "姓名"], ["王", "1985.07", "李"]), "表头中有重复的列：姓名。"),
        (xlsx(HEAD), "只有表头，没有数据行。"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(content, sentence):
    assert why(content) == sentence


OLD = (Path(__file__).parent / "data" / "old_format.xls").read_bytes()


def test_the_old_format_is_read():
    rows = read(OLD, COLUMNS).rows
    assert rows == [
        Row(3, {"姓名": "王小明", "出生年月": dt.date(1985, 7, 3)}),
        Row(4, {"姓名": "李小红", "出生年月": 1990.05}),
    ]


@pytest.mark.parametrize("length", [100, 512, 1000, 2000, 4000, 5000, len(OLD) - 20])
def test_an_old_workbook_that_was_cut_off_stops_only_the_child_process(length):
    assert why(OLD[:length]) == BROKEN


def test_more_rows_than_are_read_at_once_are_refused():
    content = csv(HEAD, *[(f"某{n}", "1985.07") for n in range(4)])
    assert why(content, max_rows=3) == "共有 4 行，一次最多读取 3 行，请拆分后再传。"


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked():
    bomb = a_zip(xl__worksheets__sheet1=b"0" * 80_000_000)
    assert len(bomb) < 100_000
    assert why(bomb) == "工作簿解压后过大，请另存一份不带多余内容的文件。"


def test_a_cell_far_away_does_not_lay_out_a_million_rows():
    content = xlsx(sheets={"一": [HEAD, ("王小明", "1985.07")]})
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                part = part.replace(b"</sheetData>", far)
            archive.writestr(name, part)
    assert why(target.getvalue()) == ("表格以外很远处有内容（第 1048576 行），请删除后重新保存。")
