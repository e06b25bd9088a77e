"""The life of an uploaded roster on one screen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    READING = "reading", _("being read")
    MAPPING = "mapping", _("columns to be confirmed")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked, not imported")
    SAVING = "saving", _("being imported")
    DONE = "done", _("imported")
    UNDOING = "undoing", _("import being undone")
    UNDONE = "undone", _("import undone")
    DISCARDED = "discarded", _("thrown away")
    FAILED = "failed", _("could not be read")


S = State
# A worker has something to do in these; each ends by a compare-and-swap to what is allowed below.
WORKING = (S.READING, S.CHECKING, S.SAVING, S.UNDOING)
# The user is asked for something in these.
WAITING = (S.MAPPING, S.CHECKED)

# From a state to those that may follow it.
NEXT: dict[str, tuple[State, ...]] = {
    S.READING: (S.MAPPING, S.CHECKING, S.FAILED, S.DISCARDED),
    S.MAPPING: (S.CHECKING, S.DISCARDED),
    S.CHECKING: (S.CHECKED, S.MAPPING, S.FAILED, S.DISCARDED),
    # Again to be checked: other columns, or a doubt answered. The register may have changed.
    S.CHECKED: (S.MAPPING, S.CHECKING, S.SAVING, S.DISCARDED),
    S.SAVING: (S.DONE, S.CHECKED),
    S.DONE: (S.UNDOING,),
    S.UNDOING: (S.UNDONE, S.DONE),
    S.UNDONE: (),
    S.DISCARDED: (),
    S.FAILED: (),
}


class Outcome(models.TextChoices):
    """What a row would do to the register, or has done."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("unchanged")
    DOUBT = "doubt", _("to be decided")
    WRONG = "wrong", _("wrong")
    SKIPPED = "skipped", _("left out")


GOOD = (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)
