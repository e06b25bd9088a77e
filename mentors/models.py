"""The appointment of a cadre as mentor 导师."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cadres.models import Cadre
from core.models import Identified, Keyed
from core.text import person_name, squeeze
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User


class MentorCategory(models.Model):
    """导师类型: an open list, kept as rows."""

    name = models.CharField(_("category name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("mentor category")
        verbose_name_plural = _("mentor categories")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class MentorQuerySet(models.QuerySet["Mentor"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user.rows_q() | Q(cadre__user=user))

    def in_office(self, day: dt.date) -> Self:
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)

    def search(self, text: str) -> Self:
        words = squeeze(text)
        if not words:
            return self
        condition = Q(cadre__name__contains=person_name(words)) | Q(unit__name__contains=words)
        if words.isascii():
            key = "".join(words.lower().split())
            condition |= Q(cadre__pinyin__startswith=key) | Q(cadre__initials__startswith=key)
        return self.filter(condition)

    def for_list(self) -> Self:
        return self.select_related("cadre", "cadre__unit", "unit", "township", "county", "category")


class Mentor(Identified, Placed, Keyed):
    """An appointment as mentor, placed at the unit that appoints, from a day to a day."""

    cadre = models.ForeignKey(
        Cadre, verbose_name=_("cadre"), on_delete=models.PROTECT, related_name="mentorships"
    )
    category = models.ForeignKey(
        MentorCategory, verbose_name=_("mentor category"), on_delete=models.PROTECT
    )
    capacity = models.PositiveSmallIntegerField(_("places"), default=2)
    from_on = models.DateField(_("from"), default=timezone.localdate)
    to_on = models.DateField(_("to"), null=True, blank=True)
    end_reason = models.CharField(_("reason for ending"), max_length=200, blank=True)

    objects = MentorQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(to_on=None),
                name="mentor_one_open_appointment",
                violation_error_message=_("This person is a mentor already."),
            ),
            models.CheckConstraint(
                name="mentor_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "to_on"], name="mentor_county_to"),
            models.Index(fields=["township", "to_on"], name="mentor_township_to"),
        ]

    def __str__(self) -> str:
        return self.cadre.name

    def is_in_office(self, day: dt.date) -> bool:
        return self.from_on <= day and (self.to_on is None or self.to_on >= day)

    @transaction.atomic
    def end(self, *, on: dt.date, reason: str, by: User) -> None:
        """Close the appointment; compare-and-swap on its being open."""
        changed = Mentor.objects.filter(pk=self.pk, to_on=None).update(to_on=on, end_reason=reason)
        if not changed:
            raise ValueError("the appointment is closed already")
        MentorEvent.objects.create(mentor=self, actor=by, verb="end", reason=reason)
        self.refresh_from_db()

    def free_places(self, taken: int) -> int:
        return max(self.capacity - taken, 0)


class MentorEvent(models.Model):
    """Who appointed, changed or ended an appointment, when and why."""

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    verb = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mentor event")
        verbose_name_plural = _("mentor events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.mentor_id}"
