"""The end of an appointment is told to the nearest office, once, until something is decided."""

from __future__ import annotations

import datetime as dt

import pytest

from mentors.models import Mentor, MentorPolicy
from reminders.appointments import ends_of_appointments
from reminders.matters import Standing
from reminders.models import Outbox, Reminder, Rule
from reminders.sweeping import sweep
from tests.factories import make_cadre, make_mentor, make_user
from tests.reminders.made import at, days, told

RULE = Rule.APPOINTMENT_ENDS


@pytest.fixture
def ending(busy, tree):
    """The cast's mentor, appointed by 上墅乡, whose term ends in 60 days (the usual notice)."""
    Mentor.objects.filter(pk=busy.mentor_row.pk).update(term_to_on=days(60))
    return busy


def test_the_nearest_office_is_told_once_with_the_day_and_by_its_digest(ending):
    for _twice in range(2):
        sweep(at())
    mentor = ending.mentor_row
    assert told(RULE) == {("shangshu", mentor.pk, str(days(60)))}
    reminder = Reminder.objects.get(rule=RULE)
    assert reminder.sentence == "褚师傅的导师聘期至2027年1月22日，请续聘或办理退出。"
    assert reminder.path == f"/mentors/{mentor.pk}/"
    assert reminder.digest == Outbox.objects.get(user=ending.township)


def test_before_the_notice_of_the_rule_nothing_is_said(ending, tree):
    Mentor.objects.filter(pk=ending.mentor_row.pk).update(term_to_on=days(61))
    sweep(at())
    assert told(RULE) == set()
    MentorPolicy.objects.create(
        unit=tree.anji, from_on=days(-9), basis="安组〔2026〕1号", expiring_days=90
    )
    later = MentorPolicy(unit=tree.shangshu, from_on=days(1), basis="明日起", expiring_days=5)
    later.save()
    sweep(at())
    assert {name for name, *_ in told(RULE)} == {"shangshu"}


def test_neither_an_ended_nor_an_endless_appointment_nor_the_mentor_is_told(ending, tree):
    """An office without a coordinator of its own is passed over; nobody keeps their own."""
    Mentor.objects.filter(pk=ending.mentor_row.pk).update(term_to_on=None)
    gone = make_mentor(cadre=make_cadre(unit=tree.dipu), term_to_on=days(-3), to_on=days(-1))
    own = make_mentor(cadre=make_cadre(unit=tree.dipu, user=ending.sibling), term_to_on=days(-3))
    sweep(at())
    assert told(RULE) == {("anji", own.pk, str(days(-3)))}
    assert gone.pk not in {pk for _name, pk, _day in told(RULE)}


def test_it_is_settled_when_the_term_is_renewed_or_the_charge_is_lost(ending, tree):
    sweep(at())
    Mentor.objects.filter(pk=ending.mentor_row.pk).update(term_to_on=days(400))
    sweep(at())
    assert told(RULE, only_open=True) == set()
    Mentor.objects.filter(pk=ending.mentor_row.pk).update(term_to_on=days(30))
    sweep(at())
    assert len(told(RULE, only_open=True)) == 1
    ending.township.grants.update(to_on=days(-1))
    sweep(at())
    assert told(RULE, only_open=True) == {("anji", ending.mentor_row.pk, str(days(30)))}


def test_the_desk_names_it_to_the_office_and_to_nobody_else(ending, signed_in):
    sweep(at())
    said = "褚师傅的导师聘期至"
    assert said in signed_in(ending.township).get("/").text
    for user in (ending.county, ending.sibling, ending.mentor, ending.mentee):
        assert said not in signed_in(user).get("/").text


def test_as_many_queries_for_three_as_for_one(ending, tree, django_assert_num_queries):
    standing = Standing.on(dt.date(2026, 11, 23))
    for _more in range(3):
        with django_assert_num_queries(2):
            assert list(ends_of_appointments(standing))
        make_mentor(cadre=make_cadre(unit=tree.dipu, user=make_user()), term_to_on=days(5))
