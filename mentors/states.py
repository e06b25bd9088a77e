"""The whole life of an appointment on one screen."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("state of a mentor", "proposed")
    ON_NOTICE = "on_notice", pgettext_lazy("state of a mentor", "on public notice")
    IN_OFFICE = "in_office", pgettext_lazy("state of a mentor", "in office")
    SUSPENDED = "suspended", pgettext_lazy("state of a mentor", "suspended")
    ENDED = "ended", pgettext_lazy("state of a mentor", "ended")


S = State
CANDIDATE = (S.PROPOSED, S.ON_NOTICE)
# The appointment stands: running pairs go on, and figures count the mentor.
APPOINTED = (S.IN_OFFICE, S.SUSPENDED)
OPEN = (*CANDIDATE, *APPOINTED)
# The class of the badge (static/css/app.css).
BADGES: dict[str, str] = {
    S.PROPOSED: "state-waiting",
    S.ON_NOTICE: "state-waiting",
    S.IN_OFFICE: "state-live",
    S.SUSPENDED: "state-paused",
    S.ENDED: "state-done",
}


class Move(NamedTuple):
    """A verb of the office that governs the mentor's unit; nobody moves an own appointment."""

    label: str | Promise
    done: str | Promise  # the same in the timeline
    path: dict[State, State]  # from each state it may start in, to the state it leads to
    asks: tuple[str, ...]  # the fields of the form, in order
    needs: tuple[str, ...] = ()  # those that must not be empty
    is_main: bool = False  # the usual next step
    is_weighty: bool = False  # ends something: shown apart, never the main button


MOVES: dict[str, Move] = {
    "publish": Move(
        _("Put on public notice"),
        _("put on public notice"),
        {S.PROPOSED: S.ON_NOTICE},
        ("on", "notice_to_on", "document", "reason"),
        ("on", "notice_to_on"),
    ),
    "appoint": Move(
        _("Appoint"),
        _("appointed as mentor"),
        dict.fromkeys(CANDIDATE, S.IN_OFFICE),
        ("on", "term_to_on", "document", "reason"),
        ("on",),
        is_main=True,
    ),
    "renew": Move(
        _("Renew"),
        _("appointment renewed"),
        {S.IN_OFFICE: S.IN_OFFICE, S.SUSPENDED: S.SUSPENDED},
        ("term_to_on", "document", "reason"),
        ("term_to_on",),
    ),
    "suspend": Move(
        _("Suspend"),
        _("suspended as mentor"),
        {S.IN_OFFICE: S.SUSPENDED},
        ("on", "reason", "document"),
        ("on", "reason"),
    ),
    "resume": Move(
        _("Resume"),
        _("back in office"),
        {S.SUSPENDED: S.IN_OFFICE},
        ("on", "reason"),
        ("on",),
        is_main=True,
    ),
    "withdraw": Move(
        _("Withdraw the proposal"),
        _("proposal withdrawn"),
        dict.fromkeys(CANDIDATE, S.ENDED),
        ("on", "reason", "document"),
        ("on", "reason"),
        is_weighty=True,
    ),
    "end": Move(
        _("End the appointment"),
        _("appointment ended"),
        dict.fromkeys(APPOINTED, S.ENDED),
        ("on", "reason", "document"),
        ("on", "reason"),
        is_weighty=True,
    ),
}
# What an event may be besides a move.
VERBS: dict[str, str | Promise] = {
    "propose": _("proposed as mentor"),
    "edit": _("appointment changed"),
    "import": _("appointed by roster import"),
    **{verb: move.done for verb, move in MOVES.items()},
}
