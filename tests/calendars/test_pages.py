"""Months of a pair and of a person, and the pages of one meeting."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from calendars.models import PlannedMeeting
from core.months import month_of, shift
from pairings.models import Pairing
from tests.activities.making import make_assignment
from tests.calendars.made import make_in_state, make_meeting, reread, today
from tests.factories import make_cadre, make_mentor, make_pairing


def shown(response):
    page = response.context["page"]
    return [(entry.kind, entry.title) for day in page.days for entry in day.entries]


def test_a_month_shows_what_is_planned_and_due(cast, signed_in):
    make_meeting(cast)
    make_assignment(pairing=cast.pairing, title="村情报告", due_on=today())
    Pairing.objects.filter(pk=cast.pairing.pk).update(to_on=today())
    expected = [("due", "村情报告"), ("meeting", "走访农户前碰头"), ("term", "")]
    of_pair = reverse("calendars:pair", args=[cast.pairing.pk])
    for user in (cast.mentor, cast.mentee):
        assert shown(signed_in(user).get(reverse("calendars:month"))) == expected
        assert shown(signed_in(user).get(of_pair)) == expected
    # Who reads the pair's file reads its calendar; there is no page of everybody's.
    assert shown(signed_in(cast.viewer).get(of_pair)) == expected
    assert shown(signed_in(cast.county).get(reverse("calendars:month"))) == []


def test_other_peoples_pairs_stand_in_no_calendar_of_mine(cast, tree, signed_in):
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="邻师"))
    other = make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.shangshu, name="邻徒"))
    make_meeting(cast, pairing=other, by=cast.county, topic="邻居的事")
    page = signed_in(cast.mentor).get(reverse("calendars:month"))
    assert (shown(page), "邻" in page.text) == ([], False)
    assert signed_in(cast.mentor).get(reverse("calendars:pair", args=[other.pk])).status_code == 404


def test_the_months_before_and_after_are_links(cast, signed_in):
    this = month_of(today())
    page = signed_in(cast.mentor).get(reverse("calendars:month") + f"?month={shift(this, 1)}")
    assert [f'href="?month={month}"' in page.text for month in (this, shift(this, 2))] == [True] * 2
    assert shown(page) == []
    for nonsense in ("2026-13", "x", "9999-99"):
        page = signed_in(cast.mentor).get(reverse("calendars:month") + f"?month={nonsense}")
        assert page.context["page"].month == this


@pytest.mark.parametrize("rows", [1, 3])
def test_a_month_costs_the_same_however_much_stands_in_it(
    cast, rows, signed_in, django_assert_num_queries
):
    for _row in range(rows):
        make_meeting(cast)
        make_assignment(pairing=cast.pairing, due_on=today())
    client = signed_in(cast.mentor)
    client.get(reverse("calendars:month"))
    with django_assert_num_queries(8):
        assert len(shown(client.get(reverse("calendars:month")))) == 2 * rows


def form(**changes):
    given = {"day": today().isoformat(), "topic": "商量村情报告", "client_key": uuid.uuid4()}
    return {**given, **changes}


@pytest.mark.parametrize(("role", "is_on_behalf"), [("mentor", False), ("township", True)])
def test_a_meeting_is_planned_by_either_side_or_the_office(cast, signed_in, role, is_on_behalf):
    address = reverse("calendars:create", args=[cast.pairing.pk])
    sent = form(time="09:30", method="on_site")
    for _time in range(2):
        answer = signed_in(getattr(cast, role)).post(address, sent)
        assert answer.status_code == 302
    row = PlannedMeeting.objects.get()
    told = (row.time, row.method, row.is_on_behalf, row.county)
    assert told == (dt.time(9, 30), "on_site", is_on_behalf, cast.pairing.county)


def test_a_bad_form_loses_nothing(cast, signed_in):
    address = reverse("calendars:create", args=[cast.pairing.pk])
    past = (today() - dt.timedelta(days=1)).isoformat()
    answer = signed_in(cast.mentor).post(address, form(day=past))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["day"])
    assert "商量村情报告" in answer.text
    assert PlannedMeeting.objects.count() == 0


def test_who_only_reads_plans_nothing(cast, signed_in):
    row, client = make_meeting(cast), signed_in(cast.viewer)
    assert client.get(reverse("calendars:meeting", args=[row.pk])).status_code == 200
    for address in (
        reverse("calendars:create", args=[cast.pairing.pk]),
        reverse("calendars:move", args=[row.pk, "cancel"]),
    ):
        assert [client.get(address).status_code, client.post(address).status_code] == [403] * 2


def test_held_leads_to_the_record_with_what_was_planned(cast, signed_in):
    row = make_meeting(cast, method="case")
    address = reverse("calendars:move", args=[row.pk, "hold"])
    answer = signed_in(cast.mentee).post(address, {"seen": 0, "client_key": uuid.uuid4()})
    create = reverse("activities:session_create", args=[cast.pairing.pk])
    assert answer.url.split("?")[0] == create
    assert f"day={today()}" in answer.url
    assert signed_in(cast.mentee).get(answer.url).status_code == 200
    assert reread(row).state == "held"


def test_what_moved_on_is_told(cast, signed_in):
    row, client = make_in_state(cast, "cancelled"), signed_in(cast.mentor)
    address = reverse("calendars:move", args=[row.pk, "cancel"])
    sent = {"seen": 1, "reason": "再取消", "client_key": uuid.uuid4()}
    assert [client.get(address).status_code, client.post(address, sent).status_code] == [409] * 2
    assert client.get(reverse("calendars:move", args=[row.pk, "nonsense"])).status_code == 404
    assert client.post(address, {"seen": 1}).status_code == 422


@pytest.mark.parametrize("seen", [-1, 2**31 - 1, 10**30])
def test_a_revision_that_never_was_is_told_as_well(cast, signed_in, seen):
    address = reverse("calendars:move", args=[make_meeting(cast).pk, "cancel"])
    sent = {"seen": seen, "reason": "取消", "client_key": uuid.uuid4()}
    assert signed_in(cast.mentor).post(address, sent).status_code == 409


def test_the_panel_tells_what_is_next(cast, signed_in):
    make_meeting(cast)
    make_in_state(cast, "cancelled", topic="取消了的")
    text = signed_in(cast.mentor).get(reverse("calendars:panel", args=[cast.pairing.pk])).text
    assert ["走访农户前碰头" in text, "取消了的" in text] == [True, False]
