"""The records of a sample, and what was found about each."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from activities.models import Assignment, Record, Session, Visit
from core.masking import MaskedText
from core.models import Identified, Keyed
from sampling.models.sample import Sample
from sampling.states import RecordKind, Verdict


class SampleItemQuerySet(models.QuerySet["SampleItem"]):
    def with_verdict(self) -> Any:
        """Each with its newest finding's `verdict`, None where nobody has looked yet."""
        newest = Finding.objects.filter(item=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            verdict=Subquery(newest.values("verdict")[:1]),
            note=Subquery(newest.values("note")[:1]),
            found_by=Subquery(newest.values("created_by__name")[:1]),
            found_at=Subquery(newest.values("created_at")[:1]),
        )


class SampleItem(Identified):
    """One record of a sample, of exactly one table; `position` is its place in the draw."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")

    objects = SampleItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of a sample")
        verbose_name_plural = _("records of samples")
        ordering = ["sample", "position"]
        constraints = [
            models.CheckConstraint(
                name="sample_item_of_one_record",
                condition=Q(session__isnull=False, visit=None, assignment=None)
                | Q(session=None, visit__isnull=False, assignment=None)
                | Q(session=None, visit=None, assignment__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["sample", "position"], name="sample_item_has_its_place"
            ),
            *(
                models.UniqueConstraint(
                    fields=["sample", kind],
                    condition=Q(**{f"{kind}__isnull": False}),
                    name=f"sample_item_once_a_{kind}",
                )
                for kind in RecordKind.values
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"

    @property
    def kind(self) -> RecordKind:
        return next(kind for kind in RecordKind if getattr(self, f"{kind}_id"))

    @property
    def record_id(self) -> Any:
        return getattr(self, f"{self.kind}_id")


class Finding(Keyed, MaskedText):
    """抽查情况: what somebody of the office found; the newest counts, earlier ones stay."""

    free_text = ("note",)

    item = models.ForeignKey(SampleItem, models.CASCADE, related_name="findings")
    verdict = models.CharField(_("finding"), max_length=5, choices=Verdict)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta(Keyed.Meta):
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["item", "-id"], name="finding_item_newest")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.verdict}"


RECORDS: dict[str, type[Record]] = {
    RecordKind.SESSION: Session,
    RecordKind.VISIT: Visit,
    RecordKind.ASSIGNMENT: Assignment,
}
