"""培养计划 of a pair: drafted together, agreed by both, its steps done or put off."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.entering import capacities
from activities.models import Method, Session
from core.fields import MonthField
from core.masking import MaskedText
from core.models import Identified, Keyed
from pairings.models import Pairing
from pairings.states import State as PairState
from plans.states import BADGES, MOVES, STEP_BADGES, STEP_MOVES, TO_DO, VERBS, State, StepState
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User


class StaleMove(Exception):
    """The plan or step has moved on, or the pair takes no work now: nothing was done."""


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User) -> Self:
        """Plans of the pairs that the user sees."""
        return self.filter(pairing__in=Pairing.objects.visible_to(user))


class Plan(Identified, Placed, Keyed, MaskedText):
    """One plan a pair, while the pair lives; it ends with the pair.

    `version` is that of the agreed text, one more with each agreement that is taken up again;
    `revision` counts every change, so that nobody agrees to what they have not read.
    """

    free_text = ("goals",)

    pairing = models.OneToOneField(
        Pairing, verbose_name=_("pairing"), on_delete=models.PROTECT, related_name="plan"
    )
    goals = models.TextField(_("goals"), blank=True, max_length=3000)
    state = models.CharField(
        _("state"), max_length=16, choices=State, default=State.DRAFT, editable=False
    )
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    # Since when its steps may be done; a later version is worked on while steps go on.
    agreed_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("development plan")
        verbose_name_plural = _("development plans")
        constraints = [
            *Keyed.Meta.constraints,
            models.CheckConstraint(
                name="plan_agreed_has_a_time",
                condition=~Q(state=State.AGREED) | Q(agreed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pairing)

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(pairing__ended_on=None) | Q(pairing__ended_on__gte=day)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.unit = self.pairing.unit
        super().save(*args, **kwargs)

    @property
    def badge(self) -> str:
        return BADGES[self.state]

    def moves_for(self, user: User) -> list[str]:
        """The verbs open to this user now; nobody agrees for the other side of an own pair."""
        if not self.pairing.allows_records:
            return []
        actors = capacities(self.pairing, user)
        return [
            verb
            for verb, move in MOVES.items()
            if State(self.state) in move.path and actors & {*move.by}
        ]

    def may_edit(self, user: User) -> bool:
        """Whether this person writes on the draft now."""
        is_draft = self.state == State.DRAFT and self.pairing.allows_records
        return is_draft and bool(capacities(self.pairing, user))


class PlanStepQuerySet(models.QuerySet["PlanStep"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__pairing__in=Pairing.objects.visible_to(user))

    def to_do(self) -> Self:
        return self.filter(state__in=TO_DO)

    def for_mentor(self, user: User, month: str) -> Self:
        """Steps of that very month, of agreed plans of the user's own pairs as mentor."""
        rows = self.to_do().filter(plan__agreed_at__isnull=False, month=month)
        rows = rows.filter(plan__pairing__state=PairState.ACTIVE)
        rows = rows.filter(plan__pairing__mentor_cadre__user=user)
        rows = rows.select_related("plan__pairing__mentor_cadre", "plan__pairing__mentee")
        return rows.order_by("plan__pairing__mentee__pinyin", "pk")

    def for_mentee(self, user: User, month: str) -> Self:
        """Steps up to that month, of agreed plans of the user's own pairs as mentee."""
        rows = self.to_do().filter(plan__agreed_at__isnull=False, month__lte=month)
        rows = rows.exclude(month="").filter(plan__pairing__state=PairState.ACTIVE)
        rows = rows.filter(plan__pairing__mentee__user=user)
        return rows.select_related("plan__pairing__mentor_cadre", "plan__pairing__mentee")


class PlanStep(Identified, MaskedText):
    """One thing to do, in a month or in none; done needs no record, and may name one."""

    free_text = ("text", "reason")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    month = MonthField(_("month"), blank=True)
    method = models.CharField(_("method of guidance"), max_length=12, choices=Method, blank=True)
    text = models.CharField(_("what is to be done"), max_length=300)
    # The version of the plan in which it was written first.
    since_version = models.PositiveSmallIntegerField(default=1, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=StepState, default=StepState.PLANNED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, editable=False, related_name="plan_steps",
        verbose_name=_("record"),
    )  # fmt: skip

    objects: ClassVar[Any] = PlanStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of a plan")
        ordering = ["month", "pk"]
        constraints = [
            models.CheckConstraint(
                name="planstep_put_off_or_dropped_has_a_reason",
                condition=~Q(state__in=[StepState.MOVED, StepState.DROPPED]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="planstep_names_a_record_when_done",
                condition=Q(session=None) | Q(state=StepState.DONE),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def badge(self) -> str:
        return STEP_BADGES[self.state]

    def moves_for(self, user: User) -> list[str]:
        """The verbs open to this user now; `plan.pairing` is needed."""
        pairing = self.plan.pairing
        if not (self.plan.agreed_at and pairing.allows_records and capacities(pairing, user)):
            return []
        return [verb for verb, move in STEP_MOVES.items() if StepState(self.state) in move.path]


class PlanEvent(Keyed):
    """Who did what to a plan, when, why; an agreement keeps the steps as they were agreed."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="events")
    # Its words besides, since a step that was never agreed may be taken out of a draft.
    step = models.ForeignKey(PlanStep, models.SET_NULL, null=True, related_name="events")
    text = models.CharField(max_length=300, blank=True)
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    old_month = models.CharField(max_length=7, blank=True)
    new_month = models.CharField(max_length=7, blank=True)
    is_on_behalf = models.BooleanField(default=False)
    # Of an agreement by both: goals and steps, as [month, method, text].
    agreed = models.JSONField(null=True)

    class Meta(Keyed.Meta):
        verbose_name = _("event of a plan")
        verbose_name_plural = _("events of a plan")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.plan_id}"

    @property
    def label(self) -> str | Promise:
        return VERBS.get(self.verb, self.verb)
