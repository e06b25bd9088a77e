"""The life of a handed-in stack, and of each page in it, on one screen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class StackState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("state of a stack of paper", "waiting to be read")
    READING = "reading", pgettext_lazy("state of a stack of paper", "being read")
    DONE = "done", pgettext_lazy("state of a stack of paper", "read")
    FAILED = "failed", pgettext_lazy("state of a stack of paper", "could not be read")


UNDER_WAY = (StackState.QUEUED, StackState.READING)


class State(models.TextChoices):
    PLACED = "placed", pgettext_lazy("state of a page", "kept with its pair")
    WAITING = "waiting", pgettext_lazy("state of a page", "not recognised")
    # What follows keeps no picture.
    REPEATED = "repeated", pgettext_lazy("state of a page", "kept already")
    REFUSED = "refused", pgettext_lazy("state of a page", "not yours to hand in")
    DAMAGED = "damaged", pgettext_lazy("state of a page", "cannot be drawn")
    NO_ROOM = "no_room", pgettext_lazy("state of a page", "no room left")
    DISCARDED = "discarded", pgettext_lazy("state of a page", "discarded")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a page", "withdrawn")


WITH_PICTURE = (State.PLACED, State.WAITING)
OF_A_PAIR = (State.PLACED, State.WITHDRAWN)

# From which state to which a verb leads.
MOVES: dict[str, tuple[State, State]] = {
    "assign": (State.WAITING, State.PLACED),
    "discard": (State.WAITING, State.DISCARDED),
    "withdraw": (State.PLACED, State.WITHDRAWN),
}
