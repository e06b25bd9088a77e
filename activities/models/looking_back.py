"""复盘提高: which earlier records a review looks back on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activities.models.assignments import Assignment
from activities.models.records import Session, Visit


class LookBack(models.Model):
    """One earlier record of the same pair, or of those that it goes on with after 换师."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="look_backs")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="look_backs", null=True)
    earlier = models.ForeignKey(Session, models.PROTECT, related_name="looked_back", null=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="look_backs", null=True)

    class Meta:
        verbose_name = _("look back")
        verbose_name_plural = _("looks back")
        constraints = [
            models.CheckConstraint(
                name="look_back_on_one_record",
                condition=Q(visit__isnull=False, earlier=None, assignment=None)
                | Q(visit=None, earlier__isnull=False, assignment=None)
                | Q(visit=None, earlier=None, assignment__isnull=False),
            ),
            models.CheckConstraint(
                name="look_back_not_on_itself",
                condition=Q(earlier=None) | ~Q(earlier=F("session")),
            ),
            models.UniqueConstraint(fields=["session", "visit"], name="look_back_visit_once"),
            models.UniqueConstraint(fields=["session", "earlier"], name="look_back_session_once"),
            models.UniqueConstraint(
                fields=["session", "assignment"], name="look_back_assignment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}"
