"""The comparison and the lists behind its differences: addresses, scope, words, files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from html import unescape

import openpyxl
import pytest

from accounts.models import Export
from cadres.models import Posting
from pairings.models import PairingEvent
from pairings.states import State
from stats.compare_grids import delta
from stats.comparing import earlier, same_length
from stats.cuts import Cut
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date
COMPARE, CHANGES, SIBLINGS = "/statistics/compare/", "/statistics/changes/", "/statistics/siblings/"
COMPARE_FILE, CHANGES_FILE = f"{COMPARE}file/", f"{CHANGES}file/"


def asked(unit, **also) -> dict[str, str]:
    days = {"as_of": "2026-09-30", "period_from": "2026-07-01",
            "then": "2026-06-30", "then_from": "2026-04-01"}  # fmt: skip
    return {"unit": str(unit.pk), **days, **also}


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


@pytest.fixture
def moved(cast, tree):
    """Between the days 王来 comes to 上墅乡 from Deqing, 李去 goes there, 赵退 retires."""
    come = make_cadre(unit=tree.yuyue, name="王来")
    go = make_cadre(unit=tree.shangshu, name="李去")
    gone = make_cadre(unit=tree.shangshu, name="赵退")
    come.move_to(tree.shangshu, title="副乡长", on=D(2026, 8, 1))
    go.move_to(tree.yuyue, title="新职", on=D(2026, 8, 15))
    gone.leave(on=D(2026, 9, 1), reason="退休")
    return come, go, gone


def test_both_numbers_and_the_difference_stand_in_words(cast, tree, moved, signed_in):
    text = text_of(signed_in(cast.county).get(COMPARE, asked(tree.anji, section="shares")))
    assert "安吉县导师帮带情况对比" in text
    assert "2026-06-30 2026-09-30 增减" in text
    text = text_of(signed_in(cast.county).get(COMPARE, asked(tree.anji, section="gender")))
    assert "−1 减少" in text
    assert "0 持平" in text


def test_the_list_is_an_equation_and_says_what_happened(cast, tree, moved, signed_in):
    text = text_of(signed_in(cast.county).get(CHANGES, asked(tree.anji, indicator="people")))
    assert "2026-09-30 3 = 2026-06-30 4 + 新增 1 − 减少 2" in text
    came, went = text.split("新增 1 姓名")[1].split("减少 2 姓名")
    assert "王来" in came
    assert "2026-08-01 到上墅乡任职" in came
    assert "李去" in went
    assert "2026-08-14 在上墅乡任职的最后一日" in went
    assert "2026-09-01 退出登记" in went


def test_of_who_left_for_elsewhere_nothing_of_elsewhere_is_told(cast, tree, moved, signed_in):
    come, go, _gone = moved
    page = signed_in(cast.county).get(CHANGES, asked(tree.anji, indicator="people"))
    text = page.text.split('id="came"')[1]
    assert "李去" in text
    assert f"/cadres/{come.pk}/" in text
    for hidden in ("禹越镇", "德清", "新职", str(go.pk)):
        assert hidden not in text


def test_the_row_of_a_township_and_its_own_office(cast, tree, moved, signed_in):
    client = signed_in(cast.township)
    page = text_of(client.get(CHANGES, asked(tree.shangshu, indicator="people")))
    assert "= 2026-06-30 4 + 新增 1 − 减少 2" in page
    row = asked(tree.anji, indicator="people", row=str(tree.dipu.pk))
    page = text_of(signed_in(cast.county).get(CHANGES, row))
    assert "= 2026-06-30 0 + 新增 0 − 减少 0" in page
    assert "李去" not in page


@pytest.mark.parametrize("address", [COMPARE, CHANGES, SIBLINGS, COMPARE_FILE])
def test_a_unit_outside_ones_scope_is_not_found(cast, tree, moved, signed_in, address):
    also = {"indicator": "people", "format": "csv"}
    for user, unit in (("sibling", tree.shangshu), ("other_county", tree.anji),
                       ("township", tree.dipu), ("township", tree.anji)):  # fmt: skip
        response = signed_in(getattr(cast, user)).get(address, asked(unit, **also))
        assert response.status_code == 404
        assert "王来" not in response.text
    response = signed_in(cast.other_county).post(
        f"{CHANGES_FILE}?unit={tree.anji.pk}&indicator=people",
        {"purpose": "核对数据", "format": "csv"},
    )
    assert response.status_code == 404
    assert not Export.objects.exists()


@pytest.mark.parametrize("who", ["mentor", "mentee", "stranger", "sysadmin", "auditor"])
@pytest.mark.parametrize("address", [COMPARE, CHANGES, SIBLINGS, COMPARE_FILE])
def test_only_the_office_may_open_it(cast, tree, signed_in, address, who):
    also = {"indicator": "people", "format": "csv"}
    response = signed_in(getattr(cast, who)).get(address, asked(tree.shangshu, **also))
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"then": "2026-09-30"}, "对比日期必须早于截至日期"),
        ({"then": "2026-10-01"}, "对比日期必须早于截至日期"),
        ({"then": "昨天"}, ""),
        ({"then_from": "2026-07-01"}, "对比期起始日期不能晚于对比日期"),
        ({"as_of": "2999-01-01"}, "截至日期不能晚于今天"),
        ({"as_of": "x"}, ""),
        ({"row": "0"}, ""),
    ],
)
@pytest.mark.parametrize("address", [COMPARE, CHANGES, COMPARE_FILE])
def test_a_wrong_question_is_answered_by_the_form(cast, tree, signed_in, address, wrong, words):
    given = {**asked(tree.anji, indicator="people", format="csv"), **wrong}
    response = signed_in(cast.county).get(address, given)
    if "row" in wrong and address == CHANGES:
        assert response.status_code == 404
        return
    assert response.status_code == 422
    assert words in response.text
    assert "invalid-feedback" in response.text
    assert "stats-table" not in response.text


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        (COMPARE, {"section": "wealth"}),
        (COMPARE, {"across": "units", "indicator": "wealth"}),
        (COMPARE, {"unit": "x"}),
        (COMPARE_FILE, {"format": "exe"}),
        (CHANGES, {"indicator": "wealth"}),
        (SIBLINGS, {"section": "wealth"}),
    ],
)
def test_what_does_not_exist_is_not_found(cast, tree, signed_in, address, wrong):
    given = {**asked(tree.shangshu, indicator="people", format="csv"), **wrong}
    assert signed_in(cast.county).get(address, given).status_code == 404


def test_one_figure_of_all_units_stands_in_the_order_of_their_codes(cast, tree, moved, signed_in):
    given = asked(tree.anji, section="coverage", across="units", indicator="coverage")
    response = signed_in(cast.county).get(COMPARE, given)
    table = text_of(response).split("单位 2026-06-30")[1].split("统计口径")[0]
    assert re.findall(r"合计|安吉县本级|递铺街道|上墅乡", table) == [
        "合计", "安吉县本级", "递铺街道", "上墅乡"]  # fmt: skip
    assert f"row={tree.shangshu.pk}" in response.text


def test_a_pair_that_began_was_entered_late(cast, tree, signed_in):
    pairing = make_pairing(
        mentor=make_mentor(cadre=make_cadre(unit=tree.shangshu)),
        mentee=make_cadre(unit=tree.shangshu, name="陈晚"),
        from_on=D(2026, 8, 3),
    )
    events = PairingEvent.objects.filter(pairing=pairing, to_state=State.ACTIVE)
    assert events.update(on=D(2026, 8, 3), at=dt.datetime(2026, 10, 9, 4, tzinfo=dt.UTC)) == 1
    text = text_of(signed_in(cast.county).get(CHANGES, asked(tree.anji, indicator="pairs_running")))
    assert "陈晚" in text
    assert "2026-08-03 开始帮带（2026-10-09补录）" in text


def test_the_comparison_as_csv_and_as_a_workbook(cast, tree, moved, signed_in):
    client = signed_in(cast.county)
    given = asked(tree.anji, section="people", format="csv")
    rows = list(
        csv.reader(io.StringIO(client.get(COMPARE_FILE, given).content.decode("utf-8-sig")))
    )
    assert rows[0] == [
        "指标组", "指标或单位",
        "2026-06-30·数量（分子）", "2026-06-30·分母", "2026-06-30·占比（%）",
        "2026-09-30·数量（分子）", "2026-09-30·分母", "2026-09-30·占比（%）", "增减",
    ]  # fmt: skip
    assert rows[1][0] == "导师人数（人）"
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(COMPARE_FILE, {**given, "format": "xlsx"}).content)
    )
    assert book.sheetnames == ["对比"]
    assert isinstance(book.worksheets[0].cell(4, 3).value, int)


def test_names_leave_with_a_purpose_and_a_record(cast, tree, moved, signed_in):
    client = signed_in(cast.county)
    moved[0].name = "=来"
    moved[0].save()
    href = f"{CHANGES_FILE}?" + "&".join(f"{k}={v}" for k, v in asked(
        tree.anji, indicator="people").items())  # fmt: skip
    assert client.post(href, {"purpose": "", "format": "csv"}).status_code == 422
    assert not Export.objects.exists()
    given = {"purpose": "核对三季度变动", "format": "csv"}
    content = client.post(href, given).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert [(row[0], row[1]) for row in rows[1:]] == [
        ("新增", "'=来"), ("减少", "李去"), ("减少", "赵退"),
    ]  # fmt: skip
    assert "2026-09-01 退出登记" in rows[3][-1]
    (export,) = Export.objects.all()
    assert (export.rows, export.by, export.purpose) == (3, cast.county, "核对三季度变动")
    assert client.get(href).status_code == 405


def test_a_unit_stands_beside_its_siblings(cast, tree, moved, signed_in):
    response = signed_in(cast.county).get(SIBLINGS, asked(tree.shangshu, section="coverage"))
    text = text_of(response)
    assert "安吉县各单位对照：上墅乡" in text
    assert "上墅乡 本单位" in text
    assert "较合计0.00个百分点" in text
    assert text.index("递铺街道") < text.index("上墅乡 本单位")
    links = signed_in(cast.county).get(COMPARE, asked(tree.shangshu)).text
    assert SIBLINGS in links
    assert SIBLINGS not in signed_in(cast.township).get(COMPARE, asked(tree.shangshu)).text


def test_the_lists_take_as_many_queries_with_one_row_as_with_three(
    cast, tree, signed_in, django_assert_max_num_queries
):
    client, counts = signed_in(cast.county), []
    for more in (1, 2):
        for _ in range(more):
            mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu), from_on=D(2026, 8, 1))
            mentee = make_cadre(unit=tree.shangshu)
            Posting.objects.filter(cadre=mentee).update(from_on=D(2026, 8, 1))
            pairing = make_pairing(mentor=mentor, mentee=mentee, from_on=D(2026, 8, 1))
            PairingEvent.objects.filter(pairing=pairing).update(on=D(2026, 8, 1))
        for code in ("mentors", "mentees", "not_yet_paired", "pairs_running", "formed"):
            with django_assert_max_num_queries(40) as seen:
                client.get(CHANGES, asked(tree.anji, indicator=code))
            counts.append((code, len(seen)))
    assert counts[:5] == counts[5:]


@pytest.mark.parametrize(
    ("cut", "day", "first"),
    [
        (Cut(D(2026, 6, 30), D(2026, 4, 1)), D(2026, 3, 31), D(2026, 1, 1)),
        (Cut(D(2026, 2, 28), D(2026, 2, 1)), D(2026, 1, 31), D(2026, 1, 1)),
        (Cut(D(2026, 6, 30), D(2026, 1, 1)), D(2025, 12, 31), D(2025, 7, 1)),
        (Cut(D(2026, 5, 20), D(2026, 5, 1)), D(2026, 3, 31), D(2026, 3, 12)),
    ],
)
def test_a_period_is_compared_with_one_of_its_length(cut, day, first):
    assert same_length(cut, day) == first


def test_the_usual_days_to_compare_with():
    """What runs from 1 January is compared with what did, a month with a month."""
    of_the_year = [each[1:] for each in earlier(Cut(D(2024, 2, 29), D(2024, 1, 1)))]
    assert of_the_year == [
        (D(2024, 1, 31), D(2024, 1, 1)),
        (D(2023, 12, 31), D(2023, 1, 1)),
        (D(2023, 2, 28), D(2023, 1, 1)),
        (D(2023, 12, 31), D(2023, 1, 1)),
    ]
    of_a_month = [each[1:] for each in earlier(Cut(D(2024, 2, 29), D(2024, 2, 1)))]
    assert of_a_month == [
        (D(2024, 1, 31), D(2024, 1, 1)),
        (D(2023, 12, 31), D(2023, 12, 1)),
        (D(2023, 2, 28), D(2023, 2, 1)),
        (D(2023, 12, 31), D(2023, 12, 1)),
    ]


def test_a_difference_has_a_sign_and_a_word():
    assert [delta(n, "")[:2] for n in (3, -1200, 0, None)] == [
        ("+3", "增加"), ("−1,200", "减少"), ("0", "持平"), ("—", "")]  # fmt: skip
