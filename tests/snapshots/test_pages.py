"""The pages of sealed figures: sealing, reading, asking again, taking along."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import uuid

import openpyxl
import pytest
from django.urls import reverse as url

from accounts.models import Export
from pairings.models import Pairing
from snapshots import pages
from snapshots.models import Snapshot
from stats import exports, figures
from tests.activities.making import make_visit
from tests.snapshots.made import sealed

D = dt.date
AS_OF = D(2026, 6, 30)


@pytest.fixture
def snapshot(cast):
    # Without an agreed term nobody calls the pair silent.
    Pairing.objects.filter(pk=cast.pairing.pk).update(from_on=D(2026, 3, 1), to_on=None)
    cast.pairing.events.update(on=D(2026, 3, 1))
    return sealed(cast.pairing.county, AS_OF, by=cast.county)


def seal_url(unit, **asked):
    return url("snapshots:create", query={"unit": unit.pk, "as_of": "2026-06-30", **asked})


def test_the_office_seals_what_the_page_of_figures_shows(cast, tree, signed_in):
    client = signed_in(cast.county)
    figures_page = client.get(url("stats:table", query={"unit": tree.anji.pk, "as_of": AS_OF}))
    assert url("snapshots:create") in figures_page.text
    page = client.get(seal_url(tree.anji))
    assert "安吉县" in page.text
    assert "2026年6月30日" in page.text
    bad = client.post(seal_url(tree.anji), {"purpose": " "})
    assert (bad.status_code, Snapshot.objects.count()) == (422, 0)
    sent = {"purpose": "二季度报表", "client_key": uuid.uuid4()}
    made = [client.post(seal_url(tree.anji, period_from="2026-04-01"), sent) for _ in range(2)]
    snapshot = Snapshot.objects.get()
    assert {each.url for each in made} == {url("snapshots:detail", args=[snapshot.pk])}
    assert (snapshot.unit, snapshot.as_of, snapshot.period_from, snapshot.age) == (
        tree.anji, AS_OF, D(2026, 4, 1), 35,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "place", "status"),
    [("county", "anji", 200), ("township", "anji", 404), ("other_county", "anji", 404),
     ("viewer", "anji", 403), ("mentor", "anji", 403), ("township", "shangshu", 200)],
)  # fmt: skip
def test_a_unit_is_sealed_by_its_own_office_alone(cast, tree, signed_in, who, place, status):
    client = signed_in(getattr(cast, who))
    assert client.get(seal_url(getattr(tree, place))).status_code == status


def test_a_day_to_come_is_sent_back_to_the_figures(cast, tree, signed_in):
    asked = seal_url(tree.anji).replace("2026-06-30", "2999-01-01")
    response = signed_in(cast.county).get(asked)
    assert response.url.startswith(url("stats:table"))


def test_the_sealed_table_stays_whatever_is_entered_later(cast, snapshot, signed_in):
    client = signed_in(cast.county)
    before = client.get(url("snapshots:detail", args=[snapshot.pk])).text
    make_visit(pairing=cast.pairing, happened_on=D(2026, 6, 3))
    after = client.get(url("snapshots:detail", args=[snapshot.pk])).text
    assert cells(before) == cells(after) != []
    assert snapshot.digest in after
    assert "校验一致" in after


def cells(page):
    return re.findall(r'<td class="num">(.*?)</td>', page, re.S)


def test_each_sealed_number_opens_its_names(cast, tree, snapshot, signed_in):
    client = signed_in(cast.county)
    address = url(
        "snapshots:rows", args=[snapshot.pk], query={"indicator": "mentees", "row": "total"}
    )
    page = client.get(address).text
    assert "马徒弟（上墅乡）" in page
    cast.pairing.mentee.move_to(tree.yuyue, on=D(2026, 7, 1), by=cast.county)
    page = client.get(address).text
    assert "马徒弟" not in page
    assert "已不在您的管辖范围内" in page
    for wrong in ({"indicator": "nothing", "row": "total"}, {"indicator": "mentees", "row": "7"}):
        assert client.get(url("snapshots:rows", args=[snapshot.pk], query=wrong)).status_code == 404


def test_the_names_go_on_by_the_page_each_once(cast, signed_in, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 2)
    made = {make_visit(pairing=cast.pairing, happened_on=D(2026, 6, 3)).pk for _ in range(5)}
    client, snapshot = signed_in(cast.county), sealed(cast.pairing.county, AS_OF, by=cast.county)
    address, asked, found = url("snapshots:rows", args=[snapshot.pk]), {"indicator": "visits"}, []
    for size in (2, 2, 1):
        kept = client.get(address, asked).context["found"]
        assert (len(kept.rows), kept.size) == (size, 5)
        found += [key for _name, _link, key in kept.rows]
        asked["after"] = kept.next
    assert (kept.next, set(found), len(found)) == ("", made, 5)
    for nonsense in ("2", "x" * 40, "9" * 400):
        kept = client.get(address, {**asked, "after": nonsense}).context["found"]
        assert [key for _name, _link, key in kept.rows] == found[:2]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_names_of_three_cost_as_much_as_those_of_one(
    cast, signed_in, django_assert_num_queries, rows
):
    for _ in range(rows):
        make_visit(pairing=cast.pairing, happened_on=D(2026, 6, 3))
    snapshot = sealed(cast.pairing.county, AS_OF, by=cast.county)
    client = signed_in(cast.county)
    with django_assert_num_queries(10):
        page = client.get(url("snapshots:rows", args=[snapshot.pk]), {"indicator": "visits"})
    assert len(page.context["found"].rows) == rows


def test_asked_again_it_says_what_differs_and_why(cast, snapshot, signed_in):
    client = signed_in(cast.county)
    page = url("snapshots:again", args=[snapshot.pk])
    assert "所有数字与封存时一致" in client.get(page).text
    make_visit(pairing=cast.pairing, happened_on=D(2026, 6, 3))
    text = client.get(page).text
    assert "走访合计" in text
    assert "封存后补录的记录" in text


def test_the_workbook_holds_the_differences_and_its_purpose_is_kept(cast, snapshot, signed_in):
    make_visit(pairing=cast.pairing, happened_on=D(2026, 6, 3))
    client, address = signed_in(cast.county), url("snapshots:differences", args=[snapshot.pk])
    bad = client.post(address, {"purpose": "短"})
    assert (bad.status_code, Export.objects.count()) == (422, 0)
    response = client.post(address, {"purpose": "向市委组织部说明"})
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    named = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows(min_row=4)]
    assert [(row[0], row[1], row[2]) for row in named] == [
        ("走访（次）", str(cast.pairing), "未计入"),
        (None, None, None),
        ("填表人：", None, "审核人："),
    ]
    assert "封存后补录的记录" in named[0][4]
    export = Export.objects.get()
    assert (export.purpose, export.rows, export.filters) == (
        "向市委组织部说明", 1, str(snapshot.pk),
    )  # fmt: skip


def test_the_sealed_table_leaves_as_the_file_it_was(cast, tree, snapshot, signed_in):
    content = exports.write_csv(figures.table(tree.anji, AS_OF))
    make_visit(pairing=cast.pairing, happened_on=D(2026, 6, 3))
    address = url("snapshots:export", args=[snapshot.pk], query={"format": "csv"})
    response = signed_in(cast.county).get(address)
    assert response.content == content
    assert next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[0] == "单位"


@pytest.mark.parametrize("name", ["detail", "again", "rows", "export"])
def test_nobody_outside_the_unit_reads_it(cast, snapshot, signed_in, name):
    address = url(f"snapshots:{name}", args=[snapshot.pk])
    for who in ("other_county", "township", "sibling"):
        assert signed_in(getattr(cast, who)).get(address).status_code == 404
    for who in ("mentor", "mentee", "stranger"):
        assert signed_in(getattr(cast, who)).get(address).status_code == 403


def test_the_list_makes_as_many_queries_for_three_as_for_one(
    cast, tree, signed_in, django_assert_num_queries
):
    client = signed_in(cast.county)
    for number in (1, 2):
        for _ in range(number):
            sealed(tree.anji, AS_OF, by=cast.county)
        with django_assert_num_queries(5):
            page = client.get(url("snapshots:list"))
    assert page.text.count("季度报表") == 3
    assert "还没有封存数据" in signed_in(cast.other_county).get(url("snapshots:list")).text
