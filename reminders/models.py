"""Reminders and the outbox: the database is the queue of record, Celery only wakes its drainer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from activities.models import Assignment
from core.masking import MaskedText
from core.models import Identified, Keyed
from mentors.models import Mentor
from pairings.models import Pairing
from programmes.models import PlannedPair
from reminders import wording
from units.models import NONE, Placed, Unit

if TYPE_CHECKING:
    from accounts.models import User


class Rule(models.TextChoices):
    ASSIGNMENT_DUE = "assignment_due", _("assignment due soon")
    ASSIGNMENT_OVERDUE = "assignment_overdue", _("assignment overdue")
    TO_CONFIRM = "to_confirm", _("pairing waits for confirmation")
    SILENT = "silent", _("no record for a long time")
    EXPIRING = "expiring", _("term ends soon")
    RESUME_DUE = "resume_due", _("suspension due to end")
    PUBLISHED = "published", _("list of a programme published")
    APPOINTMENT_ENDS = "appointment_ends", _("appointment as mentor ends soon")
    COMMENTED = "commented", _("new comments on records")
    REPORT = "report", _("regular report delivered")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def visible_to(self, user: User) -> Self:
        """A person's own, as long as the person may see the pair that it names.

        A delivered report, whose period is the unit's id, as long as the person coordinates it.
        """
        pairs = Pairing.objects.visible_to(user).filter(pk=OuterRef("subject"))
        tasks = Assignment.objects.visible_to(user).filter(pk=OuterRef("subject"))
        of_list = PlannedPair.objects.filter(programme=OuterRef("subject"))
        listed = of_list.filter(Q(pairing__mentor_cadre__user=user) | Q(pairing__mentee__user=user))
        mentors = Mentor.objects.visible_to(user).filter(pk=OuterRef("subject"))
        seen = Q(Exists(pairs) | Exists(tasks) | Exists(listed) | Exists(mentors))
        units = [str(g.unit_id) for g in user.live_grants if g.role == Role.COORDINATOR]
        seen |= Q(rule=Rule.REPORT, period__in=units)
        return self.filter(seen, user=user)


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
    digest = models.ForeignKey(
        "Outbox", models.SET_NULL, related_name="reminders", null=True, help_text="its mail"
    )
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

    @property
    def sentence(self) -> str:
        return wording.sentence(self.rule, self.words)


class Outbox(models.Model):
    """A message that has to go out, written in the transaction that makes it due."""

    county = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True)
    kind = models.CharField(max_length=20)
    day = models.DateField(null=True, help_text="the working day of a digest")
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
            models.Index(fields=["not_before"], name="outbox_due", condition=Q(done_at=None)),
            models.Index(fields=["user", "day"], name="outbox_user_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def is_due(self, now: dt.datetime) -> bool:
        return self.done_at is None and self.not_before <= now


class MailChoice(models.Model):
    """Whether and where a person wants the digest; without a row: yes, at the account's address."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice", editable=False
    )
    wants_digest = models.BooleanField(_("send me a digest by mail"), default=True)
    address = models.EmailField(_("mail address"), blank=True)

    class Meta:
        verbose_name = _("mail choice")
        verbose_name_plural = _("mail choices")

    def __str__(self) -> str:
        return f"{self.user_id} {self.wants_digest}"


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User) -> Self:
        """What was sent from the coordinator's subtrees, and one's own."""
        return self.filter(user.rows_q(roles=(Role.COORDINATOR,)) | Q(created_by=user))


class Suggestion(MaskedText, Identified, Placed, Keyed):
    """意见建议: what a user says about the scheme or the system, for the office of the unit."""

    text = models.TextField(_("your suggestion"), max_length=2000)

    free_text = ("text",)

    objects = SuggestionQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        indexes = [models.Index(fields=["county", "-id"], name="suggestion_county_new")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return NONE  # it was said to the office of its day
