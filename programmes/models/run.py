"""The work of assigning a whole programme, and what came of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Identified, Keyed
from programmes.models.programme import Programme


class RunState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("state of an assignment", "waiting")
    RUNNING = "running", pgettext_lazy("state of an assignment", "running")
    DONE = "done", pgettext_lazy("state of an assignment", "done")
    FAILED = "failed", pgettext_lazy("state of an assignment", "not done")


UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class Failure(models.TextChoices):
    """Why nothing was written to the list."""

    CLOSED = "closed", _("The programme has moved on: its list may not be changed any more.")
    CHANGED = "changed", _("The list was changed again and again meanwhile. Try again.")
    INTERRUPTED = "interrupted", _("The work was interrupted several times. Try again.")


class AssignmentRun(Identified, Keyed):
    """总体配对: who goes with whom over a whole programme, worked out by a worker.

    Whoever holds the lease works; when it runs out somebody else begins again. `figures` holds
    numbers and the ids of those who are left without a mentor, no names (programmes.assigning).
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="runs")
    state = models.CharField(
        max_length=8, choices=RunState, default=RunState.QUEUED, editable=False
    )
    failure = models.CharField(max_length=12, choices=Failure, blank=True, editable=False)
    figures = models.JSONField(default=dict, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    step = models.CharField(max_length=60, blank=True, editable=False)  # msgid
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(Keyed.Meta):
        verbose_name = pgettext_lazy("of mentors to mentees", "assignment")
        verbose_name_plural = pgettext_lazy("of mentors to mentees", "assignments")
        ordering = ["-id"]
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=UNDER_WAY),
                name="assignment_one_at_a_time",
            ),
            models.CheckConstraint(
                name="assignment_within_total", condition=Q(done__lte=F("total"))
            ),
            models.CheckConstraint(
                name="assignment_ended_with_its_state",
                condition=Q(state__in=UNDER_WAY, ended_at=None)
                | (~Q(state__in=UNDER_WAY) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="assignment_failed_for_a_reason",
                condition=Q(state=RunState.FAILED) ^ Q(failure=""),
            ),
        ]
        indexes = [models.Index(fields=["programme", "-id"], name="assignment_programme")]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    def swap(self, new: RunState, **fields: Any) -> bool:
        """To another state where nobody was quicker (compare and swap)."""
        changes = {"state": new, **fields}
        if new not in UNDER_WAY:
            changes["ended_at"] = timezone.now()
        rows = AssignmentRun.objects.filter(pk=self.pk, state=self.state)
        if not rows.update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True
