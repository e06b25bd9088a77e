"""Assignments, from being set to being accepted or withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.records import Record, RecordQuerySet
from core.masking import MaskedText
from core.models import Identified, Keyed
from pairings.models import Pairing
from pairings.states import Actor, State

if TYPE_CHECKING:
    from accounts.models import User


class AssignmentState(models.TextChoices):
    SET = "set", _("to be handed in")
    SUBMITTED = "submitted", _("to be reviewed")
    RETURNED = "returned", _("returned for another try")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


TO_HAND_IN = (AssignmentState.SET, AssignmentState.RETURNED)
VERDICTS = {
    "accept": AssignmentState.ACCEPTED,
    "give_back": AssignmentState.RETURNED,
    "withdraw": AssignmentState.WITHDRAWN,
}


class Wrong(Exception):
    """The assignment has moved on: what was asked is not open to this person now."""


class AssignmentQuerySet(RecordQuerySet):
    def for_list(self) -> Self:
        return super().for_list().with_first_hand_in()

    def with_first_hand_in(self) -> Self:
        """Annotates `first_handed_in_at`, None before; how late it was is told by that one.

        What was returned and comes again after the due date was asked for after it.
        """
        first = Submission.objects.filter(assignment=OuterRef("pk")).order_by("pk")
        return self.annotate(first_handed_in_at=Subquery(first.values("created_at")[:1]))

    def to_hand_in(self) -> Self:
        return self.filter(state__in=TO_HAND_IN)

    def to_review(self) -> Self:
        return self.filter(state=AssignmentState.SUBMITTED)

    def waiting_for(self, user: User) -> Self:
        """To be reviewed by this mentor, the longest waiting first; adds `handed_in_at`."""
        newest = Submission.objects.filter(assignment=OuterRef("pk")).order_by("-pk")
        rows = self.at_work().to_review().filter(pairing__mentor_cadre__user=user)
        rows = rows.annotate(handed_in_at=Subquery(newest.values("created_at")[:1]))
        return rows.order_by("handed_in_at", "pk")

    def at_work(self) -> Self:
        """Of pairs that may work now: a suspended or ended pair owes nothing."""
        return self.filter(pairing__state=State.ACTIVE)

    def due_within(self, today: dt.date, days: int) -> Self:
        """To be handed in, due from today to so many days later (both included)."""
        last = today + dt.timedelta(days=days)
        return self.at_work().to_hand_in().filter(due_on__gte=today, due_on__lte=last)

    def overdue(self, today: dt.date) -> Self:
        """To be handed in, the due date gone by."""
        return self.at_work().to_hand_in().filter(due_on__lt=today)

    def between(self, first: dt.date | None, last: dt.date | None) -> Self:
        """By due date, both days included; an empty one leaves that side open."""
        rows = self
        if first:
            rows = rows.filter(due_on__gte=first)
        return rows.filter(due_on__lte=last) if last else rows


class Assignment(Record):
    """作业: set by the mentor with a due date, handed in by the mentee, returned or accepted."""

    free_text = ("title", "body")

    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("task"), blank=True)
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        max_length=12, choices=AssignmentState, default=AssignmentState.SET, editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    # What was set for several mentees on one form has one of these in common.
    set_together = models.UUIDField(null=True, editable=False)

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
            models.Index(
                fields=["set_together"],
                name="assignment_set_together",
                condition=Q(set_together__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        at_work = ~Q(state__in=(AssignmentState.ACCEPTED, AssignmentState.WITHDRAWN))
        return at_work | Q(created_at__date__gte=day)

    def is_overdue(self, today: dt.date) -> bool:
        return self.state in TO_HAND_IN and self.due_on < today

    @property
    def days_late(self) -> int:
        """From the due date to the first handing-in; 0 when none, or in time.

        Of a row from `for_list` or `for_detail`.
        """
        handed_in = getattr(self, "first_handed_in_at", None)
        if handed_in is None:
            return 0
        return max((timezone.localdate(handed_in) - self.due_on).days, 0)

    def moves_for(self, user: User) -> list[str]:
        """The verbs open to this user now: hand_in, accept, give_back, withdraw."""
        if not self.pairing.allows_records:
            return []
        actors = self.pairing.actors(user)
        if Actor.MENTEE in actors:
            # Nobody reviews work of their own, even as a coordinator.
            return ["hand_in"] if self.state in TO_HAND_IN else []
        if not actors & {Actor.MENTOR, Actor.OFFICE}:
            return []
        if self.state == AssignmentState.SUBMITTED:
            return ["accept", "give_back"]
        return ["withdraw"] if self.state in TO_HAND_IN else []

    @transaction.atomic
    def hand_in(self, submission: Submission, *, by: User) -> None:
        """Save the submission as this assignment's newest, or raise Wrong with nothing changed."""
        self._swap("hand_in", AssignmentState.SUBMITTED, by=by)
        submission.assignment = self
        submission.created_by = by
        submission.save()
        self.state = AssignmentState.SUBMITTED

    @transaction.atomic
    def review(
        self,
        verb: str,
        *,
        by: User,
        comment: str = "",
        seen: Submission | None = None,
        **fields: Any,
    ) -> Review:
        """`accept`, `give_back` (returned for another try) or `withdraw`, with its comment.

        `seen` is the submission that the reviewer read. The state alone is not enough to swap
        on: returned by one and handed in again, it reads "to be reviewed" as before, and the
        other reviewer would accept what he never saw. Raises Wrong with nothing changed.
        """
        new = VERDICTS[verb]
        self._swap(verb, new, by=by)
        newest = self.submissions.last()
        if seen is not None and newest != seen:
            raise Wrong(verb)
        made = Review.objects.create(
            assignment=self,
            submission=None if verb == "withdraw" else newest,
            verdict=new,
            comment=comment,
            created_by=by,
            is_on_behalf=self.pairing.side_of(by) is None,
            **fields,
        )
        self.state = new
        return made

    def _swap(self, verb: str, new: AssignmentState, *, by: User) -> None:
        if verb not in self.moves_for(by):
            raise Wrong(verb)
        decided = timezone.now() if new == AssignmentState.ACCEPTED else None
        # The pairing's state as `pairing__state` would make Django update by a sub-select, whose
        # conditions PostgreSQL does not check again after waiting for the row: two would win.
        running = Pairing.objects.filter(state=State.ACTIVE)
        swapped = Assignment.objects.filter(
            pk=self.pk, state=self.state, pairing__in=running
        ).update(state=new, decided_at=decided)
        if not swapped:
            raise Wrong(verb)


class Submission(Identified, Keyed, MaskedText):
    """提交: one handing-in; the last one counts, earlier ones stay."""

    free_text = ("text",)

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="submissions")
    text = models.TextField(_("what I did"), blank=True)

    class Meta(Keyed.Meta):
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.created_at:%Y-%m-%d}"


class Review(Keyed, MaskedText):
    """批阅: the mentor's verdict on an assignment; also its event row."""

    free_text = ("comment",)

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reviews")
    # What was judged; empty for a withdrawal.
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reviews", null=True)
    verdict = models.CharField(max_length=12, choices=AssignmentState)
    comment = models.TextField(_("comment"), blank=True)
    is_on_behalf = models.BooleanField(default=False)

    class Meta(Keyed.Meta):
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.verdict}"
