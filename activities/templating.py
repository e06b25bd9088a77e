"""Saving and withdrawing a template of assignments; what was set from it stays as it is."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import AssignmentTemplate, AssignmentTemplateEvent
from core.once import once

FIELDS = ("title", "body", "days", "mentee_category")


class HasChanged(Exception):
    """The template was changed or withdrawn since it was read: nothing was done."""


def save(
    template: AssignmentTemplate, *, by: User, seen: int | None, key: uuid.UUID | None
) -> None:
    """A new template, or the one that was read with other words; HasChanged when it has.

    IntegrityError where the unit has one of this title.
    """
    is_new = template._state.adding

    def make() -> AssignmentTemplateEvent:
        if is_new:
            template.created_by, template.client_key = by, key
            template.save(force_insert=True)
        else:
            _change(template, seen)
        verb = "create" if is_new else "edit"
        return AssignmentTemplateEvent.objects.create(
            template=template, verb=verb, created_by=by, client_key=key
        )

    once(AssignmentTemplateEvent, by=by, key=key, make=make)


def _change(template: AssignmentTemplate, seen: int | None) -> None:
    if seen is None:
        raise HasChanged
    values = {name: getattr(template, name) for name in FIELDS}
    rows = AssignmentTemplate.objects.standing().filter(pk=template.pk, revision=seen)
    if not rows.update(**values, revision=seen + 1):
        raise HasChanged


@transaction.atomic
def withdraw(template: AssignmentTemplate, *, by: User) -> None:
    """Offered no more; HasChanged when it is not."""
    rows = AssignmentTemplate.objects.standing().filter(pk=template.pk)
    if not rows.update(withdrawn_at=timezone.now()):
        raise HasChanged
    AssignmentTemplateEvent.objects.create(template=template, verb="withdraw", created_by=by)
