"""Rows of groups of people: they add up to the table by units and equal a count in plain Python."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter

import pytest

from accounts.models import Role
from cadres.models import Mentee
from pairings.models import Pairing
from stats import crossing, figures, tallies
from stats.crossing import GROUPINGS
from stats.cuts import Cut
from stats.indicators import counted
from stats.shapes import Base
from tests.factories import make_grants, make_users
from tests.stats import by_hand
from tests.stats.population import populate

DAY = dt.date(2026, 6, 30)


def nonzero(counts) -> dict[str, int]:
    return {code: number for code, number in counts.items() if number}


@pytest.fixture
def people(tree):
    populate(tree, 3, people=90)
    return tree


@pytest.mark.parametrize("code", GROUPINGS)
def test_groups_add_up_to_the_table_by_units_and_to_their_names(people, code):
    grouping, cut = GROUPINGS[code], Cut.at(DAY)
    for unit in (people.city, people.anji):
        table = crossing.table(unit, cut, grouping)
        by_units = figures.table(unit, DAY).total.counts
        assert table.total.counts == {each: by_units[each] for each in table.total.counts}
        added = Counter()
        for line in table.parts:
            added.update(line.counts)
        assert nonzero(added) == nonzero(table.total.counts) != {}
    asked = counted(table.columns)
    for line in table.parts[:3] + table.parts[-1:]:
        for each in [*asked.values()][:6]:
            rows = crossing.behind(unit, cut, grouping, each, line.key)
            assert rows.count() == line.counts[each.code], (line.key, each.code)


@pytest.mark.parametrize("trait", ["gender", "age", "education", "political", "staffing"])
def test_pairs_stand_by_their_mentees_as_plain_python_has_them(people, trait):
    table = crossing.table(people.city, Cut.at(DAY), GROUPINGS[trait], {"pairs"})
    now, place = by_hand._states(DAY), by_hand._places(people.city)
    expected = Counter()
    for pair in Pairing.objects.exclude(role="substitute").select_related("mentee"):
        if now.get(pair.pk) in by_hand.RUNNING and pair.unit_id in place:
            (group,) = (
                each for each in by_hand._traits(pair.mentee, DAY) if each.startswith(trait)
            )
            expected[group.removeprefix(f"{trait}_")] += 1
    found = {line.key: line.counts["pairs_running"] for line in table.parts}
    assert nonzero(found) == dict(expected)


def test_the_register_of_mentees_stands_by_category_as_plain_python_has_it(people):
    table = crossing.table(people.city, Cut.at(DAY), GROUPINGS["category"], {"coverage"})
    posts, place = by_hand._main_posts(DAY), by_hand._places(people.city)
    expected = Counter(
        str(category)
        for who, (category, _is_exempt) in by_hand._entries(DAY).items()
        if who in posts and posts[who].unit_id in place
    )
    found = {line.key: line.counts["mentees_registered"] for line in table.parts}
    assert nonzero(found) == dict(expected)
    assert Mentee.objects.count() > 0


def test_what_cannot_be_taken_apart_so_is_no_column(people):
    table = crossing.table(people.city, Cut.at(DAY), GROUPINGS["mentor_category"])
    assert {each.base for each in counted(table.columns).values()} == {Base.MENTORS}
    codes = {section.code for section in table.every}
    assert "records" not in codes
    assert "people" in codes


def page(signed_in, cast, **asked):
    return signed_in(cast.county).get("/statistics/", {"as_of": "2026-11-20", **asked})


def test_the_page_has_a_row_a_group_and_each_number_opens_its_names(cast, signed_in):
    response = page(signed_in, cast, by="gender", section="pairs")
    (grid,) = response.context["grids"]
    assert [row.name for row in grid.rows] == ["合计", "男", "女", "未填写"]
    links = [(row.name, row.cells[0].text, row.cells[0].href) for row in grid.rows]
    (name, text, href) = next(each for each in links[1:] if each[2])
    assert text == "1"
    assert "by=gender" in href
    listed = signed_in(cast.county).get(href)
    assert "褚师傅 → 马徒弟" in listed.text
    assert f"安吉县 · {name}" in listed.text
    # A stranger of the other county sees neither the list nor the table.
    assert signed_in(cast.other_county).get(href).status_code == 404


def test_a_table_that_has_no_such_rows_says_so_beside_the_field(cast, signed_in):
    response = page(signed_in, cast, by="gender", section="records")
    assert response.status_code == 422
    assert response.context["form"].errors["by"] == ["本表不能按此分行，请在下面另选一张表。"]
    assert "section=coverage&amp;by=gender" in response.text
    assert page(signed_in, cast, by="zodiac").status_code == 422
    assert page(signed_in, cast, by="gender", section="nothing").status_code == 422


def test_a_row_or_a_figure_that_is_not_there_is_not_found(cast, signed_in):
    client = signed_in(cast.county)
    for query in (
        "by=gender&row=7&indicator=mentors",
        "by=gender&row=own&indicator=mentors",
        "by=gender&row=1&indicator=sessions",
        "by=mentor_category&row=none&indicator=people",
    ):
        assert client.get(f"/statistics/names/?{query}").status_code == 404


def test_a_large_unit_leads_to_the_units_below(cast, tree, signed_in, monkeypatch):
    monkeypatch.setattr(tallies, "LIVE_PAIRS", 0)
    users = make_users(city="市委组织部")
    make_grants((users["city"], Role.VIEWER, tree.city))
    client = signed_in(users["city"])
    response = client.get("/statistics/", {"by": "age", "section": "pairs"})
    assert (response.status_code, "grids" in response.context) == (200, False)
    links = dict(response.context["smaller"])
    assert [*links] == ["德清县", "安吉县", "南太湖新区"]
    assert "by=age" in links["安吉县"]
    assert client.get(links["安吉县"]).context["grids"]
    exported = client.get("/statistics/export/?by=age&format=csv")
    assert (exported.status_code, "by=age" in exported.url) == (302, True)


def test_the_file_has_the_rows_of_the_page(cast, signed_in):
    client = signed_in(cast.county)
    content = client.get("/statistics/export/?by=gender&format=csv").content.decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(content))
    assert header[:2] == ["性别", "区划代码"]
    assert [line[0] for line in lines] == ["合计", "男", "女", "未填写"]
    assert {line[1] for line in lines[1:]} == {""}
    for kind in ("xlsx", "json", "pdf"):
        response = client.get(f"/statistics/export/?by=gender&format={kind}")
        assert response.status_code == 200
        assert "%E6%80%A7%E5%88%AB" in response.headers["Content-Disposition"]
