"""Workbook, CSV and JSON hold the same figures, and look as an office hands them in."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import openpyxl
import pytest

from mentors.models import MentorCategory
from stats import exports, figures
from tests.factories import make_cadre, make_mentor
from tests.stats.population import populate

DAY = dt.date(2026, 6, 30)
HEADER = 4  # the row of the workbook's lower header


@pytest.fixture
def table(tree):
    populate(tree, 21)
    return figures.table(tree.city, DAY)


def workbook(table):
    return openpyxl.load_workbook(io.BytesIO(exports.write_xlsx(table)))


def expected(table, of=None):
    """Each line's values by the model, a share as numerator, denominator and percentage."""
    for line in table.lines:
        values = []
        for section in of or table.sections:
            for column in section.columns:
                if hasattr(column, "part"):
                    ratio = line.ratio(column)
                    values += [ratio.part, ratio.whole, ratio.percent]
                else:
                    values.append(line.counts[column.code])
        yield line, values


def test_the_csv_holds_every_figure_under_a_heading_of_its_own(table):
    content = exports.write_csv(table)
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert len(set(header)) == len(header)
    assert header[:5] == [
        "单位",
        "区划代码",
        "截至日期",
        "统计期起始日期",
        "导师人数（人）·导师合计",
    ]
    assert "占帮带对象比例（人、%）·35岁及以下·分子（人）" in header
    assert rows == [
        [
            line.name,
            line.unit.code or "",
            "2026-06-30",
            "2026-01-01",
            *("—" if value is None else str(value) for value in values),
        ]
        for line, values in expected(table)
    ]


def test_the_workbook_holds_every_figure_as_a_number(table):
    book = workbook(table)
    assert book.sheetnames == [
        "导师与帮带对象", "结对覆盖率", "结对数", "结对分类", "年龄与学历",
        "性别", "年龄", "学历", "政治面貌", "人员类别", "帮带活动",
    ]  # fmt: skip
    for sheet, section in zip(book, table.sections, strict=True):
        for row, (line, values) in enumerate(expected(table, [section]), HEADER + 1):
            cells = [cell.value for cell in sheet[row]]
            assert cells[:2] == [line.name, line.unit.code]
            shown = [
                "—"
                if value is None
                else pytest.approx(float(value) / 100)
                if type(value) is not int
                else value
                for value in values
            ]
            assert cells[2:] == shown
            kinds = {type(cell) for cell in cells[2:]}
            assert kinds <= {int, float} | ({str} if "—" in cells else set())


def test_the_json_says_what_is_counted_and_how(table):
    found = json.loads(exports.write_json(table))
    assert (found["unit"], found["as_of"], found["period"], found["age_boundary"]) == (
        {"name": "湖州市", "code": "330500000000"},
        "2026-06-30",
        {"from": "2026-01-01", "to": "2026-06-30"},
        {"full_years": 35, "is_inclusive": True, "born_from": "1990-07"},
    )
    assert [each["code"] for each in found["indicators"]] == [c.code for c in table.columns]
    assert all(each["definition"] and each["counted"] for each in found["indicators"])
    for row, (line, values) in zip(found["rows"], expected(table), strict=True):
        flat = []
        for value in row["figures"].values():
            flat += value.values() if isinstance(value, dict) else [value]
        assert (row["name"], row["code"]) == (line.name, line.unit.code)
        assert flat == [float(v) if not isinstance(v, int | None) else v for v in values]


def test_a_share_of_nothing_is_a_dash_in_every_format(tree):
    table = figures.table(tree.deqing, DAY)
    sheet = workbook(table)["年龄与学历"]
    assert [cell.value for cell in sheet[HEADER + 1]][2:5] == [0, 0, "—"]
    assert b",0,0,\xe2\x80\x94," in exports.write_csv(table)
    share = json.loads(exports.write_json(table))["rows"][0]["figures"]["mentees_young_share"]
    assert share == {"numerator": 0, "denominator": 0, "percent": None}


def test_the_workbook_is_made_up_as_an_office_hands_it_in(table):
    for sheet in workbook(table):
        assert sheet["A1"].value == "湖州市导师帮带情况统计表"
        assert sheet["A2"].value == (
            "单位：湖州市　　截至日期：2026年6月30日　　统计期：2026年1月1日至2026年6月30日"
        )
        assert {"A1", "A2"} <= {str(area).split(":")[0] for area in sheet.merged_cells.ranges}
        setup = sheet.page_setup
        # One page wide is what the format takes for granted when it says nothing.
        assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("landscape", 9, 0)
        assert setup.fitToWidth in {None, 1}
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$3:$4"
        texts = [str(row[0].value or "") for row in sheet.iter_rows()]
        assert any(text.startswith("说明：1. ") for text in texts)
        last = [cell.value for cell in sheet[sheet.max_row] if cell.value]
        assert last == ["填表人：", "审核人：", "联系电话："]
    ages = workbook(table)["年龄与学历"]
    assert ages["C3"].value == "占帮带对象比例：35岁及以下"
    assert [cell.value for cell in ages[4]][2:5] == ["分子（人）", "分母（人）", "占比（%）"]
    assert ages["E5"].number_format == "0.00%"


def test_no_cell_becomes_a_formula(tree):
    tree.dipu.name = '=HYPERLINK("http://x")'
    tree.dipu.save()
    category = MentorCategory.objects.create(name="@SUM(1) 100%")
    make_mentor(cadre=make_cadre(unit=tree.dipu), category=category)
    table = figures.table(tree.anji, DAY)
    rows = list(csv.reader(io.StringIO(exports.write_csv(table).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [
        "合计", "安吉县本级", '\'=HYPERLINK("http://x")', "上墅乡"
    ]  # fmt: skip
    cells = [cell for sheet in workbook(table) for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert [text for text in texts if text[0] in "=+-@"] == []
    assert "'@SUM(1) 100%" in texts


def test_a_download_says_what_it_is(cast, tree, signed_in):
    client = signed_in(cast.county)
    for format_, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")):
        response = client.get(
            "/statistics/export/",
            {"unit": tree.anji.pk, "as_of": "2026-06-30", "age": 40, "format": format_},
        )
        assert response.status_code == 200
        assert response.content.startswith(start)
        assert response.headers["Content-Type"] == exports.WRITERS[format_].mime
        assert (
            "filename*=utf-8''%E5%AE%89%E5%90%89%E5%8E%BF"
            in response.headers["Content-Disposition"]
        )
        assert response.headers["Content-Disposition"].endswith(f"_20260630.{format_}")
    assert json.loads(response.content)["age_boundary"]["full_years"] == 40
