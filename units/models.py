"""The organisation tree 单位: divisions with a code, and bodies without one."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county or district")
    TOWNSHIP = "township", _("township or subdistrict")
    VILLAGE = "village", _("village or community")
    ZONE = "zone", _("functional zone")
    DEPARTMENT = "department", _("department")
    STATION = "station", _("grass-roots station")


class UnitQuerySet(models.QuerySet["Unit"]):
    def within(self, unit: Unit) -> Self:
        """The unit and all below it, by one condition on an index."""
        return self.filter(path__startswith=unit.path)

    def visible_to(self, user: Any) -> Self:
        """Units in the subtrees of the user's grants. The tree holds no personal data."""
        return self.filter(user.units_q())

    def live(self) -> Self:
        return self.filter(closed_on=None)


class Unit(models.Model):
    """A node of the tree.

    `path` is `/<id>/<id>/…/<own id>/`, so a subtree is one prefix. The columns `province`,
    `city`, `county` and `township` name the ancestor of that level, the unit itself included;
    rows of big tables copy them (see Placed), so a scope is one equality there. `county` is
    never empty for the sake of those tables: above the county it is the unit itself.
    """

    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent unit"),
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
    )
    name = models.CharField(_("unit name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    code = models.CharField(
        _("division code"),
        max_length=12,
        null=True,
        blank=True,
    )
    path = models.CharField(max_length=200, editable=False, default="")
    province = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, editable=False
    )
    city = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, editable=False)
    county = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, editable=False)
    township = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, editable=False
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        constraints = [
            # A city without districts repeats its code one level down, as 东莞市 does.
            models.UniqueConstraint(
                fields=["code", "kind"],
                name="unit_code_once_per_kind",
                condition=Q(code__isnull=False),
            ),
            models.CheckConstraint(
                name="unit_code_has_12_digits",
                condition=Q(code__isnull=True) | Q(code__regex=r"^\d{12}$"),
            ),
            models.CheckConstraint(name="unit_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]
        indexes = [
            models.Index(
                fields=["path"], name="unit_path_prefix", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["name"], name="unit_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_county_level(self) -> bool:
        """A county, or a zone straight below a city: both keep a register of their own."""
        return (
            self.pk is not None
            and self.county_id == self.pk
            and self.kind
            in {
                Kind.COUNTY,
                Kind.ZONE,
            }
        )

    def rows_q(self, prefix: str = "") -> Q:
        """The condition for rows of Placed tables in this subtree.

        `prefix` leads from the table to the placed row ("pairing__"). One equality on an index
        at the four levels of government, a prefix of the path below and beside them.
        """
        level = {
            Kind.PROVINCE: "province",
            Kind.CITY: "city",
            Kind.TOWNSHIP: "township",
        }.get(Kind(self.kind))
        if self.is_county_level:
            level = "county"
        if level is not None:
            return Q(**{f"{prefix}{level}_id": self.pk})
        return Q(**{f"{prefix}unit__path__startswith": self.path})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves the unit where its parent says; moving a unit with children is `tree.move`."""
        super().save(*args, **kwargs)
        placed = self._placed()
        if any(getattr(self, name) != value for name, value in placed.items()):
            for name, value in placed.items():
                setattr(self, name, value)
            super().save(update_fields=list(placed))

    def _placed(self) -> dict[str, Any]:
        parent = self.parent
        above = {
            name: getattr(parent, name, None)
            for name in ("province_id", "city_id", "county_id", "township_id")
        }
        if self.kind in {Kind.PROVINCE, Kind.CITY, Kind.COUNTY, Kind.TOWNSHIP}:
            above[f"{self.kind}_id"] = self.pk
        if (
            parent is None
            or self.kind in {Kind.PROVINCE, Kind.CITY}
            or (self.kind == Kind.ZONE and parent.kind == Kind.CITY)
        ):
            above["county_id"] = self.pk
        return {"path": f"{parent.path if parent else '/'}{self.pk}/", **above}

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the top down to the unit itself."""
        return [int(part) for part in self.path.strip("/").split("/") if part]


class Placed(models.Model):
    """A row that belongs to a unit's area: it carries the unit's ancestors beside the unit.

    Call `put_in(unit)` when the row is made; a move of a person is a new dated row.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, editable=False)
    city = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, editable=False)
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", editable=False)
    township = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, editable=False)

    class Meta:
        abstract = True

    def put_in(self, unit: Unit) -> None:
        self.unit = unit
        for level in ("province_id", "city_id", "county_id", "township_id"):
            setattr(self, level, getattr(unit, level))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.county_id is None or self._state.adding:
            self.put_in(self.unit)
        super().save(*args, **kwargs)
