"""The timeline of a programme."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.states import VERBS, State


class ProgrammeEvent(models.Model):
    """批次事件: who did what to a programme, when and why."""

    programme = models.ForeignKey(
        "programmes.Programme", on_delete=models.CASCADE, related_name="events"
    )
    # Nobody, where the end of the window moved it on.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, choices=State, blank=True)
    to_state = models.CharField(max_length=12, choices=State)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    document = models.CharField(_("document number"), max_length=100, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("programme event")
        verbose_name_plural = _("programme events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.programme_id}"

    @property
    def label(self) -> str | Promise:
        return VERBS.get(self.verb, self.verb)
