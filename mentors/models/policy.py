"""Who may be appointed as mentor, by an office's own document."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from core.models import Keyed
from units.models import Unit

PRESET_BASIS = "示例规则，未核对原文"


class MentorPolicy(Keyed):
    """导师聘任规则: dated parameters with their basis document; the nearest ancestor's rule.

    An empty number is not checked. The preset checks nothing about a person: no rule of any
    office is invented.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="mentor_policies", verbose_name=_("unit")
    )
    from_on = models.DateField(_("in force from"))
    basis = models.CharField(_("basis document"), max_length=200)
    min_service_years = models.PositiveSmallIntegerField(
        _("full years of service at least"), null=True, blank=True
    )
    max_age = models.PositiveSmallIntegerField(_("age at most"), null=True, blank=True)
    requires_party = models.BooleanField(_("party members only"), default=False)
    min_party_years = models.PositiveSmallIntegerField(
        _("full years in the party at least"), null=True, blank=True
    )
    requires_notice = models.BooleanField(_("public notice before the appointment"), default=False)
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice at least"), null=True, blank=True
    )
    term_months = models.PositiveSmallIntegerField(_("term in months"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(_("places to begin with"), default=2)
    expiring_days = models.PositiveSmallIntegerField(_("days before the end of term"), default=60)

    class Meta:
        verbose_name = _("rule of appointment")
        verbose_name_plural = _("rules of appointment")
        ordering = ["unit", "-from_on"]
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "from_on"],
                name="mentor_policy_once_per_unit_and_day",
                violation_error_message=_("A version from this day on is there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.from_on} {self.basis}"

    @classmethod
    def in_force(cls, unit: Unit, on: dt.date) -> MentorPolicy:
        """The rule for a unit on a day: its own, else the nearest ancestor's, else the preset."""
        rows = cls.objects.filter(unit__in=unit.ancestor_ids, from_on__lte=on)
        nearest = rows.select_related("unit").order_by(Length("unit__path").desc(), "-from_on")
        return nearest.first() or cls(unit=unit, from_on=on, basis=PRESET_BASIS)

    @property
    def is_preset(self) -> bool:
        """No office entered it: a page that shows its numbers shows its basis as well."""
        return self.pk is None
