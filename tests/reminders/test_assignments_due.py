from __future__ import annotations

import datetime as dt

import pytest

from pairings.models import Policy
from pairings.states import State
from reminders.models import Reminder
from reminders.sweeping import sweep
from tests.factories import make_cadre, make_pairing
from tests.reminders.made import TODAY, at, days, make_assignment, told


def test_an_assignment_due_in_two_days_is_told_to_the_mentee_alone(busy):
    near = make_assignment(pairing=busy.pairing, due_on=days(2))
    make_assignment(pairing=busy.pairing, due_on=days(3))
    sweep(at())
    assert told("assignment_due") == {("tudi", near.pk, str(days(2)))}
    assert told("assignment_overdue") == set()


def test_an_overdue_assignment_is_told_once_however_long_it_stays(busy):
    late = make_assignment(pairing=busy.pairing, due_on=days(-1))
    for day in range(4):
        sweep(at(days(day)))
    assert told("assignment_overdue") == {("tudi", late.pk, str(days(-1)))}


@pytest.mark.parametrize("state", ["submitted", "accepted", "withdrawn"])
def test_what_is_handed_in_or_withdrawn_is_told_to_nobody(busy, state):
    make_assignment(pairing=busy.pairing, due_on=TODAY, state=state)
    make_assignment(pairing=busy.pairing, due_on=days(-5), state=state)
    sweep(at())
    assert told("assignment_due") | told("assignment_overdue") == set()


def test_a_suspended_pair_owes_nothing(owed):
    type(owed.pairing).objects.update(state=State.SUSPENDED)
    sweep(at())
    assert told("assignment_due") == set()


def test_a_returned_assignment_is_due_again(busy):
    task = make_assignment(pairing=busy.pairing, due_on=TODAY, state="returned")
    sweep(at())
    assert told("assignment_due") == {("tudi", task.pk, str(TODAY))}


def test_who_has_no_sign_in_is_told_nothing(busy, tree):
    mentee = make_cadre(unit=tree.shangshu, name="李无号")
    pairing = make_pairing(mentor=busy.mentor_row, mentee=mentee)
    make_assignment(pairing=pairing, due_on=TODAY)
    sweep(at())
    assert told("assignment_due") == set()


def test_a_closed_account_is_told_nothing(owed):
    owed.mentee.is_active = False
    owed.mentee.save()
    sweep(at())
    assert told("assignment_due") == set()


def test_handing_in_closes_the_reminder_and_a_new_date_opens_another(owed):
    sweep(at())
    task = owed.assignment
    type(task).objects.update(due_on=days(1))
    swept = sweep(at(hour=11))
    assert (swept.made, swept.closed) == (1, 1)
    assert told("assignment_due", only_open=True) == {("tudi", task.pk, str(days(1)))}
    type(task).objects.update(state="submitted")
    assert sweep(at(hour=12)).closed == 1
    assert Reminder.objects.open().count() == 0


def test_due_soon_becomes_overdue_and_the_first_is_closed(owed):
    sweep(at())
    sweep(at(days(1)))
    assert told("assignment_due", only_open=True) == set()
    assert told("assignment_overdue", only_open=True) == {("tudi", owed.assignment.pk, str(TODAY))}


def rule(unit, *, from_on=dt.date(2026, 1, 1), **days_of):
    return Policy.objects.create(
        unit=unit, from_on=from_on, basis="示例规则，未核对原文", **days_of
    )


def test_the_nearest_units_newest_rule_counts_and_the_pairs_own_before_it(busy, tree):
    task = make_assignment(pairing=busy.pairing, due_on=days(5))
    rule(tree.city, due_soon_days=9)
    rule(tree.deqing, due_soon_days=9)
    rule(tree.anji, due_soon_days=9, from_on=dt.date(2025, 1, 1))
    county = rule(tree.anji, due_soon_days=4)
    rule(tree.anji, due_soon_days=9, from_on=days(1))
    sweep(at())
    assert told("assignment_due") == set()
    rule(tree.shangshu, due_soon_days=5)
    type(busy.pairing).objects.update(policy=county)
    sweep(at())
    assert told("assignment_due") == set()
    type(busy.pairing).objects.update(policy=None)
    sweep(at())
    assert told("assignment_due") == {("tudi", task.pk, str(days(5)))}
