"""Each method's short form: what it asks, keeps, masks, and brings along."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from activities import coverage
from activities.methods import SHORT_FORMS, Method, also_called
from activities.models import Assignment, LookBack, Session
from tests.activities.making import make_assignment, make_session, make_visit
from tests.factories import make_cadre, make_mentor, make_pairing

DAY = dt.timedelta(days=1)


@pytest.fixture
def address(cast):
    return reverse("activities:session_create", args=[cast.pairing.pk])


def form(method, **changes):
    return {"method": method, "topic": "防汛值守", "happened_on": "2026-06-01", **changes}


@pytest.mark.parametrize("method", [method for method in Method if SHORT_FORMS[method].parts])
def test_a_short_form_is_kept_masked_and_read(cast, signed_in, address, method):
    parts = SHORT_FORMS[method].parts
    given = {f"part_{part.name}": f"{part.name} 电话13812345678" for part in parts}
    response = signed_in(cast.mentor).post(address, form(method, **given))
    session = Session.objects.get()
    assert session.details == {part.name: f"{part.name} 电话138******78" for part in parts}
    page = signed_in(cast.mentee).get(response.url).text
    assert [part.name for part in parts if f"{part.name} 电话138******78" not in page] == []
    assert "13812345678" not in page


def test_every_part_may_stay_empty_and_old_sessions_are_read(cast, signed_in, address):
    for method in Method:
        assert signed_in(cast.mentor).post(address, form(method)).status_code == 302
    assert [row.details for row in Session.objects.all()] == [{}] * 6
    old = make_session(pairing=cast.pairing)
    assert (
        signed_in(cast.mentee).get(reverse("activities:session_detail", args=[old.pk])).status_code
        == 200
    )


def test_a_part_that_is_too_long_loses_nothing(cast, signed_in, address):
    given = form("on_site", part_place="远" * 101, part_shown="怎么量水位")
    response = signed_in(cast.mentor).post(address, given)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"part_place"}
    assert ("远" * 101 in response.text, "怎么量水位" in response.text) == (True, True)
    assert Session.objects.count() == 0


def test_changing_the_method_keeps_what_was_typed(cast, signed_in, address):
    client = signed_in(cast.mentor)
    typed = form("scenario", part_shown="怎么量水位", content="先看后讲", step="method", topic="")
    for headers in ({}, {"HX-Request": "true"}):
        response = client.post(address, typed, headers=headers)
        assert response.status_code == 200
        assert ("怎么量水位" in response.text, 'name="part_roles"' in response.text) == (True, True)
        assert ("先看后讲" in response.text) == (not headers)
        assert ("<html" in response.text) == (not headers)
    assert Session.objects.count() == 0


def test_details_that_a_method_does_not_have_are_refused(cast):
    with pytest.raises(ValueError, match="gap"):
        make_session(pairing=cast.pairing, method="case", details={"gap": "x"})


def test_an_assignment_is_set_with_its_session_once(cast, signed_in, address):
    due = timezone.localdate() + 7 * DAY
    key = "0b0a3b1e-8f3c-4b0e-9a55-0d6a4c1f2e11"
    for _ in range(2):
        signed_in(cast.mentor).post(
            address, form("assignment", due_on=f"{due}", content="三页", client_key=key)
        )
    task = Assignment.objects.get()
    assert (task.title, task.body, task.due_on, task.state) == ("防汛值守", "三页", due, "set")
    assert Session.objects.get().assignment == task


def test_a_mentee_sets_no_assignment_and_a_past_due_date_is_refused(cast, signed_in, address):
    late = form("assignment", due_on=f"{timezone.localdate() - DAY}")
    response = signed_in(cast.mentor).post(address, late)
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"due_on"})
    assert signed_in(cast.mentee).post(address, late).status_code == 302
    assert (Assignment.objects.count(), Session.objects.count()) == (0, 1)


def values(*rows):
    return [f"{type(row).__name__.lower()}:{row.pk}" for row in rows]


def test_a_review_looks_back_on_records_of_the_own_pair_alone(cast, tree, signed_in, address):
    mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="曹邻县"))
    other = make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.yuyue, name="王邻县"))
    foreign = make_visit(pairing=other, place_text="邻县水库")
    visit = make_visit(pairing=cast.pairing, place_text="本乡水库")
    task = make_assignment(pairing=cast.pairing)
    earlier = make_session(pairing=cast.pairing)
    client = signed_in(cast.mentor)
    page = client.get(address, {"method": "review"}).text
    assert ("本乡水库" in page, "邻县水库" in page) == (True, False)
    given = form("review", earlier=[*values(visit, task, earlier, foreign), "visit:x", "what"])
    shown = client.get(client.post(address, given).url)
    assert LookBack.objects.filter(visit=foreign).count() == 0
    assert {row.pk for row in shown.context["looked_back_on"]} == {visit.pk, task.pk, earlier.pk}


def test_earlier_records_are_searched_and_turned_over_with_ticks_kept(cast, signed_in, address):
    rows = [make_visit(pairing=cast.pairing, place_text=f"第{number:02}处") for number in range(12)]
    given = form("review", earlier=values(rows[0]), find="第1", step="0")
    page = signed_in(cast.mentor).post(address, given).text
    assert [f"第{n:02}处" in page for n in (0, 10, 11, 5)] == [True, True, True, False]
    page = signed_in(cast.mentor).post(address, form("review", step="1")).context["form"].picker
    assert ([row.pk for row in page["rows"]], page["next"]) == ([rows[1].pk, rows[0].pk], None)


def test_a_look_back_names_exactly_one_record(cast):
    session, visit = make_session(pairing=cast.pairing), make_visit(pairing=cast.pairing)
    for wrong in ({}, {"visit": visit, "earlier": make_session(pairing=cast.pairing)}):
        with pytest.raises(IntegrityError, match="look_back_on_one_record"), transaction.atomic():
            LookBack.objects.create(session=session, **wrong)
    with pytest.raises(IntegrityError, match="look_back_not_on_itself"), transaction.atomic():
        LookBack.objects.create(session=session, earlier=session)


def test_a_pair_is_told_of_a_method_unused_for_half_a_year(cast):
    today = timezone.localdate()
    assert coverage.of_pair(cast.pairing, today).suggestion is None
    for method in coverage.SUGGESTED[1:]:
        make_session(pairing=cast.pairing, method=method, happened_on=today)
    make_session(pairing=cast.pairing, method="on_site", happened_on=today - 183 * DAY)
    found = coverage.of_pair(cast.pairing, today)
    assert found.suggestion == Method.ON_SITE
    assert [row.times for row in found.used] == [1] * 6
    make_session(pairing=cast.pairing, method="on_site", happened_on=today - 182 * DAY)
    assert coverage.of_pair(cast.pairing, today).suggestion is None


def test_other_words_mean_one_method():
    assert (also_called()["案例分析"], also_called()["回头看"]) == (Method.CASE, Method.REVIEW)
