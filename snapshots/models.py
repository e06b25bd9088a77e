"""A table of figures as it stood when it was sealed, with the rows that it counted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Identified, Keyed
from stats.cuts import Cut
from units.models import Placed
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
