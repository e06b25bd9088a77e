"""What kind of mentor somebody is: open lists, kept as rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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
