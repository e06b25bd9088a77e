"""The page of figures: scope, its address, and what it refuses."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from stats import figures
from stats.grids import grids
from stats.indicators import sections
from tests.factories import make_cadre

PAGE, NAMES, EXPORT = "/statistics/", "/statistics/names/", "/statistics/export/"
AS_OF = "2026-06-30"


def asked(unit, **also) -> dict[str, str]:
    return {"unit": str(unit.pk), "as_of": AS_OF, **also}


def test_without_a_question_it_answers_for_ones_own_unit_today(cast, signed_in):
    response = signed_in(cast.county).get(PAGE)
    today = timezone.localdate()
    assert response.status_code == 200
    assert "安吉县导师帮带情况统计表" in response.text
    assert f"{today.year}年{today.month}月{today.day}日" in response.text


def test_definitions_cut_off_and_boundary_are_printed(cast, tree, signed_in):
    client = signed_in(cast.county)
    pages = [asked(tree.anji, age="40", section=code) for code in ("people", "shares")]
    text = "".join(client.get(PAGE, page).text for page in pages)
    for words in (
        "截至2026年6月30日年龄不超过40周岁，含40周岁",
        "1985.07及以后出生",
        "40岁及以下",
        "结业、肄业不计",
        "2026年1月1日",
        "按当天主要任职单位统计",
    ):
        assert words in text


@pytest.mark.parametrize("address", [PAGE, NAMES, EXPORT])
def test_a_unit_outside_ones_scope_is_not_found(cast, tree, signed_in, address):
    also = {"indicator": "people", "format": "csv"}
    clients = {name: signed_in(getattr(cast, name)) for name in ("township", "other_county")}
    for user, unit, code in (
        ("township", tree.shangshu, 200),
        ("township", tree.liujiatang, 200),
        ("township", tree.anji, 404),
        ("township", tree.dipu, 404),
        ("township", tree.city, 404),
        ("other_county", tree.deqing, 200),
        ("other_county", tree.anji, 404),
        ("other_county", tree.shangshu, 404),
    ):
        response = clients[user].get(address, asked(unit, **also))
        assert response.status_code == code, (user, unit)
        assert "马徒弟" not in response.text or unit == tree.shangshu


@pytest.mark.parametrize("who", ["mentor", "mentee", "stranger", "sysadmin", "auditor"])
@pytest.mark.parametrize("address", [PAGE, NAMES, EXPORT])
def test_only_the_office_may_open_it(cast, tree, signed_in, address, who):
    also = {"indicator": "people", "format": "json"}
    response = signed_in(getattr(cast, who)).get(address, asked(tree.shangshu, **also))
    assert response.status_code == 403
    assert "安吉县" not in response.text


def test_a_leader_reads_the_figures(cast, tree, signed_in):
    assert signed_in(cast.viewer).get(PAGE, asked(tree.dipu)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"as_of": "2999-01-01"}, "截至日期不能晚于今天"),
        ({"as_of": "昨天"}, ""),
        ({"period_from": "2026-07-01"}, "统计期起始日期不能晚于截至日期"),
        ({"age": "7"}, ""),
        ({"age": "三十五"}, ""),
    ],
)
@pytest.mark.parametrize("address", [PAGE, NAMES, EXPORT])
def test_a_wrong_question_is_answered_by_the_form(cast, tree, signed_in, address, wrong, words):
    also = {"indicator": "people", "format": "csv"}
    response = signed_in(cast.county).get(address, asked(tree.anji, **{**also, **wrong}))
    assert response.status_code == 422
    assert words in response.text
    assert "invalid-feedback" in response.text
    assert "stats-table" not in response.text


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        (PAGE, {"section": "wealth"}),
        (PAGE, {"unit": "anji"}),
        (PAGE, {"unit": "99999999999999999999"}),
        (NAMES, {"indicator": "wealth"}),
        (NAMES, {"indicator": "people", "row": "0"}),
        (NAMES, {}),
        (EXPORT, {"format": "exe"}),
        (EXPORT, {}),
    ],
)
def test_what_does_not_exist_is_not_found(cast, tree, signed_in, address, wrong):
    response = signed_in(cast.county).get(address, {**asked(tree.anji), **wrong})
    assert response.status_code == 404


def test_a_row_of_another_table_is_no_way_into_another_county(cast, tree, signed_in):
    make_cadre(unit=tree.yuyue, name="德清人")
    response = signed_in(cast.county).get(
        NAMES, asked(tree.anji, indicator="people", row=str(tree.deqing.pk))
    )
    assert response.status_code == 404


def test_every_number_is_a_link_that_carries_the_whole_view(cast, tree):
    table = figures.table(tree.anji, dt.date(2026, 6, 30), dt.date(2026, 4, 1), age=40)
    total = grids(table)[0].rows[0]
    query = parse_qs(urlsplit(total.cells[0].href).query)
    assert (total.cells[0].text, query) == (
        "1",
        {
            "unit": [str(tree.anji.pk)],
            "as_of": ["2026-06-30"],
            "period_from": ["2026-04-01"],
            "age": ["40"],
            "section": ["people"],
            "row": ["total"],
            "indicator": ["mentors"],
        },
    )


def test_one_section_is_shown_and_the_others_are_a_press_away(cast, tree, signed_in):
    text = unescape(signed_in(cast.county).get(PAGE, asked(tree.anji, section="age")).text)
    assert re.findall(r'id="grid-(\w+)"', text) == ["age"]
    codes = re.findall(r'class="nav-link[^"]*"\s+href="[^"]*&section=(\w+)"', text)
    assert codes == [section.code for section in sections()]
    assert "帮带对象人数·年龄（人）" in text
    assert '<input type="hidden" name="section" value="age"' in text


def test_units_stand_in_the_order_of_their_codes_whatever_they_count(cast, tree, signed_in):
    for _ in range(3):
        make_cadre(unit=tree.dipu)
    names = [line.name for line in figures.table(tree.anji, dt.date(2026, 6, 30)).lines]
    assert names == ["合计", "安吉县本级", "递铺街道", "上墅乡"]
    text = unescape(signed_in(cast.county).get(PAGE, asked(tree.anji)).text)
    assert text.index("递铺街道</a>") < text.index("上墅乡</a>")
