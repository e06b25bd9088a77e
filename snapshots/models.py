"""A table of figures as it stood when it was sealed, with the rows that it counted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Identified, Keyed
from stats.cuts import Cut
from units.models import Placed, Unit
from units.models.placed import NONE

if TYPE_CHECKING:
    from accounts.models import User


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, user: User) -> Self:
        """Those of the units that the user coordinates or reads; nobody else sees any."""
        return self.filter(user.rows_q())

    def for_list(self) -> Self:
        return self.select_related("unit", "created_by").defer("content")


class Snapshot(Identified, Placed, Keyed):
    """快照: what was said of a unit, a cut-off day and a period, and by whom it was sealed.

    Neither it nor its rows change afterwards; the database refuses (migration 0002).
    """

    as_of = models.DateField(_("cut-off date"))
    period_from = models.DateField(_("period begins on"))
    age = models.PositiveSmallIntegerField(_("age boundary"))
    purpose = models.CharField(_("purpose"), max_length=100)
    # See snapshots.freezing: all words and figures, and the digests of the rows by base.
    content = models.JSONField(encoder=DjangoJSONEncoder, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    # How many rows are kept beside the figures; empty where the unit has too many of them.
    row_count = models.PositiveIntegerField(null=True, editable=False)

    tally = _("%(n)d snapshots")

    objects = SnapshotQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [
            *Keyed.Meta.constraints,
            models.CheckConstraint(
                name="snapshot_days_in_order", condition=Q(as_of__gte=F("period_from"))
            ),
            models.CheckConstraint(name="snapshot_for_a_purpose", condition=~Q(purpose="")),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="snapshot_county_newest")]

    def __str__(self) -> str:
        return f"{self.unit} {self.as_of:%Y-%m-%d}"

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        """It belongs to the office that sealed it; a unit that moves leaves it behind."""
        return NONE

    @property
    def asked(self) -> Cut:
        return Cut(self.as_of, self.period_from, self.age)


class SnapshotRow(models.Model):
    """One thing that was counted: a person, a pair or a record, by its id.

    `place` is the line of the table it stood in, `cell` the values of the base's dimensions.
    """

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="rows")
    base = models.CharField(max_length=16)
    key = models.UUIDField()
    place = models.CharField(max_length=20)
    cell: models.JSONField[dict[str, Any]] = models.JSONField()

    class Meta:
        verbose_name = _("row of a snapshot")
        verbose_name_plural = _("rows of snapshots")
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "base", "key"], name="snapshot_row_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.base} {self.key}"


class Rhythm(models.TextChoices):
    MONTHLY = "monthly", _("each month")
    QUARTERLY = "quarterly", _("each quarter")


class ReportOrderQuerySet(models.QuerySet["ReportOrder"]):
    def visible_to(self, user: User) -> Self:
        """Those of the units that the user coordinates today."""
        units = Unit.objects.filter(user.units_q(roles=("coordinator",)))
        return self.filter(unit__in=units)


class ReportOrder(Identified):
    """定期报表: a unit's figures are sealed by the system each month or quarter.

    It has no place of its own: who coordinates the unit today decides about it, wherever the
    unit stood when it was ordered.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    rhythm = models.CharField(_("rhythm"), max_length=10, choices=Rhythm)
    is_on = models.BooleanField(_("is on"), default=False)

    objects = ReportOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("regular report")
        verbose_name_plural = _("regular reports")
        constraints = [
            models.UniqueConstraint(fields=["unit", "rhythm"], name="report_order_once"),
            models.CheckConstraint(
                name="report_order_rhythm", condition=Q(rhythm__in=["monthly", "quarterly"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_rhythm_display()}"


class ReportOrderEvent(models.Model):
    """Who switched a regular report on or off, and when."""

    order = models.ForeignKey(ReportOrder, models.CASCADE, related_name="events")
    is_on = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("switching of a regular report")
        verbose_name_plural = _("switchings of regular reports")

    def __str__(self) -> str:
        return f"{self.order_id} {self.is_on}"


class ReportDelivery(models.Model):
    """What came of an order for one period: once, whoever sweeps."""

    order = models.ForeignKey(ReportOrder, models.CASCADE, related_name="deliveries")
    period_from = models.DateField(_("period begins on"))
    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="delivery")

    class Meta:
        verbose_name = _("delivery of a regular report")
        verbose_name_plural = _("deliveries of regular reports")
        constraints = [
            models.UniqueConstraint(fields=["order", "period_from"], name="report_delivered_once")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.period_from:%Y-%m-%d}"
