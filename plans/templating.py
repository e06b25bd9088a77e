"""Saving and withdrawing a template; plans that began from it keep what they took over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.once import once
from plans.models import PlanTemplate, StaleMove, TemplateEvent, TemplateStep

FIELDS = ("title", "mentee_category", "goals")


def save(
    template: PlanTemplate,
    lines: Sequence[dict[str, Any]],
    *,
    by: User,
    seen: int | None,
    key: uuid.UUID | None,
) -> None:
    """A new template, or the one that was read with other words; StaleMove when it has changed.

    A line is a dict of `number`, `method` and `text`. IntegrityError where the unit has one of
    this title.
    """
    is_new = template._state.adding

    def make() -> TemplateEvent:
        if is_new:
            template.created_by, template.client_key = by, key
            template.save(force_insert=True)
        else:
            _change(template, seen)
        template.steps.all().delete()
        for line in lines:
            TemplateStep.objects.create(template=template, **line)
        verb = "create" if is_new else "edit"
        return TemplateEvent.objects.create(
            template=template, verb=verb, created_by=by, client_key=key
        )

    once(TemplateEvent, by=by, key=key, make=make)


def _change(template: PlanTemplate, seen: int | None) -> None:
    values = {name: getattr(template, name) for name in FIELDS}
    if seen is None:
        raise StaleMove
    rows = PlanTemplate.objects.filter(pk=template.pk, withdrawn_at=None, revision=seen)
    if not rows.update(**values, revision=seen + 1):
        raise StaleMove


@transaction.atomic
def withdraw(template: PlanTemplate, *, by: User) -> None:
    """Offered no more; StaleMove when it is not."""
    rows = PlanTemplate.objects.filter(pk=template.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=timezone.now()):
        raise StaleMove
    TemplateEvent.objects.create(template=template, verb="withdraw", created_by=by)
