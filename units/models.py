"""The organisation tree 单位: divisions with a code, and bodies without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from core.models import Keyed
from core.text import squeeze

if TYPE_CHECKING:
    import datetime as dt


class Kind(models.TextChoices):
    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county or district")
    TOWNSHIP = "township", _("township or subdistrict")
    VILLAGE = "village", _("village or community")
    ZONE = "zone", _("functional zone")
    DEPARTMENT = "department", _("department")
    STATION = "station", _("grass-roots station")


K = Kind
# What each kind may stand below. Bodies without a code stand where an office needs them.
PARENTS: dict[str, tuple[Kind, ...]] = {
    K.PROVINCE: (),
    K.CITY: (K.PROVINCE,),
    K.COUNTY: (K.PROVINCE, K.CITY),
    K.ZONE: (K.PROVINCE, K.CITY, K.COUNTY, K.TOWNSHIP),
    K.TOWNSHIP: (K.CITY, K.COUNTY, K.ZONE),
    K.VILLAGE: (K.COUNTY, K.ZONE, K.TOWNSHIP),
    K.DEPARTMENT: (K.PROVINCE, K.CITY, K.COUNTY, K.ZONE, K.TOWNSHIP, K.DEPARTMENT),
    K.STATION: (K.CITY, K.COUNTY, K.ZONE, K.TOWNSHIP, K.VILLAGE, K.DEPARTMENT),
}
# Levels of government come from the table of divisions; these are added by hand.
ADDABLE = (K.ZONE, K.DEPARTMENT, K.STATION, K.VILLAGE)


class UnitQuerySet(models.QuerySet["Unit"]):
    def within(self, unit: Unit) -> Self:
        """The unit and all below it, by one condition on an index."""
        return self.filter(path__startswith=unit.path)

    def visible_to(self, user: Any) -> Self:
        """Units in the subtrees of the user's grants. The tree holds no personal data."""
        return self.filter(user.units_q())

    def live(self) -> Self:
        return self.filter(closed_on=None)

    def search(self, text: str) -> Self:
        """By a part of the name, or the beginning of the code; the best fit first.

        Order: the very name, names that begin with it, others; then the higher unit.
        """
        words = squeeze(text)
        if not words:
            return self.order_by(Length("path"), "path")
        fit = Case(
            When(name=words, then=Value(0)), When(name__startswith=words, then=Value(1)),
            default=Value(2),
        )  # fmt: skip
        found = self.filter(Q(name__contains=words) | Q(code__startswith=words))
        return found.annotate(fit=fit).order_by("fit", Length("path"), "path")


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
        if self.settle():
            super().save(update_fields=PLACE)

    def settle(self) -> bool:
        """Set path and ancestors by the parent's; says whether that changed anything.

        The unit has its id already, and the parent stands right itself.
        """
        parent = self.parent
        place: dict[str, Any] = {name: getattr(parent, name, None) for name in PLACE[1:]}
        if self.kind in {Kind.PROVINCE, Kind.CITY, Kind.COUNTY, Kind.TOWNSHIP}:
            place[f"{self.kind}_id"] = self.pk
        if (
            parent is None
            or self.kind in {Kind.PROVINCE, Kind.CITY}
            or (self.kind == Kind.ZONE and parent.kind == Kind.CITY)
        ):
            place["county_id"] = self.pk
        place["path"] = f"{parent.path if parent else '/'}{self.pk}/"
        has_changed = any(getattr(self, name) != value for name, value in place.items())
        for name, value in place.items():
            setattr(self, name, value)
        return has_changed

    @transaction.atomic
    def rename(self, name: str, *, by: Any) -> None:
        old, self.name = self.name, name
        if old != name:
            self.save(update_fields=["name"])
            UnitEvent.objects.create(unit=self, verb=Verb.RENAME, detail=old, created_by=by)

    @transaction.atomic
    def close(self, on: dt.date, *, by: Any) -> None:
        """No longer offered in forms from now on; what happened there stays."""
        self.closed_on = on
        self.save(update_fields=["closed_on"])
        UnitEvent.objects.create(unit=self, verb=Verb.CLOSE, detail=str(on), created_by=by)

    @transaction.atomic
    def reopen(self, *, by: Any) -> None:
        self.closed_on = None
        self.save(update_fields=["closed_on"])
        UnitEvent.objects.create(unit=self, verb=Verb.REOPEN, created_by=by)

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the top down to the unit itself."""
        return [int(part) for part in self.path.strip("/").split("/") if part]


# The columns that follow from the parent.
PLACE = ["path", "province_id", "city_id", "county_id", "township_id"]


class Verb(models.TextChoices):
    CREATE = "create", _("unit added")
    RENAME = "rename", _("unit renamed")
    MOVE = "move", _("unit moved")
    CLOSE = "close", _("unit closed down")
    REOPEN = "reopen", _("unit in use again")


class UnitEvent(Keyed):
    """Who changed a unit by hand, and what stood there before (`detail`)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=12, choices=Verb)
    detail = models.CharField(max_length=200, blank=True)

    class Meta(Keyed.Meta):
        verbose_name = _("unit event")
        verbose_name_plural = _("unit events")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.unit_id}"


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
