"""The timeline of a pairing."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pairings.states import MOVES, Cause, State


class PairingEventQuerySet(models.QuerySet["PairingEvent"]):
    def standing(self) -> Self:
        """Without what was taken back, and without the taking back: as if neither had been."""
        # A set that is read once: the join would be made anew for the events of each pair.
        gone = PairingEvent.objects.filter(reverses__isnull=False).values("reverses")
        return self.filter(reverses=None).exclude(pk__in=gone)

    def changing_state(self) -> Self:
        return self.exclude(from_state=F("to_state"))


class PairingEvent(models.Model):
    """结对事件: who did what to a pairing, when, why."""

    pairing = models.ForeignKey("pairings.Pairing", models.CASCADE, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    is_on_behalf = models.BooleanField(default=False)
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=16, choices=State, blank=True)
    to_state = models.CharField(max_length=16, choices=State)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Of a termination: its reason as a word that figures count.
    cause = models.CharField(
        _("cause of the end"), max_length=20, choices=Cause, blank=True, default="", db_default=""
    )
    document = models.CharField(_("document number"), max_length=100, blank=True)
    # Of a registration: the problems that the office passed, in sentences, and its reason.
    waived = models.TextField(blank=True)
    waiver = models.CharField(max_length=150, blank=True)
    on = models.DateField(_("with effect from"))
    old_to_on = models.DateField(null=True)
    new_to_on = models.DateField(null=True)
    old_ceremony_on = models.DateField(null=True)
    new_ceremony_on = models.DateField(null=True)
    # Of a suspension: the day on which it was meant to end.
    resumes_on = models.DateField(null=True)
    # Of a reversal: the move that it took back, each at most once.
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    at = models.DateTimeField(default=timezone.now)

    objects = PairingEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("pairing event")
        verbose_name_plural = _("pairing events")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["at", "id"], name="pairing_event_at")]
        constraints = [
            models.CheckConstraint(
                name="pairing_event_cause_of_a_termination",
                condition=Q(cause="") | Q(cause__in=Cause.values, to_state=State.TERMINATED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pairing_id}"

    @property
    def label(self) -> str | Promise:
        """What happened, in words; a verb that MOVES does not know shows the state it led to."""
        if self.verb == "register":
            return _("Registered")
        return MOVES[self.verb].label if self.verb in MOVES else self.get_to_state_display()

    @property
    def why(self) -> str:
        """The cause and the reason in words."""
        return "，".join(filter(None, [self.get_cause_display(), self.reason]))

    @property
    def reversal(self) -> PairingEvent | None:
        """The event that took this one back; `reversed_by` is asked for with the rows."""
        return getattr(self, "reversed_by", None)

    @property
    def stands(self) -> bool:
        """Whether it counts: neither taken back, nor the taking back of another."""
        return self.reverses_id is None and self.reversal is None

    @property
    def changes_state(self) -> bool:
        return self.from_state != self.to_state

    @property
    def is_entered_later(self) -> bool:
        """Whether it took effect on another day than that of its entry."""
        return timezone.localdate(self.at) != self.on
