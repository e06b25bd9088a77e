"""The timeline of an appointment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

VERBS = {
    "appoint": _("appointed as mentor"),
    "edit": _("appointment changed"),
    "end": _("appointment ended"),
    "import": _("appointed by roster import"),
}


class MentorEvent(models.Model):
    """Who appointed, changed or ended an appointment, when and why."""

    mentor = models.ForeignKey("mentors.Mentor", on_delete=models.CASCADE, related_name="events")
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

    @property
    def label(self) -> str:
        return str(VERBS.get(self.verb, self.verb))
