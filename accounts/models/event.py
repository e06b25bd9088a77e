"""The trail of accounts and grants."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.role import Role
from accounts.models.user import User
from core.models import Keyed
from units.models import Unit


class AccountVerb(models.TextChoices):
    OPEN = "open", _("account opened")
    EDIT = "edit", _("account data changed")
    RESET = "reset", _("password reset")
    CHOOSE = "choose", _("own password changed")
    DISABLE = "disable", _("account closed")
    ENABLE = "enable", _("account opened again")
    GRANT = "grant", _("role granted")
    END_GRANT = "end_grant", _("grant ended")


class AccountEventQuerySet(models.QuerySet["AccountEvent"]):
    def visible_to(self, user: User) -> Self:
        """The trail is read by the audit administrator, and by nobody else."""
        return self.all() if user.is_auditor else self.none()

    def for_list(self) -> Self:
        return self.select_related("user", "created_by", "unit")


class AccountEvent(Keyed):
    """Who (`created_by`) did what to an account or a grant, when (`created_at`).

    `role` and `unit` are those of the grant, when it is about one.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="events")
    verb = models.CharField(_("account operation"), max_length=40, choices=AccountVerb)
    role = models.CharField(_("role"), max_length=12, choices=Role, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    detail = models.CharField(max_length=200, blank=True)

    objects = AccountEventQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("account event")
        verbose_name_plural = _("account events")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["created_at", "id"], name="account_event_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.user_id}"
