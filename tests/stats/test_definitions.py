"""The page that says what every figure means, read from the catalogue itself."""

from __future__ import annotations

import csv
import io
import json
import re

from stats.indicators import counted, sections
from stats.shapes import Share

PAGE, FILE = "/statistics/definitions/", "/statistics/definitions/file/"


def columns():
    return {column.code: column for section in sections() for column in section.columns}


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_every_column_has_its_anchor_and_no_placeholder_is_left(cast, signed_in):
    response = signed_in(cast.county).get(PAGE, {"as_of": "2026-06-30"})
    assert response.status_code == 200
    text = response.text
    for code in {*columns(), *counted(columns().values())} - {"pairs_unposted"}:
        assert text.count(f'id="{code}"') == 1, code
    assert "%(" not in text
    assert "2026年6月30日" in text


def test_a_share_names_its_two_parts_and_each_figure_its_rows(cast, signed_in):
    rows = {row["代码"]: row for row in rows_of(signed_in(cast.county).get(FILE))}
    shares = [column for column in columns().values() if isinstance(column, Share)]
    assert shares
    for share in shares:
        row = rows[share.code]
        assert f"（{share.part.code}）" in row["分子"]
        assert f"（{share.whole.code}）" in row["分母"]
        assert row["计量单位"] == "百分比"
    assert rows["mentors"]["分行"] == "单位、导师类型、性别、年龄、学历、政治面貌、人员类别"
    assert rows["sessions"]["分行"] == "单位"
    assert rows["pairs_running"]["计量单位"] == "对"
    assert rows["sessions"]["界限"] == "统计期首日、末日均含。"
    assert all(row["释义"] and row["界限"] and row["起始版本"] for row in rows.values())
    assert not any("%(" in cell for row in rows.values() for cell in row.values())


def test_words_and_codes_are_found_and_the_file_holds_what_is_found(cast, signed_in):
    client = signed_in(cast.county)
    found = set(re.findall(r'<tr id="(\w+)"', client.get(PAGE, {"q": "应结对"}).text))
    assert {"should_be_paired", "coverage"} <= found
    assert "sessions" not in found
    assert {row["代码"] for row in rows_of(client.get(FILE, {"q": "应结对"}))} == found
    assert "没有符合条件的指标。" in client.get(PAGE, {"q": "打卡"}).text


def test_the_head_of_a_table_leads_to_the_definition(cast, signed_in):
    text = signed_in(cast.county).get("/statistics/", {"section": "coverage"}).text
    assert re.search(r'href="/statistics/definitions/\?[^"]*#coverage"', text)


def test_who_has_no_office_sees_no_page_and_no_other_unit(cast, tree, signed_in):
    for user in (cast.mentor, cast.stranger):
        assert signed_in(user).get(PAGE).status_code == 403
    for page in (PAGE, FILE):
        asked = {"unit": str(tree.deqing.pk)}
        assert signed_in(cast.county).get(page, asked).status_code == 404


def test_the_json_says_of_each_figure_what_it_is(cast, signed_in):
    response = signed_in(cast.county).get("/statistics/export/?format=json")
    found = json.loads(response.content)
    assert found["rows_by"] == "unit"
    said = {each["code"]: each for each in found["indicators"]}
    for code, column in columns().items():
        if code in said:
            needs = {
                "code",
                "title",
                "group",
                "counted",
                "definition",
                "boundary",
                "rows_by",
                "since",
            }
            if isinstance(column, Share):
                needs |= {"numerator", "numerator_title", "denominator", "denominator_title"}
            assert {*said[code]} == needs
            assert "%(" not in json.dumps(said[code], ensure_ascii=False)
    assert said["coverage"]["numerator_title"] == "已结对"
    assert said["pairs_running"]["rows_by"][:2] == ["unit", "category"]
