"""What left the system as a file, and why."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core.models import Identified


class Format(models.TextChoices):
    XLSX = "xlsx", _("Excel workbook (XLSX)")
    CSV = "csv", _("text table (CSV)")
    PDF = "pdf", "PDF"  # of a handbook; no register is written so


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User) -> Self:
        """All to the audit administrator, one's own to everybody else."""
        return self.all() if user.is_auditor else self.filter(by=user)

    def for_list(self) -> Self:
        return self.select_related("by")


class Export(Identified):
    """A download of a register: written before its first byte leaves, closed after its last.

    Register, scope and filters stand in words, as they were: units are renamed and roles end,
    and this stays true. The words of a name search are not kept.
    """

    by = models.ForeignKey(
        User, models.PROTECT, related_name="exports", verbose_name=_("exported by")
    )
    at = models.DateTimeField(_("exported at"), default=timezone.now)
    register = models.CharField(_("register"), max_length=60)
    scope = models.CharField(_("units in charge"), max_length=300)
    filters = models.CharField(_("filters"), max_length=1000, blank=True)
    columns = models.CharField(_("columns"), max_length=1000)
    format = models.CharField(_("file format"), max_length=4, choices=Format)
    is_masked = models.BooleanField(_("masked"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    finished_at = models.DateTimeField(null=True, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="export_unmasked_has_a_purpose", condition=Q(is_masked=True) | ~Q(purpose="")
            ),
            models.CheckConstraint(
                name="export_ends_in_one_way", condition=Q(finished_at=None) | Q(failed_at=None)
            ),
        ]
        indexes = [models.Index(fields=["by", "-id"], name="export_by")]

    def __str__(self) -> str:
        return f"{self.register} {self.pk}"

    def finish(self, rows: int) -> bool:
        """All of it has left; False when it was closed before."""
        return self._close(rows, "finished_at")

    def fail(self, rows: int) -> bool:
        """It broke off after so many rows: the reader went away, or the query failed."""
        return self._close(rows, "failed_at")

    def _close(self, rows: int, how: str) -> bool:
        still_open = Export.objects.filter(pk=self.pk, finished_at=None, failed_at=None)
        return bool(still_open.update(rows=rows, **{how: timezone.now()}))
