"""Templates of assignments, kept by units for their whole subtree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from cadres.models import MenteeCategory
from core.models import Identified, Keyed
from pairings.models import Pairing
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User


class AssignmentTemplateQuerySet(models.QuerySet["AssignmentTemplate"]):
    def visible_to(self, user: User) -> Self:
        """Those of the user's subtrees, and those that hold there from above."""
        if not user.is_office:
            return self.none()
        above = {number for grant in user.live_grants for number in grant.unit.ancestor_ids}
        return self.filter(user.rows_q() | Q(unit__in=above))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def for_pairs(self, pairs: Collection[Pairing]) -> Self:
        """Those that fit one of the pairs at least, of the nearest unit first.

        The pairs come from `for_detail`, which knows the mentees' categories.
        """
        units = {number for pair in pairs for number in pair.unit.ancestor_ids}
        kinds = {kind for pair in pairs if (kind := getattr(pair, "mentee_kind", None))}
        rows = self.standing().filter(unit__in=units)
        rows = rows.filter(Q(mentee_category=None) | Q(mentee_category__name__in=kinds))
        rows = rows.select_related("unit", "mentee_category")
        return rows.order_by(Length("unit__path").desc(), "pk")


class AssignmentTemplate(Identified, Placed, Keyed):
    """What a unit proposes to its mentors to set: a title, the task, so many days to do it."""

    title = models.CharField(_("title of the template"), max_length=200)
    body = models.TextField(_("task"), blank=True, max_length=3000)
    days = models.PositiveSmallIntegerField(
        _("days until due"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
    )
    mentee_category = models.ForeignKey(
        MenteeCategory, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("category of mentees"),
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = AssignmentTemplateQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("assignment template")
        verbose_name_plural = _("assignment templates")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "title"],
                condition=Q(withdrawn_at=None),
                name="assignmenttemplate_title_once_a_unit",
                violation_error_message=_("This unit has a template of this title."),
            ),
            models.CheckConstraint(
                name="assignmenttemplate_days_within_a_year",
                condition=Q(days__gte=1, days__lte=366),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(withdrawn_at=None)


class AssignmentTemplateEvent(Keyed):
    """Who made, changed or withdrew a template, and when."""

    template = models.ForeignKey(AssignmentTemplate, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=10)

    class Meta(Keyed.Meta):
        ordering = ["created_at", "pk"]
        verbose_name = _("event of a template")
        verbose_name_plural = _("events of a template")

    def __str__(self) -> str:
        return f"{self.verb} {self.template_id}"
