"""A roster between its upload and its import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


class RosterBatchQuerySet(models.QuerySet["RosterBatch"]):
    def visible_to(self, user: User) -> Self:
        """A batch holds people who may not be registered yet: its uploader's alone."""
        return self.filter(uploader=user)


class RosterBatch(Identified):
    """A roster that was uploaded and checked, until it is confirmed or thrown away.

    The file itself is not kept: `entries` are its rows as read, with the digest of an ID number
    in the number's place, and they are emptied when the batch is settled or a week old.
    """

    class Kind(models.TextChoices):
        CADRES = "cadres", _("roster of cadres")
        PAIRINGS = "pairings", _("roster of pairings")

    class State(models.TextChoices):
        CHECKED = "checked", _("checked, not imported")
        DONE = "done", _("imported")
        DISCARDED = "discarded", _("thrown away")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(_("file"), max_length=200)
    entries = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKED)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    objects = RosterBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster batch")
        verbose_name_plural = _("roster batches")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                name="roster_batch_settled_once",
                condition=Q(state="checked", settled_at=None)
                | (~Q(state="checked") & Q(settled_at__isnull=False, entries=[])),
            )
        ]
        indexes = [models.Index(fields=["state", "uploaded_at"], name="roster_batch_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
