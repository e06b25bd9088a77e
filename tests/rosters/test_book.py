"""What kind of file it is, and the sentence where nothing can be read."""

from __future__ import annotations

import csv as csv_module
import io
import zipfile
from pathlib import Path

import pytest

from rosters.book import Part, Unreadable, cell, check, parts
from tests.cadres.sheets import csv, xlsx
from tests.rosters.people import HEAD, WANG

OLD = (Path(__file__).parents[1] / "cadres" / "data" / "old_format.xls").read_bytes()


def rows(content: bytes) -> list[list[object]]:
    return [list(row) for part in parts(content) for row in part.rows]


def why(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        list(parts(content))
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_in_the_encodings_and_with_the_delimiters_of_offices(encoding, delimiter):
    content = f"姓名{delimiter}单位\r\n王小明{delimiter}某镇\r\n".encode(encoding)
    assert rows(content) == [["姓名", "单位"], ["王小明", "某镇"]]


def test_rare_characters_survive_gb18030():
    content = csv(("姓名",), ("㛃𬱖𠮷",), encoding="gb18030")
    assert rows(content)[1] == ["㛃𬱖𠮷"]


def test_a_quoted_cell_may_hold_delimiters_and_line_breaks():
    out = io.StringIO()
    csv_module.writer(out).writerows([["单位\n及职务", "备注"], ["某镇,书记", '说"是"']])
    assert rows(out.getvalue().encode()) == [["单位\n及职务", "备注"], ["某镇,书记", '说"是"']]


def test_a_web_page_under_the_name_of_xls_is_read_with_its_spans():
    page = (
        "<html><head><meta charset=gb2312><style>td{a:b}</style></head><body><table>"
        "<tr><td colspan=3>名册</td></tr>"
        "<tr><th>单位</th><th>姓名<th>职务</th></tr>"
        "<tr><td rowspan=2>某镇</td><td>王&nbsp;某</td><td>书记<br>主任</td></tr>"
        "<tr><td>李某</td><td></td></tr></table></body></html>"
    )
    (part,) = parts(page.encode("gbk"))
    assert part.rows == [
        ["名册", "", ""],
        ["单位", "姓名", "职务"],
        ["某镇", "王\xa0某", "书记\n主任"],
        ["", "李某", ""],
    ]
    assert part.sheet.merges == [(0, 0, 0, 2), (2, 0, 3, 0)]


def test_the_old_format_is_read():
    assert rows(OLD)[2:4] == [
        ["王小明", "男", ["1985-07-03"], "上墅乡", "干部"],
        ["李小红", "女", 1990.05, "上墅乡"],
    ]


def test_sheets_come_with_name_visibility_merges_and_the_numbers_of_their_rows():
    content = xlsx(sheets={"甲": [[], ["x"]], "空": []})
    assert list(parts(content)) == [
        Part((0, "甲", False, 2, []), 1, [[], ["x"]]),
        Part((1, "空", False, 0, []), 1, []),
    ]


def test_only_the_sheets_and_rows_that_are_wanted_are_given():
    content = xlsx(sheets={"甲": [["a"], ["b"], ["c"]], "乙": [["d"], ["e"], ["f"]]})
    (part,) = parts(content, most=2, only=[1])
    assert (part.sheet.at, part.sheet.height, part.rows) == (1, 3, [["d"], ["e"]])


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("王小明", "王小明"),
        (" 王  小明\n", "王 小明"),
        ("1985-07", "1985-07"),
        ('="330523"', "330523"),
        ("'0572", "0572"),
        ("a\x00b", "ab"),
        ("", None),
        ("　", None),
        ("——", None),
        ("/", None),
        ("无", "无"),
        ("#N/A", "#N/A"),
        (True, "True"),
        (31231.0, 31231.0),
        (None, None),
    ],
)
def test_the_wrappings_of_a_cell_come_off_and_fillers_are_blank(raw, read):
    assert cell(raw) == read


def a_zip(**entries: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def cut() -> bytes:
    whole = xlsx(HEAD, WANG)
    return whole[: len(whole) // 2]


BROKEN = "工作簿已损坏，请用 Excel 或 WPS 打开后重新保存。"
NO_TABLE = "这不是表格文件。可以读取 .xlsx、.xls、.et、.ods 和 .csv。"
LOCKED = "工作簿设有密码，请取消密码后重新保存。"
ARCHIVED = "这是网页归档或 XML 表格，请用 Excel 或 WPS 打开后另存为 .xlsx。"


def another(program: str) -> str:
    return f"这是 {program} 文件，不是表格。请把其中的表格复制到 Excel 或 WPS，另存为 .xlsx。"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的。"),
        (b" \r\n\r\n", "文件是空的。"),
        (b"%PDF-1.7 ...", another("PDF")),
        (b"\x89PNG\r\n\x1a\n\x00\x00", another("PNG")),
        (b"{\\rtf1 abc}", another("RTF")),
        (a_zip(word__document=b"<w/>"), another("Word")),
        (a_zip(Index__Document=b"x"), another("Numbers")),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), another("Word")),
        (a_zip(readme=b"x"), "这是压缩包，请解压后选择其中的表格文件。"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", ARCHIVED),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
         ARCHIVED),
        (b"<html><p>x</p></html>", NO_TABLE),
        (b"<?xml version='1.0'?><a/>", NO_TABLE),
        (bytes(range(256)) * 8, NO_TABLE),
        (a_zip(xl__nothing=b"x"), BROKEN),
        (cut(), BROKEN),
        (b"PK\x03\x04" + b"\x00" * 64, BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, BROKEN),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), LOCKED),
        (f'姓名,"{"x" * 200_000}'.encode(), "CSV 文件已损坏，请用 Excel 或 WPS 重新保存。"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_sentence(content, sentence):
    assert why(content) == sentence


@pytest.mark.parametrize("length", [512, 2000, 4000, len(OLD) - 20])
def test_an_old_workbook_that_was_cut_off_stops_only_the_child_process(length):
    assert why(OLD[:length]) == BROKEN


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr("rosters.book.MAX_BYTES", 1 << 20)
    with pytest.raises(Unreadable, match="文件超过 1 MB"):
        check(b"x" * ((1 << 20) + 1))


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked():
    bomb = a_zip(xl__worksheets__sheet1=b"0" * 80_000_000)
    assert len(bomb) < 100_000
    assert why(bomb) == "工作簿解压后过大，请另存一份不带多余内容的文件。"


@pytest.mark.parametrize("spaces", [b" ", b"  "])
def test_a_cell_far_away_does_not_lay_out_a_million_rows(spaces):
    content = xlsx(HEAD, WANG)
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c%sr="XFD1048576"><v>1</v></c></row></sheetData>' % spaces
                part = part.replace(b"</sheetData>", far)
            archive.writestr(name, part)
    assert why(target.getvalue()) == "表格以外很远处有内容（第 1048576 行），请删除后重新保存。"
