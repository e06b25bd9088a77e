"""What is said to a record, and the other side's word that it took place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.assignments import Assignment
from activities.models.records import Record, Session, Visit
from core.masking import MaskedText
from core.models import Identified, Keyed
from pairings.models import Pairing
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User

# What was said in haste may be taken back within a day; later the other side has read it, and
# may have acted on it. Ours, not the working standard's.
TAKEN_BACK_WITHIN = dt.timedelta(hours=24)


class WordQuerySet(models.QuerySet[Any]):
    def readable_by(self, user: User) -> Self:
        """What was said while the pair stood in the user's area, and all of the pairs seen now.

        A record that stays with a county is read there for good; what is said to it after the
        pair has gone is not.
        """
        seen = Pairing.objects.visible_to(user).filter(pk=OuterRef("pairing"))
        return self.filter(user.rows_q() | Q(Exists(seen)))


class CommentQuerySet(WordQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def with_records(self) -> Self:
        return self.select_related("visit__place", "session", "assignment", "created_by")


class Word(Identified, Placed):
    """What somebody said of a record, placed where the pair stood when it was said."""

    # The record's own, kept beside: what is asked of a pair needs no way through its records.
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="%(class)ss", editable=False, db_index=False
    )

    class Meta:
        abstract = True

    @property
    def record(self) -> Record:
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.pairing = self.record.pairing
            self.unit = self.pairing.unit
        super().save(*args, **kwargs)


class Comment(Word, Keyed, MaskedText):
    """点评: one remark on exactly one record; taken back, its text is gone and its place stays."""

    free_text = ("text",)

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="comments", null=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="comments", null=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="comments", null=True)
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

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(created_at__date__gte=day)

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


class Confirmation(Word):
    """确认属实: the other side says that a meeting took place. None is no fault."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="confirmation", null=True)
    session = models.OneToOneField(Session, models.PROTECT, related_name="confirmation", null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)
    is_on_behalf = models.BooleanField(default=False)

    objects: ClassVar[Any] = WordQuerySet.as_manager()

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

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(confirmed_at__date__gte=day)

    @property
    def record(self) -> Record:
        found: Record | None = self.visit or self.session
        if found is None:
            raise ValueError("a confirmation stands on a record")
        return found
