"""A meeting that a pair means to hold: planned, moved to another day, held or called off."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.entering import capacities
from activities.models import Method
from calendars.states import BADGES, MOVES, VERBS, State
from core.masking import MaskedText
from core.models import Identified, Keyed
from pairings.models import Pairing
from pairings.states import State as PairState
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User

# For so long a calendar that subscribes is told that a meeting was called off. One that merely
# finds it gone may keep it for ever.
TELLS_CALLED_OFF = dt.timedelta(days=60)


class StaleMove(Exception):
    """The meeting has moved on, or the pair takes no work now: nothing was done."""


class MeetingQuerySet(models.QuerySet["PlannedMeeting"]):
    def visible_to(self, user: User) -> Self:
        """Meetings of the pairs that the user sees."""
        return self.filter(pairing__in=Pairing.objects.visible_to(user))

    def told(self, now: dt.datetime) -> Self:
        """For those who subscribe: what is to come or was held, and what was called off lately.

        A pair that rests or has ended meets nobody.
        """
        planned = Q(state=State.PLANNED, pairing__state=PairState.ACTIVE)
        off = Q(state=State.CANCELLED, changed_at__gt=now - TELLS_CALLED_OFF)
        return self.filter(planned | off | Q(state=State.HELD))

    def coming(self, today: dt.date) -> Self:
        rows = self.filter(state=State.PLANNED, pairing__state=PairState.ACTIVE, day__gte=today)
        return rows.order_by("day", "time", "pk")

    def for_list(self) -> Self:
        return self.select_related("pairing__mentor_cadre", "pairing__mentee")

    def for_detail(self) -> Self:
        return self.for_list().select_related("pairing__unit", "created_by")


class PlannedMeeting(Identified, Placed, Keyed, MaskedText):
    """`revision` counts every change: a calendar that subscribes reads it as SEQUENCE."""

    free_text = ("topic", "place_text", "reason")

    pairing = models.ForeignKey(
        Pairing, verbose_name=_("pairing"), on_delete=models.PROTECT, related_name="meetings"
    )
    day = models.DateField(_("date"))
    time = models.TimeField(_("time of day"), null=True, blank=True)
    method = models.CharField(_("method of guidance"), max_length=12, choices=Method, blank=True)
    topic = models.CharField(_("topic"), max_length=200)
    place_text = models.CharField(_("place (in words)"), max_length=100, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.PLANNED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    is_on_behalf = models.BooleanField(_("entered on behalf"), default=False, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = MeetingQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("planned meeting")
        verbose_name_plural = _("planned meetings")
        constraints = [
            *Keyed.Meta.constraints,
            models.CheckConstraint(
                name="plannedmeeting_called_off_has_a_reason",
                condition=~Q(state=State.CANCELLED) | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index(fields=["pairing", "day"], name="plannedmeeting_pairing_day")]

    def __str__(self) -> str:
        return self.topic

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(day__gte=day)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.unit = self.pairing.unit
        super().save(*args, **kwargs)

    @property
    def badge(self) -> str:
        return BADGES[self.state]

    def moves_for(self, user: User, today: dt.date) -> list[str]:
        """The verbs open to this user now; what lies ahead has not taken place."""
        if not (self.pairing.allows_records and capacities(self.pairing, user)):
            return []
        verbs = [verb for verb, move in MOVES.items() if State(self.state) in move.path]
        return [verb for verb in verbs if verb != "hold" or self.day <= today]


class MeetingEvent(Keyed, MaskedText):
    """Who did what to a planned meeting, when, why."""

    free_text = ("reason",)

    meeting = models.ForeignKey(PlannedMeeting, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=10)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    old_day = models.DateField(null=True)
    new_day = models.DateField()
    is_on_behalf = models.BooleanField(default=False)

    class Meta(Keyed.Meta):
        verbose_name = _("event of a planned meeting")
        verbose_name_plural = _("events of a planned meeting")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.meeting_id}"

    @property
    def label(self) -> str | Promise:
        return VERBS.get(self.verb, self.verb)
