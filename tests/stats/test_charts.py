"""Charts against the figures' table and a count by hand; each beside a table that says the same."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from html import unescape

import pytest

from accounts.models import Role
from stats import figures, tallies
from stats.charts import CHARTS, shade
from stats.cuts import Cut, Ratio
from stats.indicators import COVERAGE, MENTEES, MENTORS, PAIRS_RUNNING, STATES
from stats.records import METHODS
from stats.trends import month_ends
from tests.factories import make_grants, make_users
from tests.stats import by_hand
from tests.stats.population import TODAY, populate

CHART = "/statistics/chart/"
PART, WHOLE = COVERAGE.part.code, COVERAGE.whole.code


def asked(unit, chart, **also) -> dict[str, str]:
    return {"unit": str(unit.pk), "as_of": TODAY.isoformat(), "chart": chart, **also}


def drawn(code, unit, day=TODAY):
    return CHARTS[code][1](unit, Cut.at(day))


def cells(chart) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in chart.rows]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_bar_is_the_figure_of_the_table(tree, seed):
    populate(tree, seed)
    seen = 0
    for unit in (tree.city, tree.anji, tree.shangshu, tree.liujiatang):
        for day in (dt.date(2025, 12, 31), TODAY):
            table = figures.table(unit, day)
            [coverage] = drawn("coverage", unit, day)
            lines = {line.name: line for line in table.lines}
            for bar in coverage.data["rows"]:
                ratio = lines[bar["name"]].ratio(COVERAGE)
                assert (bar["part"], bar["whole"]) == ratio
                assert bar["value"] == (None if ratio.percent is None else float(ratio.percent))
            total, *parts = coverage.data["rows"]
            if parts:
                summed = [sum(each[key] for each in parts) for key in ("part", "whole")]
                assert summed == [total["part"], total["whole"]]
            for code, shown in (("states", STATES), ("methods", METHODS)):
                [chart] = drawn(code, unit, day)
                found = [bar["value"] for bar in chart.data["rows"]]
                assert found == [table.total.counts[each.code] for each in shown]
                seen += sum(found)
    assert seen > 100  # zeros alone would prove nothing


def test_a_trend_is_the_table_of_each_months_end(tree):
    populate(tree, 3)
    [chart] = drawn("trend", tree.anji)
    ends = month_ends(Cut.at(TODAY))
    tables = [figures.table(tree.anji, each.as_of).total for each in ends]
    pairs, mentees = (line["values"] for line in chart.data["counts"])
    assert pairs == [total.counts[PAIRS_RUNNING.code] for total in tables]
    assert mentees == [total.counts[MENTEES.code] for total in tables]
    shares = [total.ratio(COVERAGE).percent for total in tables]
    assert chart.data["share"]["values"] == [None if n is None else float(n) for n in shares]
    assert len({*pairs}) > 3


@pytest.mark.parametrize(
    ("day", "first", "last", "many"),
    [
        (dt.date(2026, 6, 30), dt.date(2025, 7, 31), dt.date(2026, 6, 30), 12),
        (dt.date(2026, 3, 1), dt.date(2025, 3, 31), dt.date(2026, 3, 1), 13),
        (dt.date(2025, 2, 28), dt.date(2024, 3, 31), dt.date(2025, 2, 28), 12),
    ],
)
def test_a_trend_has_twelve_ends_of_months_and_the_day_itself(day, first, last, many):
    ends = [cut.as_of for cut in month_ends(Cut.at(day))]
    assert (ends[0], ends[-1], len(ends)) == (first, last, many)
    assert ends == sorted({*ends})
    assert all((each + dt.timedelta(days=1)).day == 1 for each in ends[:-1])


@pytest.mark.parametrize("seed", [1, 2])
def test_a_pyramid_is_what_plain_counting_finds(tree, seed):
    populate(tree, seed, people=120)
    for unit in (tree.city, tree.anji):
        mentors, mentees = drawn("ages", unit)
        place = by_hand._places(unit)
        appointed = by_hand._appointments(TODAY).values()
        expected = Counter(_groups(each) for each in appointed if each.unit_id in place)
        assert _read(mentors) == expected
        table = figures.table(unit, TODAY, only={"gender", "age"}).total
        for whole, chart in ((MENTORS, mentors), (MENTEES, mentees)):
            read = _read(chart)
            for gender in ("1", "2", "none"):
                summed = sum(n for (side, _age), n in read.items() if side == gender)
                assert summed == table.counts[f"{whole.code}_gender_{gender}"]
            for age in ("30", "56", "none"):
                summed = sum(n for (_side, band), n in read.items() if band == age)
                assert summed == table.counts[f"{whole.code}_age_{age}"]
            # What is drawn is the table without those of whom something is not known.
            men, women = (sum(side["values"]) for side in chart.data["sides"])
            known = sum(n for (side, age), n in read.items() if "none" not in {side, age})
            assert men + women == known


def _groups(mentor) -> tuple[str, str]:
    gender, age, *_others = by_hand._traits(mentor.cadre, TODAY)
    return gender.removeprefix("gender_"), age.removeprefix("age_")


def _read(chart) -> Counter:
    ages = ("30", "35", "40", "45", "50", "55", "56", "none")
    numbers = {
        (gender, age): int(text)
        for age, row in zip(ages, cells(chart), strict=True)
        for gender, text in zip(("1", "2", "none"), row, strict=True)
    }
    return Counter({key: n for key, n in numbers.items() if n})


def test_a_bar_opens_as_many_names_as_it_counts(cast, tree, signed_in):
    populate(tree, 1, people=120)
    client, opened = signed_in(cast.county), 0
    for code in CHARTS:
        for chart in drawn(code, tree.anji):
            for cell in [cell for row in chart.rows for cell in row.cells if cell.href][:12]:
                text = client.get(cell.href).text
                assert f'<span class="stats-count">{cell.text}</span>' in text, cell
                opened += 1
    assert opened > 30


def test_the_page_carries_the_numbers_twice_as_data_and_as_a_table(cast, tree, signed_in):
    populate(tree, 1)
    client = signed_in(cast.county)
    for code in CHARTS:
        charts = drawn(code, tree.anji)
        page = client.get(CHART, asked(tree.anji, code))
        part = client.get(CHART, asked(tree.anji, code), headers={"HX-Request": "true"})
        assert ("<html" in page.text, "<html" in part.text) == (True, False)
        for text in (page.text, part.text):
            found = re.findall(r'<script id="chart-data-[a-z-]+"[^>]*>(.*?)</script>', text)
            assert [json.loads(each) for each in found] == [dict(each.data) for each in charts]
            shown = [
                unescape(re.sub(r"<[^>]+>", "", cell)).strip()
                for cell in re.findall(r'<td class="num">(.*?)</td>', text, re.S)
            ]
            assert shown == [cell for each in charts for row in cells(each) for cell in row]
            assert "截至2026年11月20日" in text


def test_tiles_stand_in_the_order_of_codes_with_their_numbers(tree):
    populate(tree, 1, people=120)
    [chart] = drawn("coverage", tree.city)
    table = figures.table(tree.city, TODAY)
    children = [line for line in table.parts if line.key != figures.OWN]
    assert [(tile.name, tile.of) for tile in chart.tiles] == [
        (line.name, f"{line.counts[PART]}/{line.counts[WHOLE]}") for line in children
    ]
    codes = [line.unit.code for line in children if line.unit.code]
    assert codes == sorted(codes)
    assert len(codes) > 1


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        ((0, 0), 0),
        ((0, 5), 1),
        ((5999, 10000), 1),
        ((3, 5), 2),
        ((4, 5), 3),
        ((9, 10), 4),
        ((9999, 10000), 4),
        ((3, 3), 5),
    ],
)
def test_a_tile_is_shaded_by_its_exact_share(ratio, expected):
    assert shade(Ratio(*ratio)) == expected


@pytest.mark.parametrize("code", CHARTS)
def test_nobody_outside_the_unit_reads_a_chart(cast, tree, signed_in, code):
    populate(tree, 1)
    for who, unit, status in (
        ("county", tree.anji, 200),
        ("other_county", tree.anji, 404),
        ("township", tree.dipu, 404),
        ("mentee", tree.anji, 403),
    ):
        response = signed_in(getattr(cast, who)).get(CHART, asked(unit, code))
        assert response.status_code == status, who
        assert ("上墅乡" in response.text) == (status == 200 and code == "coverage")


def test_an_unknown_chart_and_a_bad_day_are_refused(cast, tree, signed_in):
    client = signed_in(cast.county)
    assert client.get(CHART, asked(tree.anji, "ranking")).status_code == 404
    assert client.get(CHART, asked(tree.anji, "ages", age="7")).status_code == 422


@pytest.mark.parametrize(
    ("code", "queries"),
    [("coverage", 10), ("states", 6), ("trend", 8), ("ages", 7), ("methods", 6)],
)
def test_a_chart_makes_as_many_queries_for_many_as_for_few(
    cast, tree, signed_in, django_assert_num_queries, code, queries
):
    client = signed_in(cast.county)
    for people in (0, 60):  # beside the cast's own pair
        if people:
            populate(tree, 1, people=people)
        with django_assert_num_queries(queries):
            assert client.get(CHART, asked(tree.anji, code)).status_code == 200


def test_of_a_large_unit_a_chart_says_how_far_counting_is(tree, signed_in, monkeypatch):
    monkeypatch.setattr(tallies, "LIVE_PAIRS", 0)
    monkeypatch.setattr(tallies, "LIVE_COUNTIES", 1)
    populate(tree, 1, people=20, records=20)
    users = make_users(city="市委组织部")
    make_grants((users["city"], Role.VIEWER, tree.city))
    client = signed_in(users["city"])
    part = client.get(CHART, asked(tree.city, "trend"), headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert 'hx-trigger="every 3s"' in part.text
    assert "<progress" in part.text
    assert "data-chart" not in part.text
