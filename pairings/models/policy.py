"""The rules of a unit, by the day from which they hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models.functions import Length
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import Keyed
from pairings.matching import tables as example
from pairings.matching.weights import Feature, complete
from units.models import Unit

EXAMPLE_GRADES = ["优秀", "良好", "合格", "不合格"]
PRESET_BASIS = "示例规则，未核对原文"


def example_grades() -> list[str]:
    return [*EXAMPLE_GRADES]


class Policy(Keyed):
    """规则: a unit's dated parameters with their basis document; the nearest ancestor's rule.

    No rule of any office is invented: a preset says 「示例规则，未核对原文」 as its basis.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="policies", verbose_name=_("unit"))
    from_on = models.DateField(_("in force from"))
    basis = models.CharField(_("basis document"), max_length=200)
    term_months = models.PositiveSmallIntegerField(_("term in months"), default=12)
    silence_days = models.PositiveSmallIntegerField(_("days of silence allowed"), default=60)
    due_soon_days = models.PositiveSmallIntegerField(_("days before a due date"), default=2)
    expiring_days = models.PositiveSmallIntegerField(_("days before the end of term"), default=30)
    confirm_days = models.PositiveSmallIntegerField(_("days to confirm in"), default=3)
    capacity = models.PositiveSmallIntegerField(_("mentees a mentor"), default=2)
    most_mentors = models.PositiveSmallIntegerField(_("mentors a mentee"), default=1)
    contact_days = models.PositiveSmallIntegerField(_("days between contacts"), default=30)
    review_months = models.PositiveSmallIntegerField(_("months between reviews"), default=3)
    reversal_days = models.PositiveSmallIntegerField(
        _("days in which a move may be reversed"), default=7
    )
    # The steps that a new pair takes before it is active.
    needs_mentor = models.BooleanField(_("the mentor confirms"), default=True)
    needs_mentee = models.BooleanField(_("the mentee confirms"), default=True)
    needs_approval = models.BooleanField(_("the office approves"), default=True)
    # From the best to the worst.
    grades = models.JSONField(_("grades"), default=example_grades)
    # What a suggestion weighs, by feature, 0 to 10; what is not in it is the example's.
    weights = models.JSONField(_("weights of suggestions"), default=dict, blank=True)
    # Its tables (pairings.matching.tables), by name; what is not in it is the example's.
    tables = models.JSONField(_("tables of suggestions"), default=dict, blank=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["unit", "-from_on"]
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "from_on"],
                name="policy_once_per_unit_and_day",
                violation_error_message=_("A version from this day on is there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.from_on} {self.basis}"

    @classmethod
    def in_force(cls, unit: Unit, on: dt.date) -> Policy:
        """The rule for a unit on a day: its own, else the nearest ancestor's, else the preset."""
        rows = cls.objects.filter(unit__in=unit.ancestor_ids, from_on__lte=on)
        nearest = rows.select_related("unit").order_by(Length("unit__path").desc(), "-from_on")
        return nearest.first() or cls(unit=unit, from_on=on, basis=PRESET_BASIS)

    @property
    def all_weights(self) -> dict[str, int]:
        """A weight for every feature of a suggestion, by its name."""
        return complete(self.weights)

    def next_version(self, unit: Unit, **changes: Any) -> Policy:
        """An unsaved rule of the unit with everything of this one that is not in `changes`."""
        own = {"id", "unit", "created_by", "created_at", "client_key"}
        kept = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.name not in own
        }
        return Policy(unit=unit, **{**kept, **changes})

    @property
    def all_tables(self) -> example.Tables:
        """Whole tables for a comparison, whatever stands in the row."""
        return example.read(self.tables)

    @property
    def named_weights(self) -> list[tuple[str | Promise, int]]:
        return [(Feature(name).label, weight) for name, weight in self.all_weights.items()]

    @property
    def is_preset(self) -> bool:
        """No office entered it: a page that shows its numbers shows its basis as well."""
        return self.pk is None
