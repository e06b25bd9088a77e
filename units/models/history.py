"""What became of a unit: the names that it bore, and who changed it, as of which day."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from core.models import Keyed
from units.models.kind import Kind


class FormerNameQuerySet(models.QuerySet["FormerName"]):
    def on(self, day: dt.date) -> Self:
        """Borne on that day; an unknown beginning counts as long ago."""
        return self.filter(Q(from_on=None) | Q(from_on__lte=day), to_on__gte=day)


class FormerName(models.Model):
    """A name that a unit bore up to a day; the present one stands in the unit itself."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, related_name="former_names")
    name = models.CharField(_("former name"), max_length=100)
    from_on = models.DateField(_("from"), null=True)
    to_on = models.DateField(_("to"))

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("former name of a unit")
        verbose_name_plural = _("former names of units")
        ordering = ["-to_on"]
        constraints = [
            ExclusionConstraint(
                name="unit_one_name_a_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (
                        Func(
                            F("from_on"),
                            F("to_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["name"], name="unit_former_name")]

    def __str__(self) -> str:
        return self.name

    def was_borne_on(self, day: dt.date) -> bool:
        return self.to_on >= day and (self.from_on is None or self.from_on <= day)


class Verb(models.TextChoices):
    CREATE = "create", _("unit added")
    RENAME = "rename", _("unit renamed")
    MOVE = "move", _("unit moved")
    MERGE = "merge", _("unit merged into another")
    CLOSE = "close", _("unit closed down")
    REOPEN = "reopen", _("unit in use again")
    CORRECT = "correct", _("code or kind of a unit corrected")


class UnitEvent(Keyed):
    """Who changed a unit by hand, as of which day, and what stood there before (`detail`).

    A move names the parent that it left (`origin`) and the new one (`target`), a merger the
    successor (`target`), a correction kind and code before and after.
    """

    unit = models.ForeignKey("units.Unit", models.CASCADE, related_name="events")
    verb = models.CharField(max_length=12, choices=Verb)
    # Empty where it was entered before days were asked for, or is not known (new in a table).
    on = models.DateField(_("with effect from"), null=True)
    origin = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", null=True)
    target = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", null=True)
    detail = models.CharField(max_length=200, blank=True)
    old_kind = models.CharField(max_length=12, choices=Kind, blank=True)
    new_kind = models.CharField(max_length=12, choices=Kind, blank=True)
    old_code = models.CharField(max_length=12, blank=True)
    new_code = models.CharField(max_length=12, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(Keyed.Meta):
        verbose_name = _("unit event")
        verbose_name_plural = _("unit events")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.unit_id}"
