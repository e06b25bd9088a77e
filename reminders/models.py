"""Reminders and the outbox: the database is the queue of record, Celery only wakes its drainer."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from units.models import Unit


class Rule(models.TextChoices):
    ASSIGNMENT_DUE = "assignment_due", _("assignment due soon")
    ASSIGNMENT_OVERDUE = "assignment_overdue", _("assignment overdue")
    TO_CONFIRM = "to_confirm", _("pairing waits for confirmation")
    SILENT = "silent", _("no record for a long time")
    EXPIRING = "expiring", _("term ends soon")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def of(self, user: object) -> Self:
        """A person's own; nobody reads another's."""
        return self.filter(user=user)


class Reminder(Identified):
    """One to-do for one person, once for each rule, subject and period."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=20, choices=Rule)
    subject = models.UUIDField(help_text="id of the pairing or assignment")
    period = models.CharField(max_length=20, help_text="which time round, such as a due date")
    words = models.JSONField(default=dict, help_text="what the sentence is filled with")
    due_on = models.DateField(null=True)
    path = models.CharField(max_length=200, help_text="where the person can do it")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "rule", "subject", "period"], name="reminder_once"
            )
        ]
        indexes = [
            models.Index(fields=["user"], name="reminder_open", condition=Q(closed_at=None)),
            models.Index(fields=["rule", "subject"], name="reminder_rule_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class Outbox(models.Model):
    """A message that has to go out, written in the transaction that makes it due."""

    county = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    dedupe_key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(default=dict)
    not_before = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [
            models.Index(fields=["not_before"], name="outbox_due", condition=Q(done_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def is_due(self, now: dt.datetime) -> bool:
        return self.done_at is None and self.not_before <= now
