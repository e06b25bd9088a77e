"""The whole life of a programme on one screen."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a programme", "being prepared")
    COLLECTING = "collecting", pgettext_lazy("state of a programme", "collecting wishes")
    MATCHING = "matching", pgettext_lazy("state of a programme", "list being drawn up")
    CHECKED = "checked", pgettext_lazy("state of a programme", "list checked")
    APPROVED = "approved", pgettext_lazy("state of a programme", "list approved")
    PUBLISHED = "published", pgettext_lazy("state of a programme", "list published")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a programme", "withdrawn")


S = State
OPEN = (S.DRAFT, S.COLLECTING, S.MATCHING, S.CHECKED, S.APPROVED)
# The settings may be changed; afterwards the list stands on them.
SETTABLE = (S.DRAFT,)
# The list may be changed; a checked list is what was checked.
LISTABLE = (S.DRAFT, S.COLLECTING, S.MATCHING)
# A worker may assign the whole list.
ASSIGNABLE = (S.MATCHING,)
# The class of the badge (static/css/app.css).
BADGES: dict[str, str] = {
    S.DRAFT: "state-waiting",
    S.COLLECTING: "state-waiting",
    S.MATCHING: "state-waiting",
    S.CHECKED: "state-waiting",
    S.APPROVED: "state-waiting",
    S.PUBLISHED: "state-live",
    S.WITHDRAWN: "state-done",
}


class Move(NamedTuple):
    """A verb of the office that governs the programme's unit."""

    label: str | Promise
    done: str | Promise  # the same in the timeline
    path: dict[State, State]  # from each state it may start in, to the state it leads to
    asks: tuple[str, ...] = ()  # the fields of the form, in order
    needs: tuple[str, ...] = ()  # those that must not be empty
    is_main: bool = False  # the usual next step
    is_weighty: bool = False  # ends something: shown apart, never the main button


MOVES: dict[str, Move] = {
    "collect": Move(
        _("Collect wishes"), _("collection of wishes announced"), {S.DRAFT: S.COLLECTING},
        is_main=True,
    ),
    "draw_up": Move(
        _("Draw up the list"), _("list begun"),
        {S.DRAFT: S.MATCHING, S.COLLECTING: S.MATCHING}, is_main=True,
    ),
    "check": Move(
        _("Have the list checked"), _("list checked"), {S.MATCHING: S.CHECKED}, is_main=True
    ),
    "approve": Move(
        _("Approve the list"), _("list approved"), {S.CHECKED: S.APPROVED},
        ("document", "reason"), is_main=True,
    ),
    "publish": Move(
        _("Publish the list"), _("list published, pairs registered"),
        {S.APPROVED: S.PUBLISHED}, is_main=True,
    ),
    "reopen": Move(
        _("Change the list again"), _("list reopened"),
        {S.CHECKED: S.MATCHING, S.APPROVED: S.MATCHING}, ("reason",), ("reason",),
    ),
    "withdraw": Move(
        _("Withdraw the programme"), _("programme withdrawn"),
        dict.fromkeys(OPEN, S.WITHDRAWN), ("reason",), ("reason",), is_weighty=True,
    ),
}  # fmt: skip
# What an event may be besides a move.
VERBS: dict[str, str | Promise] = {
    "create": _("programme created"),
    "copy": _("programme copied from an earlier year"),
    "edit": _("settings changed"),
    "assign": _("whole list suggested"),
    **{verb: move.done for verb, move in MOVES.items()},
}
