from __future__ import annotations

import datetime as dt

import pytest

from activities.models import Visit
from pairings.models import Pairing, PairingEvent, Policy
from pairings.reversing import reverse
from pairings.states import State
from reminders.matters import with_quiet_since
from reminders.models import Reminder
from reminders.sweeping import sweep
from tests.reminders.made import TODAY, at, days, make_session, told

MARCH = dt.date(2026, 3, 1)  # the cast's pair began


def everybody(cast, period):
    return {(name, cast.pairing.pk, str(period)) for name in ("shifu", "tudi", "shangshu")}


def test_a_silent_pair_is_told_to_both_and_to_the_nearest_office(cast):
    sweep(at())
    assert told("silent") == everybody(cast, MARCH)


@pytest.mark.parametrize(("ago", "is_told"), [(60, False), (61, True)])
def test_sixty_days_of_silence_are_allowed(cast, ago, is_told):
    make_session(pairing=cast.pairing, on=days(-ago))
    sweep(at())
    assert told("silent") == (everybody(cast, days(-ago)) if is_told else set())


def test_no_rhythm_is_asked_of_a_pair_without_an_agreed_term(cast):
    Pairing.objects.filter(pk=cast.pairing.pk).update(to_on=None)
    sweep(at())
    assert told("silent") == set()


def test_a_visit_ends_the_silence_and_the_next_silence_is_another(cast):
    sweep(at())
    Visit.objects.create(
        pairing=cast.pairing, happened_on=TODAY, place_text="刘家塘村", visited="household"
    )
    sweep(at(hour=11))
    assert told("silent", only_open=True) == set()
    sweep(at(days(61)))
    assert told("silent", only_open=True) == everybody(cast, TODAY)


def test_the_days_before_approval_or_suspension_do_not_count(cast):
    for verb, ago in (("approve", 90), ("resume", 59)):
        PairingEvent.objects.create(
            pairing=cast.pairing, verb=verb, to_state=State.ACTIVE, on=days(-ago)
        )
    sweep(at())
    assert told("silent") == set()
    sweep(at(days(2)))
    assert told("silent") == everybody(cast, days(-59))


@pytest.mark.parametrize("state", [State.SUSPENDED, State.PROPOSED, State.AGREED])
def test_a_pair_that_cannot_work_is_not_called_silent(cast, state):
    type(cast.pairing).objects.update(state=state)
    sweep(at())
    assert told("silent") == set()


def test_the_policy_of_the_pair_says_how_long(cast, tree):
    own = Policy.objects.create(unit=tree.anji, from_on=MARCH, basis="示例", silence_days=400)
    type(cast.pairing).objects.update(policy=own)
    sweep(at())
    assert told("silent") == set()


@pytest.mark.parametrize(("ahead", "is_told"), [(31, False), (30, True), (0, True), (-9, True)])
def test_a_term_that_ends_within_thirty_days_or_has_ended(busy, ahead, is_told):
    type(busy.pairing).objects.update(to_on=days(ahead))
    sweep(at())
    assert told("expiring") == (everybody(busy, days(ahead)) if is_told else set())


def test_an_extension_closes_the_reminder_of_the_old_term(busy):
    type(busy.pairing).objects.update(to_on=days(10))
    sweep(at())
    busy.pairing.refresh_from_db()
    busy.pairing.move("extend", by=busy.county, to_on=days(200), reason="继续帮带")
    assert sweep(at(hour=11)).closed == 3
    assert told("expiring", only_open=True) == set()


@pytest.mark.parametrize("state", [State.COMPLETED, State.TERMINATED])
def test_an_ended_pair_is_at_rest(cast, state):
    type(cast.pairing).objects.update(state=state, ended_on=TODAY, to_on=days(5))
    sweep(at())
    assert told("expiring") | told("silent") == set()


def test_a_suspension_is_told_to_the_office_alone_when_it_is_planned_to_end(cast):
    Pairing.objects.update(state=State.SUSPENDED, resumes_on=days(0))
    sweep(at(days(-1)))
    assert told("resume_due") == set()
    sweep(at())
    key = ("shangshu", cast.pairing.pk, str(days(0)))
    assert told("resume_due") == {key}
    sweep(at(days(1)))
    assert told("resume_due", only_open=True) == {key}
    [reminder] = Reminder.objects.filter(rule="resume_due")
    assert reminder.sentence == (
        "褚师傅与马徒弟的结对计划于2026年11月23日恢复，暂停已到期，请办理恢复或终止。"
    )
    Pairing.objects.update(state=State.ACTIVE, resumes_on=None)
    sweep(at(days(1), hour=11))
    assert told("resume_due", only_open=True) == set()


def test_a_suspension_without_a_planned_day_is_told_to_nobody(cast):
    Pairing.objects.update(state=State.SUSPENDED)
    sweep(at())
    assert told("resume_due") == set()


def test_a_pair_that_needs_no_approval_is_not_silent_before_its_last_confirmation(cast):
    Pairing.objects.update(state=State.MENTOR_AGREED, needs_approval=False)
    event = Pairing.objects.for_detail().get().move("confirm_mentee", by=cast.mentee)
    PairingEvent.objects.filter(pk=event.pk).update(on=days(-59))
    sweep(at())
    assert told("silent") == set()


def test_a_resumption_that_was_taken_back_ends_no_silence(cast):
    pairing = Pairing.objects.for_detail().get()
    pairing.move("suspend", by=cast.county, reason="借调")
    event = pairing.move("resume", by=cast.county)
    reverse(pairing, event=event.pk, by=cast.county, reason="点错了")
    first = with_quiet_since(Pairing.objects.all()).get().quiet_since
    assert first == MARCH
