"""The timeline of an appointment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentors.states import VERBS, State


class MentorEvent(models.Model):
    """导师事件: who did what to an appointment, from which day, when and why.

    `on` is the first day of the new state; of an end it is the last day in office. `old_to_on`
    and `new_to_on` are the last day of the notice or of the term that the event set,
    `old_capacity` and `new_capacity` the places of one that changed them: what a list of a past
    day reads. `waived` holds the sentences that the office passed, `waiver` its reason.
    """

    mentor = models.ForeignKey("mentors.Mentor", on_delete=models.CASCADE, related_name="events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, choices=State, blank=True)
    # An event that says nothing else is of an appointment in force, as a roster makes them.
    to_state = models.CharField(max_length=12, choices=State, default=State.IN_OFFICE)
    on = models.DateField(_("with effect from"), default=timezone.localdate)
    old_to_on = models.DateField(null=True)
    new_to_on = models.DateField(null=True)
    old_capacity = models.PositiveSmallIntegerField(null=True)
    new_capacity = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    document = models.CharField(_("document number"), max_length=100, blank=True)
    waived = models.TextField(blank=True)
    waiver = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mentor event")
        verbose_name_plural = _("mentor events")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="mentor_event_changes_places_from_to",
                condition=Q(old_capacity=None, new_capacity=None)
                | Q(old_capacity__isnull=False, new_capacity__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.mentor_id}"

    @property
    def label(self) -> str | Promise:
        return VERBS.get(self.verb, self.verb)

    @property
    def is_entered_later(self) -> bool:
        """Whether it took effect on another day than that of its entry."""
        return timezone.localdate(self.at) != self.on
