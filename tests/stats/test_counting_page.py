"""The pages of a large unit: while its counties are counted, afterwards, and a row for each."""

from __future__ import annotations

import csv
import io

import pytest

from accounts.models import Role
from stats import figures, rolling, tallies
from tests.factories import make_grants, make_users
from tests.stats.population import TODAY, populate

PAGE, COUNTIES = "/statistics/", "/statistics/counties/"


@pytest.fixture
def city_office(tree):
    users = make_users(city="市委组织部")
    make_grants((users["city"], Role.VIEWER, tree.city))
    return users["city"]


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(tallies, "LIVE_PAIRS", 0)
    monkeypatch.setattr(tallies, "LIVE_COUNTIES", 1)


def asked(unit) -> dict[str, str]:
    return {"unit": str(unit.pk), "as_of": TODAY.isoformat()}


def test_while_counties_are_counted_the_page_says_how_far_it_is(
    tree, city_office, large, signed_in
):
    populate(tree, 1, people=20, records=20)
    client = signed_in(city_office)
    response = client.get(PAGE, asked(tree.city))
    assert response.status_code == 200
    assert "0 / 4 个县" in response.text
    assert "<table" not in response.text
    assert client.get(COUNTIES, asked(tree.city)).headers["Location"].startswith(PAGE)
    rolling.work(seconds=60)
    assert "正在汇总" not in client.get(PAGE, asked(tree.city)).text


def test_a_county_is_a_row_of_the_file(tree, city_office, signed_in):
    populate(tree, 2, people=20, records=20)
    response = signed_in(city_office).get(COUNTIES, asked(tree.city))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [
        "合计", "湖州市本级", "德清县", "安吉县", "南太湖新区",
    ]  # fmt: skip
    table = figures.by_county(tree.city, TODAY)
    assert [int(row[4]) for row in rows[1:]] == [line.counts["mentors"] for line in table.lines]


def test_only_a_unit_above_counties_has_rows_of_counties(tree, cast, city_office, signed_in):
    for user, unit, code in (
        (city_office, tree.city, 200),
        (city_office, tree.anji, 404),
        (cast.county, tree.city, 404),
        (cast.county, tree.anji, 404),
        (cast.mentor, tree.city, 403),
    ):
        assert signed_in(user).get(COUNTIES, asked(unit)).status_code == code, (user, unit)


def test_a_question_that_cannot_be_asked_is_refused(tree, city_office, signed_in):
    question = {**asked(tree.city), "as_of": "2999-01-01"}
    assert signed_in(city_office).get(COUNTIES, question).status_code == 422
