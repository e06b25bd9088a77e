"""Records by month, for the timeline of a pair: counts, and nothing that stands in them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from activities.monthly import Month, of_pair
from tests.activities.making import make_assignment, make_session, make_visit
from tests.factories import make_cadre, make_pairing

D = dt.date


def months(client, pairing, **kwargs):
    return client.get(reverse("activities:months", args=[pairing.pk]), **kwargs)


@pytest.fixture
def records(cast, tree):
    for day in (D(2026, 3, 1), D(2026, 3, 31), D(2026, 4, 1)):
        make_visit(pairing=cast.pairing, happened_on=day, place_text="某户人家")
    make_session(pairing=cast.pairing, happened_on=D(2026, 3, 5), topic="谈心")
    make_assignment(pairing=cast.pairing, due_on=D(2027, 1, 10))
    other = make_pairing(mentor=cast.mentor_row, mentee=make_cadre(unit=tree.shangshu))
    make_visit(pairing=other, happened_on=D(2026, 3, 2))


def test_each_month_with_a_record_has_its_counts_newest_first(cast, records):
    years = of_pair(cast.pairing)
    assert [(year.year, year.total) for year in years] == [(2027, 1), (2026, 4)]
    assert [month for year in years for month in year.months] == [
        Month(D(2027, 1, 1), 0, 0, 1),
        Month(D(2026, 4, 1), 1, 0, 0),
        Month(D(2026, 3, 1), 2, 1, 0),
    ]


def test_the_panel_is_a_part_for_htmx_and_a_page_without_it(cast, records, signed_in):
    client = signed_in(cast.mentee)
    part = months(client, cast.pairing, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    text = " ".join(part.text.split())
    assert "2026年3月" in text
    assert "走访 2" in text
    assert "帮带 1" in text
    for kept in ("某户人家", "谈心"):
        assert kept not in text
    assert "<html" in months(client, cast.pairing).text


def test_a_pair_without_records_says_so(cast, signed_in):
    assert "还没有记录。" in months(signed_in(cast.mentor), cast.pairing).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_panel_asks_as_often_for_one_record_as_for_three(
    cast, signed_in, number, django_assert_num_queries
):
    for at in range(number):
        make_visit(pairing=cast.pairing, happened_on=D(2026, 3 + at, 1))
    client = signed_in(cast.county)
    # Session, user, grants, own register row; the pair, and a count of each kind.
    with django_assert_num_queries(8):
        months(client, cast.pairing)
