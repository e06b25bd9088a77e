"""The whole life of a plan and of its steps on one screen."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pairings.states import Actor


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a plan", "being drafted")
    MENTOR_AGREED = "mentor_agreed", pgettext_lazy("state of a plan", "the mentee is to agree")
    MENTEE_AGREED = "mentee_agreed", pgettext_lazy("state of a plan", "the mentor is to agree")
    AGREED = "agreed", pgettext_lazy("state of a plan", "agreed by both")


class StepState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("state of a step", "planned")
    DONE = "done", pgettext_lazy("state of a step", "done")
    MOVED = "moved", pgettext_lazy("state of a step", "put off")
    DROPPED = "dropped", pgettext_lazy("state of a step", "dropped")


S, T = State, StepState
MENTOR, MENTEE, OFFICE = Actor.MENTOR, Actor.MENTEE, Actor.OFFICE
# The class of the badge (static/css/app.css); none is red: late is said, not marked.
BADGES: dict[str, str] = {
    **dict.fromkeys((S.DRAFT, S.MENTOR_AGREED, S.MENTEE_AGREED), "state-waiting"),
    S.AGREED: "state-live",
}
STEP_BADGES: dict[str, str] = {
    T.PLANNED: "state-waiting",
    T.DONE: "state-live",
    T.MOVED: "state-paused",
    T.DROPPED: "state-done",
}
TO_DO = (T.PLANNED, T.MOVED)


class Move(NamedTuple):
    """A verb of a plan; `path` leads from each state it may start in to the next."""

    label: str | Promise
    done: str | Promise  # the same in the list of events
    by: tuple[Actor, ...]
    path: dict[State, State]


MOVES: dict[str, Move] = {
    "agree_mentor": Move(
        _("Agree as mentor"), _("agreed by the mentor"), (MENTOR, OFFICE),
        {S.DRAFT: S.MENTOR_AGREED, S.MENTEE_AGREED: S.AGREED},
    ),
    "agree_mentee": Move(
        _("Agree as mentee"), _("agreed by the mentee"), (MENTEE, OFFICE),
        {S.DRAFT: S.MENTEE_AGREED, S.MENTOR_AGREED: S.AGREED},
    ),
    "revise": Move(
        _("Change the plan"), _("taken up again to be changed"), (MENTOR, MENTEE, OFFICE),
        dict.fromkeys((S.MENTOR_AGREED, S.MENTEE_AGREED, S.AGREED), S.DRAFT),
    ),
}  # fmt: skip


class StepMove(NamedTuple):
    """A verb of a step, open to both sides and the office once the plan was agreed."""

    label: str | Promise
    done: str | Promise
    path: dict[StepState, StepState]
    asks: tuple[str, ...] = ()  # the fields of the form, in order
    needs: tuple[str, ...] = ()


STEP_MOVES: dict[str, StepMove] = {
    "done": StepMove(
        _("Mark as done"), _("step done"), dict.fromkeys(TO_DO, T.DONE), ("session",)
    ),
    "put_off": StepMove(
        _("Put off"), _("step put off"), dict.fromkeys(TO_DO, T.MOVED), ("month", "reason"),
        ("month", "reason"),
    ),
    "drop": StepMove(
        _("Drop the step"), _("step dropped"), dict.fromkeys(TO_DO, T.DROPPED), ("reason",),
        ("reason",),
    ),
    "reopen": StepMove(
        _("Open the step again"), _("step opened again"),
        dict.fromkeys((T.DONE, T.DROPPED), T.PLANNED),
    ),
}  # fmt: skip
# What an event may be besides a move.
VERBS: dict[str, str | Promise] = {
    "start": _("plan begun"),
    "carry": _("plan begun from what the former pair had left"),
    "edit": _("draft changed"),
    **{verb: move.done for verb, move in MOVES.items()},
    **{verb: step.done for verb, step in STEP_MOVES.items()},
}
