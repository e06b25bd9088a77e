"""What somebody handed in at once: photos, scans, a PDF of many pages; read by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Identified, Keyed
from papers.states import UNDER_WAY, StackState

if TYPE_CHECKING:
    from accounts.models import User


class StackQuerySet(models.QuerySet["Stack"]):
    def visible_to(self, user: User) -> Self:
        """What nobody has recognised yet may be anybody's: a stack is its uploader's alone."""
        return self.filter(created_by=user)


class Stack(Identified, Keyed):
    """Whoever holds the lease reads; when it runs out somebody else goes on with the next page."""

    pages_total = models.PositiveSmallIntegerField(_("pages"), editable=False)
    state = models.CharField(
        max_length=8, choices=StackState, default=StackState.QUEUED, editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    step = models.CharField(max_length=60, blank=True, editable=False)  # msgid
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = StackQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("stack of paper")
        verbose_name_plural = _("stacks of paper")
        ordering = ["-id"]
        constraints = [
            *Keyed.Meta.constraints,
            models.CheckConstraint(
                name="stack_done_within_total", condition=Q(done__lte=F("total"))
            ),
            models.CheckConstraint(
                name="stack_ended_with_its_state",
                condition=Q(state__in=UNDER_WAY, ended_at=None)
                | (~Q(state__in=UNDER_WAY) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["created_by", "-id"], name="stack_of_uploader"),
            models.Index(fields=["id"], name="stack_under_way", condition=Q(state__in=UNDER_WAY)),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def uploader(self) -> User:
        if self.created_by is None:
            raise ValueError("a stack is handed in by somebody")
        return self.created_by

    @property
    def has_failed(self) -> bool:
        return self.state == StackState.FAILED

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


def source_name(file: StackFile, filename: str) -> str:
    """Where a file waits for its reader: nothing of its own name, which may hold a person's."""
    return f"papers/sources/{file.stack_id}/{file.position}"


class StackFile(models.Model):
    """A file of a stack, kept until its pages are read."""

    stack = models.ForeignKey(Stack, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=source_name, blank=True)
    is_pdf = models.BooleanField()
    pages = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField(default=0, help_text="bytes")

    class Meta:
        ordering = ["stack", "position"]
        constraints = [
            models.UniqueConstraint(fields=["stack", "position"], name="stack_file_place"),
            models.CheckConstraint(name="stack_file_has_pages", condition=Q(pages__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.stack_id} {self.position}"
