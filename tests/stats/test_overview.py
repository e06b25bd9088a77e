"""The overview: a unit's key figures beside those of the end of the quarter before."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest

from accounts.models import Role
from stats import figures, overview, tallies
from stats.cuts import Cut, Ratio
from stats.grids import ShareOf
from stats.shapes import Base, Share
from tests.factories import make_grants, make_users
from tests.stats.population import TODAY, populate

PAGE = "/statistics/overview/"


def asked(unit, **also) -> dict[str, str]:
    return {"unit": str(unit.pk), "as_of": TODAY.isoformat(), **also}


def shown(figure) -> str:
    return f"{figure.part.text}/{figure.whole.text}" if isinstance(figure, ShareOf) else figure.text


@pytest.mark.parametrize("seed", [1, 2])
def test_each_key_figure_is_that_of_the_table_on_both_days(tree, seed):
    populate(tree, seed)
    for unit in (tree.city, tree.anji, tree.shangshu):
        cut = Cut.at(TODAY)
        now = figures.table(unit, TODAY).total
        then = figures.table(unit, dt.date(2026, 9, 30)).total
        keys = overview.key_figures(unit, cut)
        for key, (column, _section) in zip(keys, overview.KEYS, strict=True):
            for line, figure in ((now, key.now), (then, key.then)):
                ratio = line.ratio(column) if isinstance(column, Share) else None
                expected = (
                    f"{ratio.part}/{ratio.whole}" if ratio else f"{line.counts[column.code]:,}"
                )
                assert shown(figure) == expected, column.code


def test_a_number_opens_its_names_also_those_of_the_quarter_before(cast, tree, signed_in):
    populate(tree, 1, people=120)
    client, opened = signed_in(cast.county), 0
    for key in overview.key_figures(tree.anji, Cut.at(TODAY)):
        for figure in (key.now, key.then):
            for each in figure[1:] if isinstance(figure, ShareOf) else [figure]:
                text = client.get(each.href).text
                assert f'<span class="stats-count">{each.text}</span>' in text, key.title
                opened += 1
    assert opened == 16


@pytest.mark.parametrize(
    ("as_of", "period_from", "day", "begins"),
    [
        ("2026-11-20", "2026-01-01", "2026-09-30", "2026-01-01"),
        ("2026-09-30", "2026-01-01", "2026-06-30", "2026-01-01"),
        ("2026-11-20", "2026-09-30", "2026-09-30", "2026-09-30"),
        # The period had not begun by then: the usual one, and no comparison of what it counts.
        ("2026-11-20", "2026-10-01", "2026-09-30", "2026-01-01"),
        ("2026-02-03", "2026-01-01", "2025-12-31", "2025-01-01"),
    ],
)
def test_the_quarter_before_ends_before_the_day_and_begins_with_the_period(
    as_of, period_from, day, begins
):
    cut = Cut.at(dt.date.fromisoformat(as_of), dt.date.fromisoformat(period_from), 40)
    expected = Cut(dt.date.fromisoformat(day), dt.date.fromisoformat(begins), 40)
    assert overview.quarter_before(cut) == expected


def test_what_a_period_counts_is_not_compared_with_another_period(tree):
    populate(tree, 1)
    cut = Cut.at(TODAY, dt.date(2026, 10, 1))
    *standing, sessions, visits = overview.key_figures(tree.anji, cut)
    assert [each.then for each in (sessions, visits)] == [None, None]
    assert all(each.then for each in standing)


@pytest.mark.parametrize(
    ("then", "now", "base", "words"),
    [
        (1200, 2400, Base.PAIRS, "增加1,200"),
        (3, 1, Base.MENTORS, "减少2"),
        (3, 3, Base.MENTEES, "持平"),
        (3, 5, Base.VISITS, "其后2"),
        (Ratio(1, 3), Ratio(2, 3), Base.REGISTERED, "提高33.34个百分点"),
        (Ratio(2, 3), Ratio(1, 3), Base.REGISTERED, "降低33.34个百分点"),
        (Ratio(0, 0), Ratio(1, 3), Base.REGISTERED, ""),
    ],
)
def test_a_difference_is_said_in_words(then, now, base, words):
    assert overview.change(then, now, base) == words


def test_the_page_says_what_is_counted_and_as_of_when(cast, tree, signed_in):
    populate(tree, 1)
    text = unescape(signed_in(cast.county).get(PAGE, asked(tree.anji)).text)
    for words in (
        "安吉县导师帮带情况总览",
        "截至 <strong>2026年11月20日</strong>",
        "“上季末”指2026年9月30日（含当日）",
        "已结对人数占应结对人数的比例",
    ):
        assert words in text
    cards = re.findall(r'<section class="card card-body stats-key">(.*?)</section>', text, re.S)
    counted = [
        re.findall(r"[人对次]$", re.sub(r"<[^>]+>|\s", "", c.split("上季末")[0])) for c in cards
    ]
    assert counted == [["对"], ["人"], ["人"], ["人"], ["对"], ["次"], ["次"]]


def test_the_view_goes_along_to_the_other_pages_and_the_units_below(cast, tree, signed_in):
    populate(tree, 1)
    view = asked(tree.shangshu, age="40")
    text = unescape(signed_in(cast.county).get(PAGE, view).text)
    query = f"?unit={tree.shangshu.pk}&as_of=2026-11-20&age=40"
    for page in ("/statistics/", PAGE):
        assert f'href="{page}{query}"' in text
    assert f'href="?unit={tree.anji.pk}&as_of=2026-11-20&age=40"' in text  # the unit above


def test_the_menu_opens_the_overview_of_ones_own_unit(cast, signed_in):
    client = signed_in(cast.township)
    assert f'href="{PAGE}"' in client.get("/").text
    assert "上墅乡导师帮带情况总览" in client.get(PAGE).text


def test_nobody_outside_the_unit_reads_it(cast, tree, signed_in):
    for who, unit, status in (
        ("county", tree.anji, 200),
        ("viewer", tree.dipu, 200),
        ("other_county", tree.anji, 404),
        ("township", tree.anji, 404),
        ("mentor", tree.anji, 403),
        ("auditor", tree.anji, 403),
    ):
        response = signed_in(getattr(cast, who)).get(PAGE, asked(unit))
        assert response.status_code == status, who
        assert ("总览" in response.text and "帮带情况" in response.text) == (status == 200)


def test_a_bad_day_is_said_beside_its_field(cast, tree, signed_in):
    response = signed_in(cast.county).get(PAGE, asked(tree.anji) | {"as_of": "2099-01-01"})
    assert response.status_code == 422
    assert "截至日期不能晚于今天。" in response.text
    assert re.search(r"<details[^>]* open", response.text)


def test_without_anything_to_count_it_says_what_to_do_next(cast, tree, signed_in):
    day = {"as_of": "2001-01-31"}
    office = signed_in(cast.county).get(PAGE, asked(tree.anji) | day)
    assert "没有可统计的数据" in office.text
    assert 'href="/rosters/new/"' in office.text
    assert "echarts" not in office.text
    leader = signed_in(cast.viewer).get(PAGE, asked(tree.dipu) | day)
    assert "没有可统计的数据" in leader.text
    assert 'href="/rosters/new/"' not in leader.text


def test_it_makes_as_many_queries_for_many_as_for_few(
    cast, tree, signed_in, django_assert_num_queries
):
    client = signed_in(cast.county)
    for people in (0, 60):  # beside the cast's own pair
        if people:
            populate(tree, 1, people=people)
        with django_assert_num_queries(13):
            assert client.get(PAGE, asked(tree.anji)).status_code == 200


def test_of_a_large_unit_the_trend_waits_to_be_asked_for(tree, signed_in, monkeypatch):
    populate(tree, 1, people=20, records=20)
    users = make_users(city="市委组织部")
    make_grants((users["city"], Role.VIEWER, tree.city))
    client = signed_in(users["city"])
    at_once = client.get(PAGE, asked(tree.city)).text.count('hx-trigger="load"')
    monkeypatch.setattr(tallies, "LIVE_PAIRS", 0)
    later = client.get(PAGE, asked(tree.city)).text.count('hx-trigger="load"')
    assert (at_once, later) == (5, 4)
    monkeypatch.setattr(tallies, "LIVE_COUNTIES", 1)
    assert "正在汇总各县数据" in client.get(PAGE, asked(tree.city)).text
