"""Two records of one person made one: what moved, so that it can be undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.models.person import Cadre
from core.models import Identified, Keyed


class Merge(Identified, Keyed):
    """`moved`: ids of the rows that were pointed at the kept record, by "table.column";
    `taken`: what the kept record took over, `{field: [before, after]}`."""

    kept = models.ForeignKey(
        Cadre, verbose_name=_("kept record"), on_delete=models.PROTECT, related_name="merges"
    )
    absorbed = models.ForeignKey(
        Cadre, verbose_name=_("second record"), on_delete=models.PROTECT, related_name="merged_by"
    )
    reason = models.CharField(_("reason for merging"), max_length=200)
    moved = models.JSONField(default=dict)
    taken = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta(Keyed.Meta):
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of records")
        ordering = ["-created_at", "-pk"]
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at=None), name="merge_open_once"
            ),
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("absorbed"))),
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.kept_id}"
