from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Role
from pairings.states import State
from reminders.models import Reminder
from reminders.sweeping import sweep
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing, make_user
from tests.reminders.made import told


@pytest.fixture
def proposed(cast):
    """The cast's pair waits for both, since today."""
    type(cast.pairing).objects.update(state=State.PROPOSED)
    cast.pairing.refresh_from_db()
    return cast


def key(cast, username, to):
    return (username, cast.pairing.pk, f"{to}:{timezone.localdate()}")


def test_a_proposed_pair_waits_for_both(proposed):
    sweep()
    assert told("to_confirm") == {key(proposed, "shifu", "mentor"), key(proposed, "tudi", "mentee")}


def test_who_has_confirmed_is_left_alone_and_the_other_is_not_told_twice(proposed):
    sweep()
    proposed.pairing.move("confirm_mentor", by=proposed.mentor)
    sweep()
    assert told("to_confirm", only_open=True) == {key(proposed, "tudi", "mentee")}
    assert Reminder.objects.filter(user=proposed.mentee).count() == 1


def test_an_agreed_pair_waits_for_the_nearest_office(proposed):
    proposed.pairing.move("confirm_mentor", by=proposed.mentor)
    proposed.pairing.move("confirm_mentee", by=proposed.mentee)
    sweep()
    assert told("to_confirm") == {key(proposed, "shangshu", "approve")}
    proposed.pairing.move("approve", by=proposed.county)
    sweep()
    assert told("to_confirm", only_open=True) == set()


def test_the_county_is_told_where_the_township_has_no_coordinator(proposed):
    proposed.township.grants.update(to_on="2021-01-01")
    type(proposed.pairing).objects.update(state=State.AGREED)
    sweep()
    assert told("to_confirm") == {key(proposed, "anji", "approve")}


def test_a_coordinator_is_not_asked_to_approve_a_pair_of_their_own(proposed, tree):
    make_grant(user=proposed.mentee, role=Role.COORDINATOR, unit=tree.shangshu)
    proposed.township.grants.update(to_on="2021-01-01")
    type(proposed.pairing).objects.update(state=State.AGREED)
    sweep()
    assert told("to_confirm") == {key(proposed, "anji", "approve")}


def test_the_office_is_asked_for_an_elder_without_a_sign_in(cast, tree):
    elder = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="王老师傅"))
    mentee_user = make_user(username="xinren")
    mentee = make_cadre(unit=tree.shangshu, name="新人", user=mentee_user)
    pairing = make_pairing(mentor=elder, mentee=mentee, state=State.PROPOSED)
    sweep()
    today = timezone.localdate()
    assert told("to_confirm") == {
        ("xinren", pairing.pk, f"mentee:{today}"),
        ("shangshu", pairing.pk, f"behalf:{today}"),
    }


def test_a_coordinator_whose_grant_ends_sees_the_reminder_no_more(proposed, signed_in):
    type(proposed.pairing).objects.update(state=State.AGREED)
    sweep()
    assert "马徒弟" in signed_in(proposed.township).get("/reminders/").text
    proposed.township.grants.update(to_on="2021-01-01")
    assert "马徒弟" not in signed_in(proposed.township).get("/reminders/").text
    sweep()
    assert told("to_confirm", only_open=True) == {key(proposed, "anji", "approve")}
