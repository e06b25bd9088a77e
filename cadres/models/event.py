"""The timeline of a person's record."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Identified

if TYPE_CHECKING:
    from accounts.models import User
    from cadres.models.person import Cadre


class CadreVerb(models.TextChoices):
    REGISTER = "register", _("registered")
    CORRECT = "correct", _("facts corrected")
    MOVE = "move", _("moved to another unit or post")
    LEAVE = "leave", _("left the register")
    REINSTATE = "reinstate", _("back on the register")
    ADD_POST = "add_post", _("additional post added")
    END_POST = "end_post", _("post ended")
    CORRECT_POST = "correct_post", _("dates of a post corrected")
    MERGE = "merge", _("second record merged into this one")
    ABSORB = "absorb", _("merged into another record")
    UNDO_MERGE = "undo_merge", _("merge undone")


class CadreEvent(Identified):
    """Who did what to a record, and when. `fields` names what was corrected, never its values;
    `detail` holds a unit and a post, or a reason."""

    cadre = models.ForeignKey("cadres.Cadre", models.CASCADE, related_name="events")
    verb = models.CharField(max_length=16, choices=CadreVerb)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    on = models.DateField(_("with effect from"), null=True)
    fields = models.JSONField(default=list)
    detail = models.CharField(max_length=400, blank=True)
    # The posts that leaving closed, so that coming back opens these and no others.
    posts = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("event of a person's record")
        verbose_name_plural = _("events of people's records")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.cadre_id}"

    @classmethod
    def note(
        cls,
        cadre: Cadre,
        verb: CadreVerb,
        *,
        by: User | None,
        on: dt.date | None = None,
        fields: list[str] | None = None,
        detail: str = "",
        posts: list[str] | None = None,
    ) -> CadreEvent:
        """Put down what was just done to the record, in the same transaction."""
        return cls.objects.create(
            cadre=cadre,
            verb=verb,
            actor=by,
            on=on,
            fields=fields or [],
            detail=detail[:400],
            posts=posts or [],
        )

    @property
    def field_labels(self) -> list[str]:
        """The corrected columns in words; the ID number has no column that people know."""
        known = {"id_digest": _("ID number")}
        model = self._meta.get_field("cadre").related_model
        return [
            str(known.get(name) or model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            for name in self.fields
        ]
