"""What was done to an entry of the register of mentees."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MenteeVerb(models.TextChoices):
    """What is done to an entry; the labels are those of its buttons."""

    REGISTER = "register", _("Enter in the register of mentees")
    EXEMPT = "exempt", _("Exempt from pairing")
    INCLUDE = "include", _("To be paired again")
    CATEGORY = "category", _("Another category from a day on")
    CORRECT = "correct", _("Correct the entry")
    END = "end", _("Take off the register")
    REOPEN = "reopen", _("Put back on the register")


V = MenteeVerb
_SAID: dict[str, str | Promise] = {
    V.REGISTER: _("entered in the register"),
    V.EXEMPT: _("exempted from pairing"),
    V.INCLUDE: _("to be paired again"),
    V.CATEGORY: _("category changed"),
    V.CORRECT: _("entry corrected"),
    V.END: _("taken off the register"),
    V.REOPEN: _("put back on the register"),
}


class MenteeEvent(models.Model):
    """Who did what to an entry, from which day (empty when unknown), when and why."""

    mentee = models.ForeignKey("cadres.Mentee", on_delete=models.CASCADE, related_name="events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    verb = models.CharField(max_length=12, choices=MenteeVerb)
    on = models.DateField(_("with effect from"), null=True)
    to_on = models.DateField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    document = models.CharField(_("document number"), max_length=100, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mentee event")
        verbose_name_plural = _("mentee events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.mentee_id}"

    @property
    def label(self) -> str | Promise:
        return _SAID[self.verb]
