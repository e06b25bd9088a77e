"""The state of a pair on a past day, read from its events."""

from __future__ import annotations

import datetime as dt

from pairings.models import Pairing, PairingEvent
from pairings.states import State
from tests.factories import make_cadre, make_pairing

D = dt.date


def states(pairing, *days):
    rows = Pairing.objects.filter(pk=pairing.pk)
    return [rows.with_state_on(day).get().state_on for day in days]


def event(pairing, verb, to_state, on):
    return PairingEvent.objects.create(pairing=pairing, verb=verb, to_state=to_state, on=on)


def test_a_past_day_has_the_state_of_its_last_event(cast, tree):
    pairing = cast.pairing  # active since 2026-03-01
    event(pairing, "suspend", State.SUSPENDED, D(2026, 5, 1))
    event(pairing, "resume", State.ACTIVE, D(2026, 6, 1))
    event(pairing, "complete", State.COMPLETED, D(2026, 9, 1))
    # Another pair's events are no answer to the question about this one.
    other = make_pairing(mentor=cast.mentor_row, mentee=make_cadre(unit=tree.shangshu))
    event(other, "terminate", State.TERMINATED, D(2026, 4, 1))
    assert states(
        pairing,
        D(2026, 2, 28),
        D(2026, 3, 1),
        D(2026, 4, 30),
        D(2026, 5, 1),
        D(2026, 6, 1),
        D(2026, 8, 31),
        D(2026, 9, 1),
    ) == [None, "active", "active", "suspended", "active", "active", "completed"]


def test_of_two_events_on_one_day_the_later_one_counts(cast):
    event(cast.pairing, "suspend", State.SUSPENDED, D(2026, 5, 1))
    event(cast.pairing, "resume", State.ACTIVE, D(2026, 5, 1))
    assert states(cast.pairing, D(2026, 5, 1)) == ["active"]


def test_an_event_entered_later_overrules_the_days_it_reaches_back_over(cast):
    event(cast.pairing, "suspend", State.SUSPENDED, D(2026, 5, 1))
    event(cast.pairing, "terminate", State.TERMINATED, D(2026, 4, 10))
    assert states(cast.pairing, D(2026, 4, 9), D(2026, 4, 10), D(2026, 5, 2)) == [
        "active",
        "terminated",
        "terminated",
    ]
