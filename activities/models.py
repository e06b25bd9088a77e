"""What a pair does together: sessions, visits, assignments, and the files that belong to them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Identified, Keyed
from pairings.models import Pairing
from pairings.states import Actor
from units.models import Placed, Unit

if TYPE_CHECKING:
    from accounts.models import User


class Method(models.TextChoices):
    """帮带六法."""

    ASSIGNMENT = "assignment", _("setting an assignment")
    ON_SITE = "on_site", _("on-site teaching")
    PRACTICE = "practice", _("hands-on practice")
    SCENARIO = "scenario", _("scenario rehearsal")
    CASE = "case", _("case dissection")
    REVIEW = "review", _("after-action review")


class Visited(models.TextChoices):
    """Whom a visit went to: a category, never a villager's name."""

    HOUSEHOLD = "household", _("households")
    HARDSHIP = "hardship", _("households in hardship")
    FIRM = "firm", _("firms")
    PROJECT = "project", _("project sites")
    OTHER = "other", _("others")


class RecordQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Records of pairs that the user may see."""
        return self.filter(
            user.rows_q() | Q(pairing__mentor_cadre__user=user) | Q(pairing__mentee__user=user)
        )

    def for_list(self) -> Self:
        return self.select_related("pairing__mentor_cadre", "pairing__mentee__unit", "unit")


class Record(Identified, Placed, Keyed):
    """A record of a pairing, placed where the pairing is."""

    pairing = models.ForeignKey(
        Pairing, verbose_name=_("pairing"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    is_on_behalf = models.BooleanField(_("entered on behalf"), default=False, editable=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta(Keyed.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.unit = self.pairing.unit
        super().save(*args, **kwargs)


class Session(Record):
    """帮带记录: one meeting, by one of the six methods."""

    happened_on = models.DateField(_("date"), default=timezone.localdate)
    method = models.CharField(_("method"), max_length=12, choices=Method)
    topic = models.CharField(_("topic"), max_length=200)
    content = models.TextField(_("what was done"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(fields=["pairing", "-happened_on"], name="session_pairing_day"),
            models.Index(fields=["county", "happened_on"], name="session_county_day"),
        ]

    def __str__(self) -> str:
        return self.topic


class Visit(Record):
    """走访: a walk to households, firms or sites, by the mentee, with or without the mentor."""

    happened_on = models.DateField(_("date"), default=timezone.localdate)
    place = models.ForeignKey(
        Unit,
        verbose_name=_("place (unit)"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    place_text = models.CharField(_("place (in words)"), max_length=100, blank=True)
    visited = models.CharField(_("visited"), max_length=12, choices=Visited)
    people_count = models.PositiveSmallIntegerField(_("number visited"), default=1)
    is_with_mentor = models.BooleanField(_("with the mentor"), default=False)
    asked = models.TextField(_("what was asked"), blank=True)
    done = models.TextField(_("what was done"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="visit_has_a_place",
                condition=Q(place__isnull=False) | ~Q(place_text=""),
                violation_error_message=_("Say where: choose a unit or write the place."),
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "-happened_on"], name="visit_pairing_day"),
            models.Index(fields=["county", "happened_on"], name="visit_county_day"),
        ]

    def __str__(self) -> str:
        return str(self.place or self.place_text)


class AssignmentState(models.TextChoices):
    SET = "set", _("to be handed in")
    SUBMITTED = "submitted", _("to be reviewed")
    RETURNED = "returned", _("returned for another try")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Wrong(Exception):
    """The assignment has moved on: what was asked is not open to this person now."""


class AssignmentQuerySet(RecordQuerySet):
    def to_hand_in(self) -> Self:
        return self.filter(state__in=[AssignmentState.SET, AssignmentState.RETURNED])

    def to_review(self) -> Self:
        return self.filter(state=AssignmentState.SUBMITTED)


class Assignment(Record):
    """作业: set by the mentor with a due date, handed in by the mentee, returned or accepted."""

    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("task"), blank=True)
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        max_length=12, choices=AssignmentState, default=AssignmentState.SET, editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [
            models.Index(fields=["pairing", "state", "due_on"], name="assignment_pairing_state"),
            models.Index(fields=["county", "created_at"], name="assignment_county_created"),
            models.Index(
                fields=["due_on"],
                name="assignment_due_open",
                condition=Q(state__in=["set", "returned"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_overdue(self, today: dt.date) -> bool:
        return self.state in {AssignmentState.SET, AssignmentState.RETURNED} and self.due_on < today

    def moves_for(self, user: User) -> list[str]:
        """The verbs open to this user now: hand_in, accept, give_back, withdraw."""
        if not self.pairing.allows_records:
            return []
        actors = self.pairing.actors(user)
        verbs = []
        if Actor.MENTEE in actors and self.state in {
            AssignmentState.SET,
            AssignmentState.RETURNED,
        }:
            verbs.append("hand_in")
        if actors & {Actor.MENTOR, Actor.OFFICE} and Actor.MENTEE not in actors:
            if self.state == AssignmentState.SUBMITTED:
                verbs += ["accept", "give_back"]
            if self.state in {AssignmentState.SET, AssignmentState.RETURNED}:
                verbs.append("withdraw")
        return verbs

    @transaction.atomic
    def hand_in(self, submission: Submission, *, by: User) -> None:
        self._swap("hand_in", AssignmentState.SUBMITTED, by=by)
        submission.assignment = self
        submission.created_by = by
        submission.save()

    @transaction.atomic
    def review(self, verb: str, *, by: User, comment: str = "") -> Review:
        """`accept`, `give_back` (returned for another try) or `withdraw`, with its comment."""
        new = {
            "accept": AssignmentState.ACCEPTED,
            "give_back": AssignmentState.RETURNED,
            "withdraw": AssignmentState.WITHDRAWN,
        }[verb]
        self._swap(verb, new, by=by)
        return Review.objects.create(
            assignment=self,
            verdict=new,
            comment=comment,
            created_by=by,
            is_on_behalf=self.pairing.side_of(by) is None,
        )

    def _swap(self, verb: str, new: AssignmentState, *, by: User) -> None:
        if verb not in self.moves_for(by):
            raise Wrong(verb)
        decided = timezone.now() if new == AssignmentState.ACCEPTED else None
        swapped = Assignment.objects.filter(pk=self.pk, state=self.state).update(
            state=new, decided_at=decided
        )
        if not swapped:
            raise Wrong(verb)
        self.state, self.decided_at = new, decided


class Submission(Identified, Keyed):
    """提交: one handing-in; the last one counts, earlier ones stay."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="submissions")
    text = models.TextField(_("what I did"), blank=True)

    class Meta(Keyed.Meta):
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.created_at:%Y-%m-%d}"


class Review(models.Model):
    """批阅: the mentor's verdict on an assignment; also its event row."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=12, choices=AssignmentState)
    comment = models.TextField(_("comment"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    is_on_behalf = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.verdict}"


def stored_as(attachment: Attachment, filename: str) -> str:
    """Where a file is kept: nothing of its own name, which may hold a person's."""
    return f"attachments/{timezone.now():%Y/%m}/{attachment.pk}"


class Attachment(Identified):
    """A file of exactly one record; its kind was found in its content, not in its name."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="files", null=True)
    session = models.ForeignKey(Session, models.CASCADE, related_name="files", null=True)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="files", null=True)
    file = models.FileField(upload_to=stored_as)
    name = models.CharField(_("file name"), max_length=200)
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="attachment_of_one_record",
                condition=Q(visit__isnull=False, session=None, submission=None)
                | Q(visit=None, session__isnull=False, submission=None)
                | Q(visit=None, session=None, submission__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")
