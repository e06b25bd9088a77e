"""Asking for an assignment: one under way in a programme, whoever presses how often."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.once import once
from programmes.listing import hold
from programmes.models import AssignmentRun, NotNow, Programme
from programmes.models.run import UNDER_WAY
from programmes.states import ASSIGNABLE
from programmes.tasks import assign


@transaction.atomic
def start(programme: Programme, *, by: User, key: uuid.UUID | None) -> AssignmentRun:
    """The new run, or the one under way; NotNow when the list is not being drawn up."""
    # Held, so that of two who press at once the second finds the run of the first.
    hold(programme)
    if programme.state not in ASSIGNABLE:
        raise NotNow(_("The list is not being drawn up yet."))
    if under_way := AssignmentRun.objects.filter(programme=programme, state__in=UNDER_WAY).first():
        return under_way

    def make() -> AssignmentRun:
        made = AssignmentRun.objects.create(programme=programme, created_by=by, client_key=key)
        transaction.on_commit(lambda: assign.delay(str(made.pk)), robust=True)
        return made

    return once(AssignmentRun, by=by, key=key, make=make)
