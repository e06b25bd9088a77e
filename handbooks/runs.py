"""Asking for the handbooks of many pairs, and taking the file away."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from django.db import IntegrityError, transaction

from accounts.models import User
from core.once import once
from handbooks.models import HandbookRun, RunState
from handbooks.scope import may_read_all
from handbooks.tasks import print_many


def start(run: HandbookRun, *, by: User, key: uuid.UUID | None) -> HandbookRun:
    """The new run, or the one that this person has under way."""

    def make() -> HandbookRun:
        run.created_by, run.client_key = by, key
        run.save()
        transaction.on_commit(lambda: print_many.delay(str(run.pk)), robust=True)
        return run

    under_way = HandbookRun.objects.visible_to(by).under_way()
    if found := under_way.first():
        return found
    try:
        return once(HandbookRun, by=by, key=key, make=make)
    except IntegrityError:
        if found := under_way.first():  # of two who press at once the second finds the first
            return found
        raise


class Standing(NamedTuple):
    """What may become of a run that is over."""

    may_take: bool
    may_ask_again: bool  # the unit is still in this person's charge


def standing(run: HandbookRun, user: User) -> Standing:
    may_ask = run.created_by_id == user.pk and user.governs(run.unit)
    is_there = run.state == RunState.DONE and run.removed_at is None
    return Standing(may_ask and is_there and may_read_all(run, user), may_ask)
