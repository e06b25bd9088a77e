"""The matrix of states, verbs and roles, and what a move leaves behind."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Role
from pairings.models import Pairing, PairingEvent, StaleMove
from pairings.states import MOVES, State
from tests.factories import make_grant

D = dt.date
CONFIRMS = {"confirm_mentor", "confirm_mentee"}
# Which verbs are open in which state to whom; who is not named may do nothing.
ALLOWED: dict[str, dict[str, set[str]]] = {
    "proposed": {
        "office": {"confirm_mentor", "confirm_mentee", "withdraw"},
        "mentor": {"confirm_mentor", "decline"},
        "mentee": {"confirm_mentee", "decline"},
    },
    "mentor_agreed": {
        "office": {"confirm_mentee", "withdraw"},
        "mentor": {"decline"},
        "mentee": {"confirm_mentee", "decline"},
    },
    "mentee_agreed": {
        "office": {"confirm_mentor", "withdraw"},
        "mentor": {"confirm_mentor", "decline"},
        "mentee": {"decline"},
    },
    "agreed": {"office": {"approve", "withdraw"}},
    "active": {"office": {"ceremony", "complete", "extend", "suspend", "terminate"}},
    "suspended": {"office": {"ceremony", "extend", "resume", "terminate"}},
    "completed": {},
    "terminated": {},
    "declined": {},
    "lapsed": {},
    "withdrawn": {},
}
LEADS_TO = {
    ("proposed", "confirm_mentor"): "mentor_agreed",
    ("proposed", "confirm_mentee"): "mentee_agreed",
    ("proposed", "decline"): "declined",
    ("proposed", "withdraw"): "withdrawn",
    ("mentor_agreed", "confirm_mentee"): "agreed",
    ("mentor_agreed", "decline"): "declined",
    ("mentor_agreed", "withdraw"): "withdrawn",
    ("mentee_agreed", "confirm_mentor"): "agreed",
    ("mentee_agreed", "decline"): "declined",
    ("mentee_agreed", "withdraw"): "withdrawn",
    ("agreed", "approve"): "active",
    ("agreed", "withdraw"): "withdrawn",
    ("active", "ceremony"): "active",
    ("active", "complete"): "completed",
    ("active", "extend"): "active",
    ("active", "suspend"): "suspended",
    ("active", "terminate"): "terminated",
    ("suspended", "ceremony"): "suspended",
    ("suspended", "extend"): "suspended",
    ("suspended", "resume"): "active",
    ("suspended", "terminate"): "terminated",
}
ENDS = {"completed", "terminated", "lapsed", "declined", "withdrawn"}
NEW_END = D(2028, 2, 28)


def in_state(pairing, state):
    ended_on = D(2026, 10, 1) if state in ENDS else None
    Pairing.objects.filter(pk=pairing.pk).update(
        state=state, ended_on=ended_on, end_reason="", to_on=D(2027, 2, 28)
    )
    PairingEvent.objects.filter(pairing=pairing).delete()
    return Pairing.objects.for_detail().get(pk=pairing.pk)


def press(pairing, verb, user):
    entered = {
        "reason": "工作调整",
        "cause": "work",
        "document": "无",
        "to_on": NEW_END,
        "ceremony_on": D(2026, 3, 8),
    }
    fields = {name: value for name, value in entered.items() if name in MOVES[verb].asks}
    return pairing.move(verb, by=user, **fields)


def everybody(cast):
    return {
        "office": cast.township,
        "county office": cast.county,
        "mentor": cast.mentor,
        "mentee": cast.mentee,
        "viewer": cast.viewer,
        "other county": cast.other_county,
        "sibling township": cast.sibling,
        "stranger": cast.stranger,
        "system administrator": cast.sysadmin,
    }


@pytest.mark.parametrize("state", State.values)
def test_each_state_opens_these_moves_to_these_people_and_no_others(cast, state):
    for who, user in everybody(cast).items():
        role = "office" if who == "county office" else who
        pairing = in_state(cast.pairing, state)
        assert set(pairing.moves_for(user)) == ALLOWED[state].get(role, set()), who
        for verb in set(MOVES) - ALLOWED[state].get(role, set()):
            with pytest.raises(StaleMove):
                press(pairing, verb, user)
        pairing.refresh_from_db()
        assert (pairing.state, pairing.events.count()) == (state, 0), who


@pytest.mark.parametrize(("state", "verb"), sorted(LEADS_TO))
def test_a_move_leads_to_its_state_and_leaves_one_event(cast, state, verb):
    pressing = [who for who, verbs in ALLOWED[state].items() if verb in verbs]
    assert pressing
    for who in pressing:
        user = everybody(cast)[who]
        pairing = in_state(cast.pairing, state)
        press(pairing, verb, user)
        pairing.refresh_from_db()
        new = LEADS_TO[state, verb]
        event = pairing.events.get()
        assert (pairing.state, event.verb, event.from_state, event.to_state, event.actor) == (
            new, verb, state, new, user,
        )  # fmt: skip
        assert event.is_on_behalf == (who == "office" and verb in CONFIRMS)
        today = timezone.localdate()
        assert pairing.ended_on == (today if new in ENDS else None)
        assert event.on == (D(2026, 3, 1) if verb == "approve" else today)
        extended = (D(2027, 2, 28), NEW_END) if verb == "extend" else (None, None)
        assert (event.old_to_on, event.new_to_on) == extended
        assert pairing.to_on == (NEW_END if verb == "extend" else D(2027, 2, 28))


def test_the_table_knows_every_path_of_the_moves():
    paths = {(str(old), verb): str(new) for verb, m in MOVES.items() for old, new in m.path.items()}
    by_the_clock = {("active", "lapse"): "lapsed", ("suspended", "lapse"): "lapsed"} | {
        (state, "lapse"): "withdrawn"
        for state in ("proposed", "mentor_agreed", "mentee_agreed", "agreed")
    }
    assert paths == LEADS_TO | by_the_clock


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_nobody_approves_or_ends_a_pair_of_their_own_even_as_a_coordinator(cast, tree, side):
    user = {"mentor": cast.mentor, "mentee": cast.mentee}[side]
    make_grant(user=user, role=Role.COORDINATOR, unit=tree.anji)
    opened = {state: set(in_state(cast.pairing, state).moves_for(user)) for state in State.values}
    assert opened == {state: ALLOWED[state].get(side, set()) for state in State.values}


def test_a_move_that_ends_or_stops_a_pair_needs_a_reason(cast):
    for state, verb in [("active", "suspend"), ("active", "terminate"), ("agreed", "withdraw")]:
        pairing = in_state(cast.pairing, state)
        with pytest.raises(ValueError, match="reason"):
            pairing.move(verb, by=cast.township, reason="  ")
        pairing.refresh_from_db()
        assert (pairing.state, pairing.events.count()) == (state, 0)


@pytest.mark.parametrize("to_on", [None, D(2027, 2, 28), D(2027, 2, 27), D(2020, 1, 1)])
def test_an_extension_ends_later_than_the_term(cast, to_on):
    with pytest.raises(ValueError, match="extension"):
        cast.pairing.move("extend", by=cast.township, reason="考核未合格", to_on=to_on)
    assert Pairing.objects.get().to_on == D(2027, 2, 28)


def test_only_an_extension_changes_the_term(cast):
    with pytest.raises(ValueError, match="extension"):
        cast.pairing.move("suspend", by=cast.township, reason="借调", to_on=NEW_END)
    assert Pairing.objects.get().state == State.ACTIVE


def test_a_suspended_pair_is_extended_and_stays_suspended_with_its_dates(cast):
    pairing = in_state(cast.pairing, "suspended")
    pairing.move(
        "extend", by=cast.township, reason="借调一年", document="安组〔2026〕8号", to_on=NEW_END
    )
    event = pairing.events.get()
    assert (pairing.state, event.old_to_on, event.new_to_on, event.document) == (
        "suspended", D(2027, 2, 28), NEW_END, "安组〔2026〕8号",
    )  # fmt: skip


def test_a_pair_without_an_end_of_term_can_be_given_one(cast):
    Pairing.objects.update(to_on=None)
    pairing = Pairing.objects.for_detail().get()
    pairing.move("extend", by=cast.township, reason="补登", to_on=NEW_END)
    assert Pairing.objects.get().to_on == NEW_END


class TestTheDayFromWhichAMoveCounts:
    def test_is_not_in_the_future(self, cast):
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        with pytest.raises(ValueError, match="outside"):
            cast.pairing.move(
                "terminate", by=cast.township, reason="调离", document="无", on=tomorrow
            )

    def test_is_not_before_the_first_day(self, cast):
        with pytest.raises(ValueError, match="outside"):
            cast.pairing.move("complete", by=cast.township, on=D(2026, 2, 28))
        cast.pairing.move("complete", by=cast.township, on=D(2026, 3, 1))
        assert Pairing.objects.get().ended_on == D(2026, 3, 1)

    def test_may_lie_before_the_first_day_when_a_pair_is_called_off_ahead_of_it(self, cast):
        today = timezone.localdate()
        Pairing.objects.update(from_on=today + dt.timedelta(days=9), to_on=D(2030, 1, 1))
        pairing = Pairing.objects.for_detail().get()
        with pytest.raises(ValueError, match="outside"):
            pairing.move("complete", by=cast.township)
        pairing.move("terminate", by=cast.township, reason="调离", document="无")
        pairing.refresh_from_db()
        assert (pairing.state, pairing.ended_on) == ("terminated", today)
        # It never began, so it is no pairing in figures.
        assert list(Pairing.objects.begun_by(today + dt.timedelta(days=30))) == []
