"""What is decided about a roster: doubts, the import, its undoing, or nothing of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from rosters.models import BatchFile
from rosters.sealing import seal
from rosters.states import Outcome, State
from tests.rosters.making import MAPPING, make_batch, make_row


@pytest.fixture
def office(cast, signed_in):
    return signed_in(cast.county)


@pytest.fixture
def batch(cast, tree):
    return make_batch(unit=tree.anji, by=cast.county, mapping=MAPPING)


def state(batch) -> str:
    batch.refresh_from_db()
    return batch.state


def test_confirming_sends_the_roster_to_the_worker_once(batch, office):
    make_row(batch, number=3)
    assert office.post(f"/rosters/{batch.pk}/confirm/", {"rows": "all"}).status_code == 302
    assert (state(batch), batch.is_partial) == (State.SAVING, False)
    assert office.post(f"/rosters/{batch.pk}/confirm/", {"rows": "all"}).status_code == 409


def test_with_wrong_rows_only_the_good_ones_are_taken_and_only_when_asked(batch, office):
    make_row(batch, number=3)
    make_row(batch, number=4, outcome=Outcome.WRONG)
    refused = office.post(f"/rosters/{batch.pk}/confirm/", {"rows": "all"})
    assert (refused.status_code, state(batch)) == (409, State.CHECKED)
    assert "有 1 行有错误或待确认" in refused.text
    assert office.post(f"/rosters/{batch.pk}/confirm/", {"rows": "good"}).status_code == 302
    assert (state(batch), batch.is_partial) == (State.SAVING, True)


def test_a_roster_is_thrown_away(batch, office):
    make_row(batch, number=3)
    assert office.post(f"/rosters/{batch.pk}/discard/").url == "/rosters/"
    assert (state(batch), batch.rows.count()) == (State.DISCARDED, 0)
    assert office.post(f"/rosters/{batch.pk}/discard/").status_code == 409


def test_an_import_is_undone_for_thirty_days(cast, tree, office):
    batch = make_batch(unit=tree.anji, by=cast.county, state=State.DONE)
    assert "撤销导入" in office.get(f"/rosters/{batch.pk}/").text
    assert office.get(f"/rosters/{batch.pk}/undo/").status_code == 200
    assert office.post(f"/rosters/{batch.pk}/undo/", {"rows": "all"}).status_code == 302
    assert state(batch) == State.UNDOING


def test_after_thirty_days_it_is_not(cast, tree, office):
    long_ago = timezone.now() - dt.timedelta(days=31)
    batch = make_batch(unit=tree.anji, by=cast.county, state=State.DONE, saved_at=long_ago)
    assert "撤销导入" not in office.get(f"/rosters/{batch.pk}/").text
    assert "已超过 30 天" in office.get(f"/rosters/{batch.pk}/undo/").text
    refused = office.post(f"/rosters/{batch.pk}/undo/", {"rows": "all"})
    assert (refused.status_code, state(batch)) == (409, State.DONE)


def test_what_an_undo_was_refused_for_is_listed_and_the_others_are_offered(cast, tree, office):
    batch = make_batch(unit=tree.anji, by=cast.county, state=State.DONE)
    why = [{"column": "", "message": "该结对已有：帮带记录。"}]
    make_row(batch, number=3, name="甲某", effect={"pairing": "x"}, faults=why)
    make_row(batch, number=4, name="乙某", effect={"pairing": "y"})
    make_row(batch, number=5, name="丙某", outcome=Outcome.WRONG, faults=why)
    text = office.get(f"/rosters/{batch.pk}/undo/").text
    told = [name in text for name in ("甲某", "乙某", "丙某", "该结对已有：帮带记录。")]
    assert told == [True, False, False, True]
    office.post(f"/rosters/{batch.pk}/undo/", {"rows": "others"})
    assert (state(batch), batch.keeps_blocked) == (State.UNDOING, True)


def test_the_workbook_with_remarks_is_given_to_the_office_alone(cast, batch, office, signed_in):
    address = f"/rosters/{batch.pk}/annotated/"
    assert office.get(address).status_code == 404
    BatchFile.objects.create(
        batch=batch, which=BatchFile.Which.ANNOTATED, name="对子（批注）.xlsx", sealed=seal(b"PK")
    )
    assert office.get(address).content == b"PK"
    for user in (cast.township, cast.other_county):
        assert signed_in(user).get(address).status_code == 404


def test_an_answer_that_was_not_offered_is_refused(batch, office):
    row = make_row(batch, number=3, outcome=Outcome.DOUBT)
    response = office.post(f"/rosters/{batch.pk}/rows/{row.pk}/answer/", {"answer": "new"})
    assert response.status_code == 409


def test_after_an_answer_the_same_rows_are_shown_and_no_other_site(batch, office):
    asked = {"id": "one", "name": "甲", "apart": "乙", "facts": []}
    for number, back, leads in ((3, "?outcome=doubt", "?outcome=doubt"), (4, "//evil.example", "")):
        values = {"name": "x"}
        row = make_row(
            batch, number=number, outcome=Outcome.DOUBT, candidates=[asked], values=values
        )
        given = {"answer": "skip", "next": back}
        response = office.post(f"/rosters/{batch.pk}/rows/{row.pk}/answer/", given)
        assert response.url == f"/rosters/{batch.pk}/{leads}"
        row.refresh_from_db()
        assert row.outcome == Outcome.SKIPPED
