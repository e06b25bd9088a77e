"""Templates of plans, kept by units for their whole subtree."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from activities.models import Method
from cadres.models import MenteeCategory
from core.models import Identified, Keyed
from pairings.models import Pairing
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User

MOST_MONTHS = 60


class PlanTemplateQuerySet(models.QuerySet["PlanTemplate"]):
    def visible_to(self, user: User) -> Self:
        """Those of the user's subtrees, and those that hold there from above."""
        above = {number for grant in user.live_grants for number in grant.unit.ancestor_ids}
        if not user.is_office:
            return self.none()
        return self.filter(user.rows_q() | Q(unit__in=above))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def for_pairing(self, pairing: Pairing) -> Self:
        """Those that a plan of the pair may begin from, of the nearest unit first.

        `pairing` comes from `for_detail`, which knows the mentee's category.
        """
        kind = getattr(pairing, "mentee_kind", None)
        rows = self.standing().filter(unit__in=pairing.unit.ancestor_ids)
        rows = rows.filter(Q(mentee_category=None) | Q(mentee_category__name=kind or ""))
        return rows.select_related("unit").order_by(Length("unit__path").desc(), "pk")


class PlanTemplate(Identified, Placed, Keyed):
    """What a unit proposes to its pairs: goals, and steps by the number of the month."""

    title = models.CharField(_("title of the template"), max_length=60)
    mentee_category = models.ForeignKey(
        MenteeCategory, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("category of mentees"),
    )  # fmt: skip
    goals = models.TextField(_("goals"), blank=True, max_length=3000)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = PlanTemplateQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("plan template")
        verbose_name_plural = _("plan templates")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "title"],
                condition=Q(withdrawn_at=None),
                name="plantemplate_title_once_a_unit",
                violation_error_message=_("This unit has a template of this title."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(withdrawn_at=None)


class TemplateStep(Identified):
    template = models.ForeignKey(PlanTemplate, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField(
        _("in which month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )
    method = models.CharField(_("method of guidance"), max_length=12, choices=Method, blank=True)
    text = models.CharField(_("what is to be done"), max_length=300)

    class Meta:
        verbose_name = _("step of a template")
        verbose_name_plural = _("steps of a template")
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return self.text


class TemplateEvent(Keyed):
    """Who made, changed or withdrew a template, and when."""

    template = models.ForeignKey(PlanTemplate, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=10)

    class Meta(Keyed.Meta):
        ordering = ["created_at", "pk"]
        verbose_name = _("event of a template")
        verbose_name_plural = _("events of a template")

    def __str__(self) -> str:
        return f"{self.verb} {self.template_id}"
