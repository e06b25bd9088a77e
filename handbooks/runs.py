"""Asking for the handbooks of many pairs, and taking the file away."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction

from accounts.models import User
from core.once import once
from handbooks.models import HandbookRun, RunState
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


def may_take(run: HandbookRun, user: User) -> bool:
    """Whether the file is there, and the unit is still in this person's charge."""
    is_there = run.state == RunState.DONE and run.removed_at is None
    return is_there and run.created_by_id == user.pk and user.governs(run.unit)
