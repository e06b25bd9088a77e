"""Rows that belong to a unit's area, and what becomes of them when the unit moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    import datetime as dt

    from units.models.unit import Unit, UnitQuerySet

NONE, ALL = Q(pk__in=[]), ~Q(pk__in=[])


def ids_of(path: str) -> list[int]:
    return [int(part) for part in path.strip("/").split("/") if part]


class Placed(models.Model):
    """A row that belongs to a unit's area: it carries the unit's ancestors beside the unit.

    Call `put_in(unit)` when the row is made; a move of a person is a new dated row. The database
    has the last word: a trigger (units/placing.py) copies the ancestors from the unit, under a
    lock, whoever writes the row. A row of the past, whose unit has moved since, keeps the
    ancestors of its time and the unit's path of its time in `past_path`.
    """

    unit = models.ForeignKey(
        "units.Unit", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    province = models.ForeignKey(
        "units.Unit", models.PROTECT, related_name="+", null=True, editable=False
    )
    city = models.ForeignKey(
        "units.Unit", models.PROTECT, related_name="+", null=True, editable=False
    )
    county = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", editable=False)
    township = models.ForeignKey(
        "units.Unit", models.PROTECT, related_name="+", null=True, editable=False
    )
    # Empty while the row stands where its unit stands, which is nearly always.
    past_path = models.CharField(max_length=200, default="", db_default="", editable=False)

    # How many of them, in words, on the pages of a unit ("%(n)s people"); None: not told there.
    tally: ClassVar[Promise | None] = None

    class Meta:
        abstract = True

    def put_in(self, unit: Unit) -> None:
        self.unit = unit
        self.past_path = ""
        for level in ("province_id", "city_id", "county_id", "township_id"):
            setattr(self, level, getattr(unit, level))

    @property
    def above_ids(self) -> list[int]:
        """Ids from the top down to the unit: whose offices see the row; of its time, if past."""
        return ids_of(self.past_path or self.unit.path)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.county_id is None or self._state.adding:
            self.put_in(self.unit)
        super().save(*args, **kwargs)

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        """Rows still open on that day. They follow a unit that moves then; the others stay."""
        return ALL

    @classmethod
    def cut(cls, units: UnitQuerySet, day: dt.date) -> None:
        """Divide what has two parts, one before the day and one from it on; see Posting."""

    @classmethod
    def leave_behind(cls, units: UnitQuerySet, day: dt.date) -> None:
        """What had ended before the day belongs for good where the units stand up to now."""
        paths = units.model._base_manager.filter(pk=OuterRef("unit")).values("path")
        ended = cls._base_manager.filter(unit__in=units, past_path="").exclude(cls.open_on(day))
        ended.update(past_path=Subquery(paths))

    @classmethod
    def open_at(cls, units: UnitQuerySet, day: dt.date) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = cls._base_manager.filter(unit__in=units, past_path="")
        return rows.filter(cls.open_on(day))

    @classmethod
    def follow(cls, units: UnitQuerySet, day: dt.date, *, to: Unit | None = None) -> None:
        """What is open on the day stands where its unit stands now, or at the successor."""
        cls.open_at(units, day).update(unit=to or F("unit"))


def placed_models() -> list[type[Placed]]:
    """Every table, of whatever app, that keeps a unit's ancestors beside the unit."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Placed) and model._meta.managed and not model._meta.proxy
    ]
