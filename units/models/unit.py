"""The organisation tree 单位: divisions with a code, and bodies without one."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.text import squeeze
from units.models.history import FormerName, UnitEvent, Verb
from units.models.kind import Kind
from units.models.placed import ids_of, placed_models

# The columns that follow from the parent.
PLACE = ["path", "province_id", "city_id", "county_id", "township_id"]
DAY = dt.timedelta(days=1)


class NotNow(Exception):
    """The unit is in another state: closed, merged, or changed by somebody else meanwhile."""


class StillInUse(NotNow):
    """People, pairs or other units stand there: the unit cannot be closed."""


class BadDay(ValueError):
    """The day lies in the future, or before something that is on record (`earliest`)."""

    def __init__(self, day: dt.date, earliest: dt.date | None = None) -> None:
        super().__init__(f"{day} (earliest: {earliest})")
        self.earliest = earliest


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
        """By a part of the name, past or present, or the beginning of the code; best fit first.

        Order: the very name, names that begin with it, others, former names; then the higher unit.
        """
        words = squeeze(text)
        if not words:
            return self.order_by(Length("path"), "path")
        fit = Case(
            When(name=words, then=Value(0)), When(name__startswith=words, then=Value(1)),
            When(Q(name__contains=words) | Q(code__startswith=words), then=Value(2)),
            default=Value(3),
        )  # fmt: skip
        former = FormerName.objects.filter(name__contains=words).values("unit")
        found = self.filter(Q(name__contains=words) | Q(code__startswith=words) | Q(pk__in=former))
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
    # Empty: in use since before anybody kept records here.
    from_on = models.DateField(_("in use from"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    # The unit that took over people and tasks when this one was merged 撤并.
    successor = models.ForeignKey(
        "self", models.PROTECT, related_name="merged_units", null=True, editable=False
    )
    # Whether rows of the past name this unit in their `past_path`: something moved in or out.
    has_past = models.BooleanField(default=False, editable=False)

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
            models.CheckConstraint(
                name="unit_with_a_successor_is_closed",
                condition=Q(successor=None) | (Q(closed_on__isnull=False) & ~Q(successor=F("id"))),
            ),
            models.CheckConstraint(
                name="unit_closes_after_it_begins",
                condition=Q(from_on=None) | Q(closed_on=None) | Q(closed_on__gte=F("from_on")),
            ),
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
        was_here = Q(**{f"{prefix}past_path__contains": f"/{self.pk}/"})
        if level is not None:
            rows = Q(**{f"{prefix}{level}_id": self.pk})
            # A zone that was lifted to county level has rows from before, too.
            return rows | was_here if self.has_past and self.kind == Kind.ZONE else rows
        rows = Q(**{f"{prefix}unit__path__startswith": self.path})
        if not self.has_past:  # the OR costs the index, and hardly any unit needs it
            return rows
        return rows & Q(**{f"{prefix}past_path": ""}) | was_here

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

    def name_on(self, day: dt.date) -> str:
        """The name that it bore on that day; for many units at once, `naming.names_on`."""
        former = self.former_names.on(day).first()
        return str(former or self.name)

    @transaction.atomic
    def rename(
        self, name: str, *, by: Any, on: dt.date | None = None, key: uuid.UUID | None = None
    ) -> UnitEvent | None:
        """Another name from the day on (today, if none is given); the old one stays on record.

        BadDay in the future, or before the day on which the present name began.
        """
        day = _not_ahead(on)
        self.lock()
        if self.name == name:
            return None
        if (begins := self.named_since()) and day < begins:
            raise BadDay(day, begins)
        if former := self.name_until(day):
            former.save()
        old, self.name = self.name, name
        self.save(update_fields=["name"])
        return self.note(Verb.RENAME, on=day, by=by, key=key, detail=old)

    def name_until(self, day: dt.date) -> FormerName | None:
        """The present name as one of the past, unsaved; None when it was in force on no day."""
        begins = self.named_since()
        if begins and begins >= day:
            return None
        return FormerName(unit=self, name=self.name, from_on=begins, to_on=day - DAY)

    def named_since(self) -> dt.date | None:
        """The first day of the present name; None where nothing is known."""
        last = max((former.to_on for former in self.former_names.all()), default=None)
        return last + DAY if last else self.from_on

    @transaction.atomic
    def close(self, on: dt.date, *, by: Any, key: uuid.UUID | None = None) -> UnitEvent:
        """No longer in use from the day on; what happened there stays.

        NotNow where it is closed, StillInUse while anything open stands there; BadDay.
        """
        day = _not_ahead(on)
        self.lock()
        if self.closed_on:
            raise NotNow
        if self.from_on and day < self.from_on:
            raise BadDay(day, self.from_on)
        if self.children.live().exists() or self.is_in_use(day):
            raise StillInUse
        self.closed_on = day
        self.save(update_fields=["closed_on"])
        return self.note(Verb.CLOSE, on=day, by=by, key=key, detail=str(day))

    @transaction.atomic
    def reopen(self, *, by: Any, key: uuid.UUID | None = None) -> UnitEvent:
        """In use again; NotNow for one in use, a merged one, or below a closed parent."""
        self.lock()
        if not self.closed_on or self.successor_id or (self.parent and self.parent.closed_on):
            raise NotNow
        self.closed_on = None
        self.save(update_fields=["closed_on"])
        return self.note(Verb.REOPEN, on=timezone.localdate(), by=by, key=key)

    def is_in_use(self, day: dt.date) -> bool:
        """Whether people, posts or pairs are open here, below left aside."""
        here = Unit.objects.filter(pk=self.pk)
        return any(
            model.open_at(here, day).exists()
            for model in placed_models()
            if model.tally is not None
        )

    def lock(self) -> None:
        """Nobody else changes the unit, or puts a row into it, until the transaction ends."""
        list(Unit.objects.select_for_update(no_key=True).filter(pk=self.pk).values_list("pk"))
        self.refresh_from_db()

    def note(self, verb: Verb, *, by: Any, key: uuid.UUID | None = None, **facts: Any) -> UnitEvent:
        return UnitEvent.objects.create(
            unit=self, verb=verb, created_by=by, client_key=key, **facts
        )

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the top down to the unit itself."""
        return ids_of(self.path)


def _not_ahead(on: dt.date | None) -> dt.date:
    today = timezone.localdate()
    if on and on > today:
        raise BadDay(on)
    return on or today
