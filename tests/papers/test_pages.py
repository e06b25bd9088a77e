"""The pages about paper: a pair's panel, what waits, by hand, taking back; and who sees nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Session, Visit
from core.months import month_of, shift
from papers import codes
from papers.codes import Code
from papers.models import PaperEvent, PaperPage
from papers.states import State
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.papers.made import (
    MONTH,
    blank,
    make_placed,
    make_stack,
    make_waiting,
    printed,
    read_stack,
)


def to(name, row, *more):
    return reverse(f"papers:{name}", args=[row.pk, *more])


@pytest.fixture
def foreign(tree):
    """A pair of another county, with a page."""
    mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="曹师傅"))
    return make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.yuyue, name="王徒弟"))


def test_the_panel_shows_the_latest_months_and_the_page_all_of_them(signed_in, cast):
    for number in range(4):
        make_placed(pairing=cast.pairing, by=cast.mentee, month=shift(MONTH, number))
    client, address = signed_in(cast.mentee), to("panel", cast.pairing)
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert [month in part for month in ("2026.05", "2026.06", "2026.07", "2026.08")] == [
        False, True, True, True,
    ]  # fmt: skip
    whole = client.get(address).text
    assert whole.count("<img") == 4
    assert whole.index("2026.08") < whole.index("2026.05")


def test_the_panel_asks_as_much_for_three_pages_as_for_one(signed_in, cast):
    client = signed_in(cast.county)
    for wanted in (1, 3):
        while PaperPage.objects.count() < wanted:
            make_placed(pairing=cast.pairing, by=cast.mentee)
        with CaptureQueriesContext(connection) as asked:
            client.get(to("panel", cast.pairing), headers={"HX-Request": "true"})
        assert len(asked) == 6


def test_the_list_asks_as_much_for_three_pages_as_for_one(signed_in, cast):
    client = signed_in(cast.county)
    for wanted in (1, 3):
        while PaperPage.objects.count() < wanted:
            make_waiting(by=cast.county)
        with CaptureQueriesContext(connection) as asked:
            text = client.get(reverse("papers:list")).text
        assert (len(asked), text.count("<img")) == (6, wanted)


def test_the_outcome_of_a_stack_asks_as_much_for_three_pages_as_for_one(signed_in, cast):
    client = signed_in(cast.county)
    for months in (("2026-04",), ("2026-04", "2026-06", "2026-07")):
        stack = read_stack(*(printed(cast.pairing, month)[1] for month in months), by=cast.county)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(to("stack", stack)).status_code == 200
        assert len(asked) == 7


def test_progress_is_a_part_that_gives_way_to_the_outcome(signed_in, cast):
    stack = make_stack(*printed(cast.pairing), by=cast.mentee)
    client, part = signed_in(cast.mentee), {"HX-Request": "true"}
    assert 'id="progress"' in client.get(to("stack", stack), headers=part).text
    type(stack).objects.filter(pk=stack.pk).update(state="done", ended_at=timezone.now())
    assert client.get(to("stack", stack), headers=part)["HX-Refresh"] == "true"


def test_a_picture_is_served_without_being_run_or_kept(signed_in, cast):
    page = make_placed(pairing=cast.pairing, by=cast.mentee)
    for size in ("small", "full"):
        response = signed_in(cast.mentor).get(to("picture", page, size))
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        assert "sandbox" in response["Content-Security-Policy"]


def test_what_waits_is_its_uploader_s_alone(signed_in, cast):
    page = make_waiting(by=cast.mentee)
    stack = page.stack
    assert signed_in(cast.mentee).get(to("page", page)).status_code == 200
    for user in (cast.county, cast.mentor, cast.other_county, cast.viewer):
        client = signed_in(user)
        for address in (to("page", page), to("assign", page), to("picture", page, "full")):
            assert client.get(address).status_code == 404
        assert client.get(to("stack", stack)).status_code == 404
        assert client.post(to("discard", page)).status_code == 404
        assert str(page.pk) not in client.get(reverse("papers:list")).text
    page.refresh_from_db()
    assert page.state == State.WAITING


def test_by_hand_a_page_goes_to_the_pair_and_month_that_are_chosen(signed_in, cast):
    page = make_waiting(by=cast.mentee)
    client = signed_in(cast.mentee)
    assert "马徒弟" in client.get(to("assign", page)).text
    given = {"pairing": cast.pairing.pk, "month": "2026.05"}
    response = client.post(to("assign", page), given)
    assert (response.status_code, response["Location"]) == (302, reverse("papers:list"))
    page.refresh_from_db()
    assert (page.state, page.pairing, page.month, page.page_no) == (
        State.PLACED, cast.pairing, "2026-05", 0,
    )  # fmt: skip
    assert PaperEvent.objects.get(verb="assign").actor == cast.mentee
    assert client.post(to("assign", page), given).status_code == 409
    assert client.post(to("discard", page)).status_code == 409


def test_by_hand_the_typed_code_says_all(signed_in, cast):
    page = make_waiting(by=cast.mentee)
    code = codes.spaced(codes.text_of(Code(cast.pairing.pk, MONTH, 2))).lower()
    signed_in(cast.mentee).post(to("assign", page), {"code": code})
    page.refresh_from_db()
    assert (page.pairing, page.month, page.page_no) == (cast.pairing, MONTH, 2)


def test_a_pair_out_of_scope_is_no_choice_by_search_by_id_or_by_code(signed_in, cast, foreign):
    page = make_waiting(by=cast.county)
    client, address = signed_in(cast.county), to("assign", page)
    assert "王徒弟" not in client.get(address, {"q": "王"}).text
    code = codes.text_of(Code(foreign.pk, MONTH, 1))
    unknown = codes.text_of(Code(page.pk, MONTH, 1))
    said = []
    for given in (
        {"pairing": foreign.pk, "month": MONTH},
        {"pairing": page.pk, "month": MONTH},
        {"code": code},
        {"code": unknown},
    ):
        response = client.post(address, given)
        assert response.status_code == 422
        assert "王徒弟" not in response.text
        said.append(response.text.count("invalid-feedback"))
    assert (said[0], said[2]) == (said[1], said[3])
    page.refresh_from_db()
    assert page.state == State.WAITING


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"month": "2026.05"},
        {"code": "7" * 47},
        {"month": "2026.02", "pairing": "ours"},
        {"month": "2999.01", "pairing": "ours"},
        {"month": "五月", "pairing": "ours"},
    ],
)
def test_what_is_missing_or_cannot_be_is_said_and_nothing_is_lost(signed_in, cast, given):
    page = make_waiting(by=cast.mentee)
    if "pairing" in given:
        given = {**given, "pairing": cast.pairing.pk}
    response = signed_in(cast.mentee).post(to("assign", page), given)
    assert response.status_code == 422
    assert "invalid-feedback" in response.text
    for value in given.values():
        assert str(value) in response.text


def test_the_same_page_twice_by_hand_is_refused(signed_in, cast):
    placed = make_placed(pairing=cast.pairing, by=cast.mentee)
    page = make_waiting(by=cast.mentee)
    PaperPage.objects.filter(pk=page.pk).update(digest=placed.digest)
    given = {"pairing": cast.pairing.pk, "month": "2026.05"}
    assert signed_in(cast.mentee).post(to("assign", page), given).status_code == 422
    page.refresh_from_db()
    assert (page.state, page.pairing) == (State.WAITING, None)


def test_a_discarded_page_leaves_no_picture(signed_in, cast, django_capture_on_commit_callbacks):
    page = make_waiting(by=cast.mentee)
    name = page.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert signed_in(cast.mentee).post(to("discard", page)).status_code == 302
    page.refresh_from_db()
    assert (page.state, page.file.name, default_storage.exists(name)) == ("discarded", "", False)


def test_who_handed_in_takes_back_within_a_day_and_the_office_later_with_a_reason(
    signed_in, cast, django_capture_on_commit_callbacks
):
    page = make_placed(pairing=cast.pairing, by=cast.mentee)
    name = page.file.name
    assert signed_in(cast.mentor).post(to("withdraw", page)).status_code == 403
    assert signed_in(cast.viewer).post(to("withdraw", page)).status_code == 403
    PaperPage.objects.update(uploaded_at=timezone.now() - dt.timedelta(hours=25))
    assert signed_in(cast.mentee).post(to("withdraw", page)).status_code == 403
    office = signed_in(cast.township)
    assert office.post(to("withdraw", page), {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(to("withdraw", page), {"reason": "传错了人"}).status_code == 302
    page.refresh_from_db()
    assert (page.state, page.file.name, default_storage.exists(name)) == ("withdrawn", "", False)
    event = PaperEvent.objects.get()
    assert (event.verb, event.actor, event.reason) == ("withdraw", cast.township, "传错了人")
    assert office.get(to("page", page)).status_code == 404
    fresh = make_placed(pairing=cast.pairing, by=cast.mentee)
    assert signed_in(cast.mentee).post(to("withdraw", fresh)).status_code == 302


def test_a_page_leads_to_the_forms_of_records_and_makes_none_itself(signed_in, cast):
    stack = read_stack(*printed(cast.pairing), blank(), by=cast.mentee)
    page = stack.pages.get(position=1)
    text = signed_in(cast.mentee).get(to("page", page)).text
    for name in ("visit_create", "session_create"):
        address = reverse(f"activities:{name}", args=[cast.pairing.pk])
        assert f'href="{address}?month={MONTH}"' in text
    assert "session_create" not in signed_in(cast.viewer).get(to("page", page)).text
    assert (Session.objects.count(), Visit.objects.count()) == (0, 0)


def test_versions_of_a_page_stand_beside_it(signed_in, cast):
    first = printed(cast.pairing)[0]
    written = first.copy()
    written.paste("black", (200, 900, 500, 905))
    stack = read_stack(first, written, by=cast.mentee)
    old, new = stack.pages.order_by("position")
    text = signed_in(cast.mentor).get(to("page", old)).text
    assert to("page", new) in text


def test_another_county_s_canary_is_nowhere(signed_in, cast, foreign):
    """A stack with a page of the other county's pair tells the uploader nothing of it."""
    stack = read_stack(printed(foreign)[0], *printed(cast.pairing), by=cast.county)
    client = signed_in(cast.county)
    for address in (to("stack", stack), reverse("papers:list"), to("panel", cast.pairing)):
        text = client.get(address).text
        assert "王徒弟" not in text
        assert "曹师傅" not in text
        assert str(foreign.pk) not in text
    assert client.get(to("panel", foreign)).status_code == 404
    assert client.get(to("print_month", foreign)).status_code == 404


def test_months_to_come_cannot_be_assigned(signed_in, cast):
    page = make_waiting(by=cast.mentee)
    ahead = shift(month_of(timezone.localdate()), 1)
    given = {"pairing": cast.pairing.pk, "month": ahead}
    assert signed_in(cast.mentee).post(to("assign", page), given).status_code == 422
