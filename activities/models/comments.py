"""What is said to a record, and the other side's word that it took place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.assignments import Assignment
from activities.models.records import Record, Session, Visit
from core.masking import MaskedText
from core.models import Identified, Keyed
from pairings.models import Pairing

if TYPE_CHECKING:
    from accounts.models import User

# What was said in haste may be taken back within a day; later the other side has read it, and
# may have acted on it. Ours, not the working standard's.
TAKEN_BACK_WITHIN = dt.timedelta(hours=24)


class CommentQuerySet(models.QuerySet["Comment"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def readable_by(self, user: User) -> Self:
        """Those on the records that the user reads."""
        return self.filter(
            Q(visit__in=Visit.objects.readable_by(user))
            | Q(session__in=Session.objects.readable_by(user))
            | Q(assignment__in=Assignment.objects.readable_by(user))
        )

    def with_records(self) -> Self:
        return self.select_related("visit__place", "session", "assignment", "created_by")


class Comment(Identified, Keyed, MaskedText):
    """点评: one remark on exactly one record; taken back, its text is gone and its place stays."""

    free_text = ("text",)

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="comments", null=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="comments", null=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="comments", null=True)
    # The record's own, kept beside so that a pair's comments are one range of an index.
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="comments", editable=False, db_index=False
    )
    text = models.TextField(_("comment"), max_length=2000)
    is_from_office = models.BooleanField(_("from the office"), default=False, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)

    objects: ClassVar[Any] = CommentQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        constraints = [
            *Keyed.Meta.constraints,
            models.CheckConstraint(
                name="comment_on_one_record",
                condition=Q(visit__isnull=False, session=None, assignment=None)
                | Q(visit=None, session__isnull=False, assignment=None)
                | Q(visit=None, session=None, assignment__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_withdrawn_is_empty",
                condition=(Q(withdrawn_at=None) & ~Q(text=""))
                | Q(withdrawn_at__isnull=False, text=""),
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "-id"], name="comment_pairing_new"),
            models.Index(fields=["created_at"], name="comment_created"),
        ]

    def __str__(self) -> str:
        return f"{self.created_by_id} {self.created_at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.pairing_id = self.record.pairing_id
        super().save(*args, **kwargs)

    @property
    def record(self) -> Record:
        found: Record | None = self.visit or self.session or self.assignment
        if found is None:
            raise ValueError("a comment stands on a record")
        return found

    def may_be_withdrawn(self, user: User, now: dt.datetime) -> bool:
        """By who wrote it, for a day."""
        is_own = self.created_by_id == user.pk and self.withdrawn_at is None
        return is_own and now < self.created_at + TAKEN_BACK_WITHIN


class Confirmation(Identified):
    """确认属实: the other side says that a meeting took place. None is no fault."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="confirmation", null=True)
    session = models.OneToOneField(Session, models.PROTECT, related_name="confirmation", null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)
    is_on_behalf = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.CheckConstraint(
                name="confirmation_of_one_record",
                condition=Q(visit__isnull=False, session=None)
                | Q(visit=None, session__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.confirmed_by_id} {self.confirmed_at:%Y-%m-%d}"
