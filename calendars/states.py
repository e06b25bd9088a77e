"""The whole life of a planned meeting on one screen."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("state of a meeting", "planned")
    HELD = "held", pgettext_lazy("state of a meeting", "held")
    CANCELLED = "cancelled", pgettext_lazy("state of a meeting", "cancelled")


# The class of the badge (static/css/app.css); a meeting that fell through is no fault of anybody.
BADGES: dict[str, str] = {
    State.PLANNED: "state-waiting",
    State.HELD: "state-live",
    State.CANCELLED: "state-done",
}


class Move(NamedTuple):
    """A verb of a meeting, open to both sides and the office."""

    label: str | Promise
    done: str | Promise  # the same in the list of events
    path: dict[State, State]
    asks: tuple[str, ...] = ()  # the fields of the form, in order
    needs: tuple[str, ...] = ()


MOVES: dict[str, Move] = {
    "hold": Move(_("It took place"), _("took place"), {State.PLANNED: State.HELD}),
    "put_off": Move(
        _("Another day"), _("moved to another day"), {State.PLANNED: State.PLANNED},
        ("day", "time", "reason"), ("day",),
    ),
    "cancel": Move(
        _("Call it off"), _("called off"), {State.PLANNED: State.CANCELLED}, ("reason",),
        ("reason",),
    ),
    "reopen": Move(
        _("Plan it again"), _("planned again"),
        {State.HELD: State.PLANNED, State.CANCELLED: State.PLANNED},
    ),
}  # fmt: skip
VERBS: dict[str, str | Promise] = {
    "plan": _("meeting planned"),
    **{verb: move.done for verb, move in MOVES.items()},
}
