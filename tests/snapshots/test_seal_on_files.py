"""A table that leaves carries its seal, and by the seal it is found again."""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse as url

from snapshots import sealing
from snapshots.models import Snapshot
from tests.activities.making import make_visit
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.snapshots.made import sealed

AS_OF = dt.date(2026, 6, 30)


@pytest.fixture
def snapshot(cast, tree):
    return sealed(tree.anji, AS_OF, by=cast.county)


def taken(client, snapshot, kind):
    address = url("snapshots:export", args=[snapshot.pk], query={"format": kind})
    return client.get(address).content


def test_every_printed_file_carries_the_whole_digest(cast, snapshot, signed_in):
    client = signed_in(cast.county)
    pages = pypdf.PdfReader(io.BytesIO(taken(client, snapshot, "pdf"))).pages
    text = "".join(pages[0].extract_text().split())
    assert snapshot.digest in text
    assert "已封存" in text
    book = openpyxl.load_workbook(io.BytesIO(taken(client, snapshot, "xlsx")))
    for sheet in book:
        said = [cell.value for row in sheet for cell in row if isinstance(cell.value, str)]
        assert sum(snapshot.digest in each for each in said) == 1
    found = json.loads(taken(client, snapshot, "json"))
    assert found["sealed"]["digest"] == snapshot.digest


def test_a_printed_table_is_found_by_its_digest(cast, snapshot, signed_in):
    sealed(snapshot.unit, dt.date(2026, 5, 31), by=cast.county)
    detail = url("snapshots:detail", args=[snapshot.pk])

    def asked(user, digest):
        return signed_in(user).get(url("snapshots:list", query={"digest": digest})).text

    found = asked(cast.county, f" {snapshot.digest.upper()} ")
    assert (detail in found, found.count("季度报表")) == (True, 1)
    for user, digest in ((cast.county, "0" * 64), (cast.other_county, snapshot.digest)):
        text = asked(user, digest)
        assert "没有此校验码的封存数据" in text
        assert "安吉县" not in text.split("<main", 1)[1]


def test_it_is_said_beforehand_that_too_many_rows_are_not_kept(cast, tree, signed_in, monkeypatch):
    client = signed_in(cast.county)
    address = url("snapshots:create", query={"unit": tree.anji.pk, "as_of": AS_OF})
    assert "只封存数字" not in client.get(address).text
    monkeypatch.setattr(sealing, "MOST_ROWS", 3)
    assert "只封存数字" in client.get(address).text
    client.post(address, {"purpose": "二季度报表"})
    snapshot = Snapshot.objects.get()
    detail = client.get(url("snapshots:detail", args=[snapshot.pk])).text
    assert "仅封存了数字" in detail
    assert url("snapshots:rows", args=[snapshot.pk]) not in detail


@pytest.mark.parametrize(
    ("name", "queries"), [("detail", 14), ("rows", 10), ("again", 42), ("differences", 44)]
)
def test_a_page_asks_as_often_for_three_rows_as_for_one(cast, tree, signed_in, name, queries):
    client, asked = signed_in(cast.county), []
    make_visit(pairing=cast.pairing, happened_on=dt.date(2026, 6, 1))  # the pair is not silent
    for number in (0, 2):
        for each in range(number):
            person = make_cadre(unit=tree.dipu, name=f"徒弟{each}")
            mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"师傅{each}"))
            make_pairing(mentor=mentor, mentee=person)
        snapshot = sealed(tree.anji, AS_OF, by=cast.county)
        for _each in range(number + 1):
            make_visit(pairing=cast.pairing, happened_on=dt.date(2026, 6, 3))
        address = url(f"snapshots:{name}", args=[snapshot.pk])
        for _each in range(2):  # what is read once a process is read before
            with CaptureQueriesContext(connection) as found:
                if name == "differences":
                    response = client.post(address, {"purpose": "向市委组织部说明"})
                else:
                    response = client.get(address)
            assert response.status_code == 200
        asked.append(len(found))
    assert asked == [queries, queries]
