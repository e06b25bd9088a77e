"""The whole life of a pairing on one screen."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, Protocol

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    PROPOSED = "proposed", _("waiting for both to confirm")
    MENTOR_AGREED = "mentor_agreed", _("waiting for the mentee to confirm")
    MENTEE_AGREED = "mentee_agreed", _("waiting for the mentor to confirm")
    AGREED = "agreed", _("waiting for approval")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    COMPLETED = "completed", _("graduated")
    TERMINATED = "terminated", _("terminated")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("ended with its term")  # of a substitute alone
    WITHDRAWN = "withdrawn", _("withdrawn")


S = State
WAITING = (S.PROPOSED, S.MENTOR_AGREED, S.MENTEE_AGREED, S.AGREED)
UNCONFIRMED = (S.PROPOSED, S.MENTOR_AGREED, S.MENTEE_AGREED)
RUNNING = (S.ACTIVE, S.SUSPENDED)
OPEN = (*WAITING, *RUNNING)
ENDED = (S.COMPLETED, S.TERMINATED, S.LAPSED, S.DECLINED, S.WITHDRAWN)
# Never came to life: no part of any history but its own.
CALLED_OFF = (S.DECLINED, S.WITHDRAWN)
# What counts as a pairing in figures: it has begun, whatever became of it.
BEGUN = (*RUNNING, S.COMPLETED, S.TERMINATED, S.LAPSED)
# The groups that a list is filtered by, in the order of a pair's life.
GROUPS: dict[str, tuple[str | Promise, tuple[State, ...]]] = {
    "unconfirmed": (_("to be confirmed"), UNCONFIRMED),
    "approval": (_("to be approved"), (S.AGREED,)),
    "active": (_("active"), (S.ACTIVE,)),
    "suspended": (_("suspended"), (S.SUSPENDED,)),
    "ended": (_("ended"), ENDED),
}
# The class of the badge (static/css/app.css).
BADGES: dict[str, str] = {
    **dict.fromkeys(WAITING, "state-waiting"),
    S.ACTIVE: "state-live",
    S.SUSPENDED: "state-paused",
    S.COMPLETED: "state-done",
    S.TERMINATED: "state-bad",
    S.LAPSED: "state-done",
    S.DECLINED: "state-bad",
    S.WITHDRAWN: "state-done",
}


class Role(models.TextChoices):
    """What the mentor of a pair is to the mentee, who may have several."""

    LEAD = "lead", _("lead mentor")
    POLITICAL = "political", _("political mentor")
    WORK = "work", _("work mentor")
    LIFE = "life", _("life mentor")
    SUBSTITUTE = "substitute", _("substitute mentor")


class Cause(models.TextChoices):
    """Why a pair was terminated, in the words of the offices; the list of figures follows it."""

    MENTOR_MOVED = "mentor_moved", _("mentor transferred")
    MENTOR_RETIRED = "mentor_retired", _("mentor retired")
    MENTOR_RESIGNED = "mentor_resigned", _("no longer a mentor")
    MENTEE_MOVED = "mentee_moved", _("mentee transferred")
    MENTEE_PROMOTED = "mentee_promoted", _("mentee promoted to another post")
    MENTEE_LEFT = "mentee_left", _("mentee left service")
    CHANGED = "changed", _("change of mentor")
    AGREED = "agreed", _("by agreement of both")
    WORK = "work", _("needs of the work")
    OTHER = "other", _("another cause")


class Actor(models.TextChoices):
    """In what capacity somebody acts on a pairing."""

    OFFICE = "office", _("office")
    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")


class Steps(Protocol):
    """What says which steps a new pair takes before it is active: a policy, or a programme."""

    @property
    def needs_mentor(self) -> bool: ...
    @property
    def needs_mentee(self) -> bool: ...
    @property
    def needs_approval(self) -> bool: ...


class Move(NamedTuple):
    label: str | Promise
    by: tuple[Actor, ...]
    path: dict[State, State]  # from each state it may start in, to the state it leads to
    asks: tuple[str, ...] = ()  # fields the form asks for besides the optional remark
    offers: tuple[str, ...] = ()  # fields that may stay empty
    is_weighty: bool = False  # ends something: shown apart, never the main button


OFFICE, MENTOR, MENTEE = Actor.OFFICE, Actor.MENTOR, Actor.MENTEE

# Whose answer a state waits for; a state that is not here waits for nobody.
WAITS_FOR: dict[str, tuple[Actor, ...]] = {
    S.PROPOSED: (MENTOR, MENTEE),
    S.MENTOR_AGREED: (MENTEE,),
    S.MENTEE_AGREED: (MENTOR,),
    S.AGREED: (OFFICE,),
}

MOVES: dict[str, Move] = {
    "confirm_mentor": Move(
        _("Confirm as mentor"),
        (MENTOR, OFFICE),
        {S.PROPOSED: S.MENTOR_AGREED, S.MENTEE_AGREED: S.AGREED},
    ),
    "confirm_mentee": Move(
        _("Confirm as mentee"),
        (MENTEE, OFFICE),
        {S.PROPOSED: S.MENTEE_AGREED, S.MENTOR_AGREED: S.AGREED},
    ),
    "approve": Move(_("Approve"), (OFFICE,), {S.AGREED: S.ACTIVE}, offers=("ceremony_on",)),
    "decline": Move(
        _("Decline"),
        (MENTOR, MENTEE),
        dict.fromkeys(UNCONFIRMED, S.DECLINED),
        ("reason",),
        is_weighty=True,
    ),
    "withdraw": Move(
        _("Withdraw"), (OFFICE,), dict.fromkeys(WAITING, S.WITHDRAWN), ("reason",), is_weighty=True
    ),
    "complete": Move(_("Graduate"), (OFFICE,), {S.ACTIVE: S.COMPLETED}, ("on",)),
    "extend": Move(
        _("Extend"), (OFFICE,), {S.ACTIVE: S.ACTIVE, S.SUSPENDED: S.SUSPENDED}, ("to_on", "reason")
    ),
    "suspend": Move(
        _("Suspend"), (OFFICE,), {S.ACTIVE: S.SUSPENDED}, ("on", "reason"), ("resumes_on",)
    ),
    "resume": Move(_("Resume"), (OFFICE,), {S.SUSPENDED: S.ACTIVE}, ("on",)),
    "ceremony": Move(
        _("Enter the ceremony"),
        (OFFICE,),
        {S.ACTIVE: S.ACTIVE, S.SUSPENDED: S.SUSPENDED},
        ("ceremony_on",),
    ),
    "terminate": Move(
        _("Terminate"),
        (OFFICE,),
        dict.fromkeys(RUNNING, S.TERMINATED),
        ("on", "cause", "document"),
        is_weighty=True,
    ),
    # Of a substitute whose last day is over: by the clock, so by nobody (`Pairing.lapse`).
    "lapse": Move(
        _("Ended with its term"),
        (),
        dict.fromkeys(RUNNING, S.LAPSED) | dict.fromkeys(WAITING, S.WITHDRAWN),
    ),
    # The state it leads to is the one before the move that it takes back (pairings.reversing).
    "reverse": Move(_("Take back the last step"), (OFFICE,), {}, ("reason",)),
}


# What is not asked of somebody who stands in: nobody graduates from a substitute.
NOT_OF_A_SUBSTITUTE = ("complete", "ceremony")


def first_state(
    steps: Steps, *, needs_approval: bool | None = None, confirmed: Collection[Actor] = ()
) -> tuple[State, bool]:
    """The state of a new pair, and whether an approval ends its steps; later rules change nothing.

    `needs_approval` overrules the steps, as of a programme approved as a whole; `confirmed` are
    the sides that have said yes already. Without any step it is active from its registration on.
    """
    approval = steps.needs_approval if needs_approval is None else needs_approval
    waiting = {
        (True, True): S.PROPOSED,
        (True, False): S.MENTEE_AGREED,
        (False, True): S.MENTOR_AGREED,
        (False, False): S.AGREED if approval else S.ACTIVE,
    }
    mentor = steps.needs_mentor and MENTOR not in confirmed
    mentee = steps.needs_mentee and MENTEE not in confirmed
    return waiting[mentor, mentee], approval


def leads_to(verb: str, state: State, *, needs_approval: bool) -> State:
    """The state after a verb of MOVES; the last confirmation is all where no approval follows."""
    new = MOVES[verb].path[state]
    return S.ACTIVE if new == S.AGREED and not needs_approval else new
