"""Sessions and visits: what a pair did, on which day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.methods import Method, called, checked, short_form
from core.masking import MaskedText, masked
from core.models import Identified, Keyed
from pairings.models import Pairing
from units.models import Placed, Unit

if TYPE_CHECKING:
    from accounts.models import User


class Visited(models.TextChoices):
    """Whom a visit went to: a category, never a villager's name."""

    HOUSEHOLD = "household", _("households")
    HARDSHIP = "hardship", _("households in hardship")
    FIRM = "firm", _("firms")
    PROJECT = "project", _("project sites")
    OTHER = "other", _("others")


class RecordQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Records of the user's subtrees and of the user's own pairs.

        The own pairs are asked for only when the user stands in the register: for everybody
        else the scope stays one equality on an index, without a join.
        """
        condition = user.rows_q()
        if cadre := getattr(user, "cadre", None):
            condition |= Q(pairing__mentor_cadre=cadre) | Q(pairing__mentee=cadre)
        return self.filter(condition)

    def readable_by(self, user: User) -> Self:
        """What `visible_to` gives, and the whole file of every pair that the user sees.

        A pair that came with its unit from another county brings the records of before: they
        are counted there, and read here as well.
        """
        own = Q(pk__in=self.model._default_manager.visible_to(user).values("pk"))
        return self.filter(own | Q(pairing__in=Pairing.objects.visible_to(user)))

    def search(self, text: str) -> Self:
        """By the names, pinyin or initials of the two, or the unit of the mentee."""
        return self.filter(pairing__in=Pairing.objects.search(text)) if text.strip() else self

    def for_list(self) -> Self:
        return self.select_related("pairing__mentor_cadre__unit", "pairing__mentee__unit", "unit")

    def for_detail(self) -> Self:
        return self.for_list().select_related("pairing__unit", "created_by")


class DatedQuerySet(RecordQuerySet):
    def between(self, first: dt.date | None, last: dt.date | None) -> Self:
        """Both days included; an empty one leaves that side open."""
        rows = self
        if first:
            rows = rows.filter(happened_on__gte=first)
        return rows.filter(happened_on__lte=last) if last else rows


class SessionQuerySet(DatedQuerySet):
    def search(self, text: str) -> Self:
        """As other records, and by any word for a method."""
        if methods := called(text):
            pairs = Pairing.objects.search(text)
            return self.filter(Q(method__in=methods) | Q(pairing__in=pairs))
        return super().search(text)


class VisitQuerySet(DatedQuerySet):
    def for_list(self) -> Self:
        return super().for_list().select_related("place")


class Record(Identified, Placed, Keyed, MaskedText):
    """A record of a pairing, placed where the pairing is."""

    pairing = models.ForeignKey(
        Pairing, verbose_name=_("pairing"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    is_on_behalf = models.BooleanField(_("entered on behalf"), default=False, editable=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta(Keyed.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.unit = self.pairing.unit
        super().save(*args, **kwargs)


# A record entered later than this after its day is marked 补记: what is written down within the
# week is fresh memory, later it is recollection, and the reader should know. A mark alone; no
# rule of any office hangs on it.
LATE_AFTER_DAYS = 7


class DatedRecord(Record):
    """A record of a day; what happened from the day of a move on follows the unit."""

    happened_on = models.DateField(_("date"), default=timezone.localdate)

    class Meta(Record.Meta):
        abstract = True

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(happened_on__gte=day)

    @property
    def is_late(self) -> bool:
        """Entered more than a week after its day, by the days of this place."""
        entered = timezone.localdate(self.created_at)
        return (entered - self.happened_on).days > LATE_AFTER_DAYS


class Session(DatedRecord):
    """帮带记录: one meeting, by one of the six methods."""

    free_text = ("topic", "content")

    method = models.CharField(_("method"), max_length=12, choices=Method)
    topic = models.CharField(_("topic"), max_length=200)
    content = models.TextField(_("what was done together"), blank=True)
    # The method's short form: part -> text; see activities.methods. Records of before have none.
    details = models.JSONField(default=dict, blank=True, editable=False)
    # What was set on that day, when the method is to set an assignment.
    assignment = models.ForeignKey(
        "activities.Assignment",
        on_delete=models.PROTECT,
        related_name="sessions",
        null=True,
        editable=False,
    )

    objects: ClassVar[Any] = SessionQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(fields=["pairing", "-happened_on"], name="session_pairing_day"),
            # With all that figures group by: a county's sessions lie all over the table.
            models.Index(
                fields=["county", "happened_on"],
                include=["method", "unit", "past_path"],
                name="session_county_day_figures",
            ),
        ]

    def __str__(self) -> str:
        return self.topic

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises ValueError for details that are not the method's."""
        details = {name: masked(text) for name, text in self.details.items()}
        self.details = checked(self.method, details)
        super().save(*args, **kwargs)

    @property
    def topic_label(self) -> Any:
        return short_form(self.method).topic

    @property
    def parts(self) -> list[tuple[Any, str]]:
        """Label and text of what the short form says, in the form's order."""
        form = short_form(self.method)
        return [
            (part.label, self.details[part.name])
            for part in form.parts
            if part.name in self.details
        ]


class Visit(DatedRecord):
    """走访: a walk to households, firms or sites, by the mentee, with or without the mentor."""

    free_text = ("place_text", "asked", "done")

    place = models.ForeignKey(
        Unit,
        verbose_name=_("place (unit)"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    place_text = models.CharField(_("place (in words)"), max_length=100, blank=True)
    visited = models.CharField(_("visited"), max_length=12, choices=Visited)
    people_count = models.PositiveSmallIntegerField(_("number visited"), default=1)
    is_with_mentor = models.BooleanField(_("with the mentor"), default=False)
    asked = models.TextField(_("what was asked"), blank=True)
    done = models.TextField(_("what was done"), blank=True)

    objects: ClassVar[Any] = VisitQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="visit_has_a_place",
                condition=Q(place__isnull=False) | ~Q(place_text=""),
                violation_error_message=_("Say where: choose a unit or write the place."),
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "-happened_on"], name="visit_pairing_day"),
            models.Index(
                fields=["county", "happened_on"],
                include=["is_with_mentor", "unit", "past_path"],
                name="visit_county_day_figures",
            ),
        ]

    def __str__(self) -> str:
        return self.where

    @property
    def where(self) -> str:
        """The unit, and the place in words behind it when both were given."""
        names = [self.place.name if self.place else "", self.place_text]
        return " · ".join(name for name in names if name)
