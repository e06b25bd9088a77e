"""The life of a sample, and what may be found about one of its records."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    OPEN = "open", pgettext_lazy("state of a sample", "being looked into")
    CLOSED = "closed", pgettext_lazy("state of a sample", "closed")


# The class of the badge (static/css/app.css).
BADGES: dict[str, str] = {State.OPEN: "state-waiting", State.CLOSED: "state-done"}
VERBS = {"draw": _("sample drawn"), "close": _("sample closed")}


class Verdict(models.TextChoices):
    """About a record, never about a person: there is no better and no worse to add up."""

    FINE = "fine", _("in order")
    ASK = "ask", _("to ask back")
    TALK = "talk", _("something to talk about")


class RecordKind(models.TextChoices):
    """The tables that a sample may draw from; the value names the column of SampleItem."""

    SESSION = "session", _("sessions by the six methods")
    VISIT = "visit", _("visits to households, firms and sites")
    ASSIGNMENT = "assignment", _("assignments by their due date")
