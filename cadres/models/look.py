"""Every look at a whole phone number is on record."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cadres.models.person import Cadre


class PhoneLook(models.Model):
    """Who had a whole phone number shown, and when; a number is masked until then."""

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="phone_looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("looked at"), default=timezone.now)

    class Meta:
        verbose_name = _("look at a phone number")
        verbose_name_plural = _("looks at phone numbers")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.by_id}"
