"""What one side wishes before the office decides."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cadres.models import Cadre
from core.models import Identified, Keyed
from mentors.models import Mentor
from programmes.models.programme import Programme


class Side(models.TextChoices):
    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")


class PreferenceQuerySet(models.QuerySet["Preference"]):
    def live(self) -> Self:
        return self.filter(withdrawn_at=None)


class Preference(Identified, Keyed):
    """意向: the nth choice of one side, from 1; withdrawn ones stay with their moment.

    Seen by who wished and by the office of the programme, by nobody else.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="preferences")
    side = models.CharField(_("wished by"), max_length=6, choices=Side)
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="+", verbose_name=_("mentor"))
    # Named, not hidden: a merge of two records takes along what points at the second one.
    mentee = models.ForeignKey(
        Cadre, models.PROTECT, related_name="wishes_as_mentee", verbose_name=_("mentee")
    )
    nth = models.PositiveSmallIntegerField(_("choice"))
    is_on_behalf = models.BooleanField(default=False)
    said_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = PreferenceQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "mentor", "nth"],
                condition=Q(side="mentor", withdrawn_at=None),
                name="preference_mentor_nth",
            ),
            models.UniqueConstraint(
                fields=["programme", "mentee", "nth"],
                condition=Q(side="mentee", withdrawn_at=None),
                name="preference_mentee_nth",
            ),
            models.UniqueConstraint(
                fields=["programme", "side", "mentor", "mentee"],
                condition=Q(withdrawn_at=None),
                name="preference_once",
            ),
            models.CheckConstraint(name="preference_numbered_from_one", condition=Q(nth__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.nth}"
