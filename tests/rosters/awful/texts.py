"""Awful text files and web pages, and the old binary formats."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import xlwt

from tests.cadres.sheets import xlsx
from tests.rosters.awful.people import HEAD, TOWN, people
from tests.rosters.awful.workbooks import ROWS, file, saved


def text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


TABLE = text([["名册", "", "", ""], HEAD, *ROWS, ["合计", "3人", "", ""]])


@file("gbk.csv")
def _() -> bytes:
    return TABLE.encode("gbk")


@file("rare_characters_in_gb18030.csv")
def _() -> bytes:
    return text([HEAD, ["㛃𬱖𠮷", *ROWS[0][1:]]]).encode("gb18030")


@file("utf8_with_a_mark.csv")
def _() -> bytes:
    return TABLE.encode("utf-8-sig")


@file("unicode_text.tsv")
def _() -> bytes:
    return text([HEAD, *ROWS], "\t").encode("utf-16")


@file("semicolons.csv")
def _() -> bytes:
    return text([HEAD, *ROWS], ";").encode()


@file("line_breaks_in_cells.csv")
def _() -> bytes:
    head = ["姓名", "性别", "出生\n年月", "单位及\n职务"]
    return text([head, *[[*row[:3], f"{TOWN}\n干事, 兼"] for row in ROWS]]).encode("gbk")


@file("ruined_and_wrapped.csv")
def _() -> bytes:
    one, two, three = people(3)
    rows = [[*one.row, "3.30523E+17"], [*two.row, f'="{two.number}"'], [*three.row, three.number]]
    rows[2][2] = "1985.1"
    return text([[*HEAD, "身份证号"], *rows]).encode("gbk")


@file("formulas_as_text.csv")
def _() -> bytes:
    rows = [
        ['=HYPERLINK("http://x","王")', *ROWS[0][1:]],
        ["@王", *ROWS[1][1:]],
        ["+86", *ROWS[2][1:]],
    ]
    return text([HEAD, *rows]).encode()


@file("two_row_header.csv")
def _() -> bytes:
    head = [["姓名", "性别", "出生年月", "工作单位", "全日制教育", "", "在职教育", ""],
            ["", "", "", "", "学历学位", "院校", "学历学位", "院校"]]  # fmt: skip
    return text([*head, *[[*row, "大学", "甲", "研究生", "乙"] for row in ROWS]]).encode("gbk")


@file("an_unclosed_quote.csv")
def _() -> bytes:
    return (text([HEAD, *ROWS]) + '"赵安,男\n' + "某,男,1985.07,上墅乡\n" * 20_000).encode()


@file("a_web_page.xls")
def _() -> bytes:
    lines = "".join(f"<tr>{''.join(f'<td>{v}</td>' for v in row[:3])}</tr>" for row in ROWS[1:])
    first = "".join(f"<td>{value}</td>" for value in ROWS[0][:3])
    page = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv='
        'Content-Type content="text/html; charset=gb2312"><style>td{mso-number-format:"\\@"}'
        "</style></head><body>"
        "<table><tr><td colspan=4>花名册</td></tr>"
        "<tr><th>单位<th>姓&nbsp;名</th><th>性别</th><th>出生<br>年月</th></tr>"
        f"<tr><td rowspan=3>{TOWN}</td>{first}</tr>{lines}</table></body></html>"
    )
    return page.encode("gbk")


@file("an_xml_table.xls")
def _() -> bytes:
    return (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
    )


@file("a_web_archive.xls")
def _() -> bytes:
    return b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related\r\n"


def _old() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    day = xlwt.easyxf(num_format_str="YYYY/M/D")
    sheet.write_merge(0, 0, 0, 3, "干部花名册")
    for at, heading in enumerate(("单位", "姓名", "性别", "出生年月")):
        sheet.write(2, at, heading)
    sheet.write_merge(3, 5, 0, 0, TOWN)
    for number, row in enumerate(ROWS, 3):
        sheet.write(number, 1, row[0])
        sheet.write(number, 2, row[1])
    sheet.write(3, 3, dt.date(1985, 7, 3), day)
    sheet.write(4, 3, 1990.05)
    sheet.write(5, 3, "1991年3月")
    sheet.write(6, 0, "合计")
    book.add_sheet("Sheet2")
    return saved(book)


@file("the_old_format.xls")
def _() -> bytes:
    return _old()


@file("saved_by_wps.et")
def _() -> bytes:
    return _old()


@file("the_old_format_cut_off.xls")
def _() -> bytes:
    return _old()[:3000]


@file("new_format_under_an_old_name.xls")
def _() -> bytes:
    return xlsx(HEAD, *ROWS)


@file("an_open_document.ods")
def _() -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>'
            for v in row
        )
        + "</table:table-row>"
        for row in [HEAD, *ROWS]
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{office}'
        f'office:1.0" xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="名册">{rows}<table:table-row '
        'table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="1024"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{office}manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type='
        '"application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return target.getvalue()
