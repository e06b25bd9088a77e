"""What kind of mentor somebody is, and what somebody is good at: open lists, kept as rows."""

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


class Strength(models.Model):
    """专长: what a mentor can teach best; an open list, kept as rows."""

    name = models.CharField(_("strength"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("strength")
        verbose_name_plural = _("strengths")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name
