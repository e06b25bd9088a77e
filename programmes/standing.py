"""Where a programme stands, as its page shows it: the steps, the counts, the buttons."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from pairings.coverage import is_paired
from programmes.models import Programme
from programmes.participants import mentees_of, mentors_of
from programmes.running import obstacle
from programmes.states import MOVES, State


class Step(NamedTuple):
    label: str | Promise
    is_done: bool
    is_now: bool


# The states in the order of a programme's life; the second is left out without a window.
STEPS: tuple[tuple[State, Promise], ...] = (
    (State.DRAFT, _("Preparation")),
    (State.COLLECTING, _("Wishes")),
    (State.MATCHING, _("List")),
    (State.CHECKED, _("Check")),
    (State.APPROVED, _("Approval")),
    (State.PUBLISHED, _("Publication")),
)


def steps(programme: Programme) -> list[Step]:
    """The steps with the present one; of a programme that was withdrawn none is."""
    shown = [
        (state, label)
        for state, label in STEPS
        if state != State.COLLECTING or programme.wishes_from_on
    ]
    order = [state for state, _label in shown]
    now = order.index(State(programme.state)) if programme.state in order else -1
    is_over = programme.state == State.PUBLISHED
    return [
        Step(label, number < now or (number == now and is_over), number == now)
        for number, (_state, label) in enumerate(shown)
    ]


class Button(NamedTuple):
    verb: str
    label: str | Promise
    obstacle: str  # why a day forbids it; empty when none does
    is_main: bool
    is_weighty: bool


def buttons(programme: Programme, user: User, today: dt.date) -> list[Button]:
    """The verbs open to the user, the main one first; one that must wait says until when."""
    found = [
        Button(
            verb,
            MOVES[verb].label,
            obstacle(programme, verb, today),
            MOVES[verb].is_main,
            MOVES[verb].is_weighty,
        )
        for verb in programme.moves_for(user)
    ]
    return sorted(found, key=lambda button: (not button.is_main, button.is_weighty))


class Counts(NamedTuple):
    mentors: int
    free: int
    mentees: int
    unpaired: int
    planned: int
    wishers: int | None  # of both sides; None to whom wishes are not open


def counts_of(programme: Programme, user: User, today: dt.date) -> Counts:
    """Six queries at most; who only reads is told no number of wishes."""
    mentors, mentees = mentors_of(programme, today), mentees_of(programme, today)
    wishers = None
    if user.governs(programme.unit):
        live = programme.preferences.live()
        wishers = sum(
            live.filter(side=side).values(side).distinct().count() for side in ("mentor", "mentee")
        )
    return Counts(
        mentors=mentors.count(),
        free=mentors.with_places().aggregate(n=Sum("free"))["n"] or 0,
        mentees=mentees.count(),
        unpaired=mentees.filter(~is_paired()).count(),
        planned=programme.planned.count(),
        wishers=wishers,
    )
