"""Certificates issued and voided, for the timeline of a pair."""

from __future__ import annotations

import pytest
from django.urls import reverse

from certificates import issuing


def events(client, pairing, **kwargs):
    return client.get(reverse("certificates:events", args=[pairing.pk]), **kwargs)


def told(response):
    return [(row["certificate"].number, row["is_void"]) for row in response.context["events"]]


@pytest.fixture
def two(cast):
    """A certificate that was voided, and the one issued after it."""
    first = issuing.issue(cast.pairing, by=cast.county)
    issuing.void(first, by=cast.county, reason="姓名有误")
    return first, issuing.issue(cast.pairing, by=cast.county)


def test_each_issue_and_each_voiding_stands_newest_first(cast, two, signed_in):
    response = events(signed_in(cast.county), cast.pairing)
    assert told(response) == [(2, False), (1, True), (1, False)]
    assert "姓名有误" in response.text
    assert "<html" in response.text


def test_why_one_was_voided_is_the_offices_to_know(cast, two, signed_in):
    part = events(signed_in(cast.mentee), cast.pairing, headers={"HX-Request": "true"})
    assert told(part) == [(2, False), (1, True), (1, False)]
    assert "姓名有误" not in part.text
    assert "<html" not in part.text


def test_a_pair_without_certificates_has_none(cast, signed_in):
    assert told(events(signed_in(cast.mentor), cast.pairing)) == []


def test_the_panel_asks_as_often_for_one_certificate_as_for_two(
    cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.county)
    first = issuing.issue(cast.pairing, by=cast.county)
    for number in (1, 3):
        # Session, user, grants, own register row; the pair, its certificates.
        with django_assert_num_queries(6):
            assert len(told(events(client, cast.pairing))) == number
        if number == 1:
            issuing.void(first, by=cast.county, reason="有误")
            issuing.issue(cast.pairing, by=cast.county)
