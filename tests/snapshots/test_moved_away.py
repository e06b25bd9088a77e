"""A unit that moved to another county leaves its sealed figures behind, and no more than those."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse as url

from accounts.models import Export
from tests.activities.making import make_visit
from tests.snapshots.made import sealed
from units import tree as unit_tree

D = dt.date


@pytest.fixture
def left_behind(cast, tree):
    snapshot = sealed(tree.shangshu, D(2026, 6, 30), by=cast.county)
    unit_tree.move(tree.shangshu, tree.deqing, on=D(2026, 7, 1), by=cast.county)
    make_visit(pairing=cast.pairing, happened_on=D(2026, 6, 3))
    return snapshot


def test_the_former_county_reads_what_was_sealed_and_nothing_of_today(cast, signed_in, left_behind):
    client = signed_in(cast.county)
    again = url("snapshots:again", args=[left_behind.pk])
    detail = client.get(url("snapshots:detail", args=[left_behind.pk]))
    assert (detail.status_code, again in detail.text) == (200, False)
    assert client.get(again).status_code == 403
    taken = client.post(
        url("snapshots:differences", args=[left_behind.pk]), {"purpose": "向市委组织部说明"}
    )
    assert (taken.status_code, Export.objects.count()) == (403, 0)


def test_who_reads_the_unit_today_is_asked_again(cast, tree, signed_in):
    snapshot = sealed(tree.shangshu, D(2026, 6, 30), by=cast.county)
    client = signed_in(cast.county)
    again = url("snapshots:again", args=[snapshot.pk])
    assert again in client.get(url("snapshots:detail", args=[snapshot.pk])).text
    assert client.get(again).status_code == 200


@pytest.mark.parametrize("after", ["9" * 20, "-1", "x"])
def test_a_page_behind_the_last_is_empty_and_none_of_it_breaks(cast, signed_in, after):
    snapshot = sealed(cast.pairing.county, D(2026, 6, 30), by=cast.county)
    asked = url("snapshots:rows", args=[snapshot.pk], query={"after": after})
    assert signed_in(cast.county).get(asked).status_code == 200
