"""States × verbs × roles of a planned meeting."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from calendars import arranging
from calendars.models import MeetingEvent, PlannedMeeting, StaleMove
from calendars.states import MOVES, State
from pairings.models import Pairing
from tests.calendars.made import again, make_in_state, make_meeting, move, reread, today

GIVEN = {
    "hold": {},
    "put_off": {"day": today() + dt.timedelta(days=3)},
    "cancel": {"reason": "下乡抗台"},
    "reopen": {},
}
OPEN = {
    "planned": {"hold": "held", "put_off": "planned", "cancel": "cancelled"},
    "held": {"reopen": "planned"},
    "cancelled": {"reopen": "planned"},
}
ACTORS = {"mentor", "mentee", "county", "township"}
ROLES = sorted(ACTORS | {"other_county", "sibling", "viewer", "sysadmin", "auditor", "stranger"})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", sorted(State))
def test_every_verb_from_every_state_by_every_role(cast, state, role):
    for verb in MOVES:
        row = make_in_state(cast, state)
        events = row.events.count()
        expected = OPEN[state].get(verb) if role in ACTORS else None
        if expected is None:
            with pytest.raises(StaleMove):
                move(row, verb, by=getattr(cast, role), **GIVEN[verb])
            assert (reread(row).state, row.events.count()) == (state, events)
            continue
        move(row, verb, by=getattr(cast, role), **GIVEN[verb])
        after = reread(row)
        event = row.events.last()
        assert (after.state, after.revision) == (expected, row.revision + 1)
        assert (event.from_state, event.to_state, event.is_on_behalf) == (
            state, expected, role in {"county", "township"},
        )  # fmt: skip


def test_what_lies_ahead_has_not_taken_place(cast):
    row = make_meeting(cast, day=today() + dt.timedelta(days=1))
    assert row.moves_for(again(cast.mentor), today()) == ["put_off", "cancel"]
    with pytest.raises(StaleMove):
        move(row, "hold", by=cast.mentor)


def test_another_day_is_told_by_its_event(cast):
    row = make_meeting(cast)
    later = today() + dt.timedelta(days=9)
    move(row, "put_off", by=cast.mentee, day=later, time=dt.time(14, 30), reason="镇里开会")
    after, event = reread(row), row.events.last()
    assert (after.day, after.time) == (later, dt.time(14, 30))
    assert (event.old_day, event.new_day, event.reason) == (today(), later, "镇里开会")


def test_a_pair_that_rests_takes_no_meeting(cast):
    row = make_meeting(cast)
    Pairing.objects.filter(pk=cast.pairing.pk).update(state="suspended")
    with pytest.raises(StaleMove):
        move(row, "cancel", by=cast.mentor, reason="停")
    with pytest.raises(StaleMove):
        make_meeting(cast)
    assert (PlannedMeeting.objects.count(), MeetingEvent.objects.count()) == (1, 1)


def test_a_form_sent_twice_has_one_result(cast):
    key, row = uuid.uuid4(), make_meeting(cast)
    for _time in range(2):
        move(row, "cancel", by=cast.mentor, key=key, seen=0, reason="下乡")
    assert (reread(row).revision, row.events.count()) == (1, 2)
    for _time in range(2):
        new = PlannedMeeting(pairing=cast.pairing, day=today(), topic="再议")
        arranging.plan(new, by=again(cast.mentee), key=key)
    assert PlannedMeeting.objects.filter(topic="再议").count() == 1


def test_who_read_an_older_day_changes_nothing(cast):
    row = make_meeting(cast)
    move(row, "put_off", by=cast.mentor, day=today())
    with pytest.raises(StaleMove):
        move(row, "cancel", by=cast.mentee, seen=0, reason="没看到改期")
    assert reread(row).state == State.PLANNED


def test_numbers_of_people_are_masked(cast):
    row = make_meeting(cast, topic="问13857212345", place_text="老王 13857212345 家")
    move(row, "cancel", by=cast.mentor, reason="打 13857212345 不通")
    row = reread(row)
    told = [row.topic, row.place_text, row.reason, row.events.last().reason]
    assert [("13857212345" in text, "138******45" in text) for text in told] == [(False, True)] * 4


def test_the_database_asks_why_a_meeting_was_called_off(cast):
    row = make_meeting(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedMeeting.objects.filter(pk=row.pk).update(state="cancelled")
