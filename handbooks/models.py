"""The printing of many handbooks at once, and what came of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Identified, Keyed
from pairings.states import BEGUN, RUNNING
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


class RunState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("state of a printing", "waiting")
    RUNNING = "running", pgettext_lazy("state of a printing", "printing")
    DONE = "done", pgettext_lazy("state of a printing", "done")
    FAILED = "failed", pgettext_lazy("state of a printing", "not done")


UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class Failure(models.TextChoices):
    """Why there is no file."""

    SCOPE = "scope", _("The unit is no longer in your charge.")
    EMPTY = "empty", _("There was no such pair any more.")
    INTERRUPTED = "interrupted", _("The printing was interrupted several times. Try again.")
    ERROR = (
        "error",
        _(
            "The printing failed several times. "
            "Give the address of this page to the system administrator."
        ),
    )


class Among(models.TextChoices):
    """Whose handbooks: pairs that never came to life have none."""

    RUNNING = "running", _("pairs under way")
    BEGUN = "begun", _("all pairs, ended ones as well")

    @property
    def states(self) -> tuple[str, ...]:
        return RUNNING if self == Among.RUNNING else BEGUN


def stored_as(run: HandbookRun, filename: str) -> str:
    """A name of its own for each writing: a worker taken for dead overwrites nothing."""
    return f"{run.folder}/{uuid.uuid4().hex}.zip"


class HandbookRunQuerySet(models.QuerySet["HandbookRun"]):
    def visible_to(self, user: User) -> Self:
        """One's own: what was printed holds what that person might read."""
        return self.filter(created_by=user)

    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)


class HandbookRun(Identified, Keyed):
    """批量生成手册: the handbooks of a unit's pairs as one ZIP, made by a worker.

    Whoever holds the lease works; when it runs out somebody else begins again. The row keeps
    numbers and no names; while the file lies there, which pairs it tells of and under which
    grants it was made, since either may be gone before it is taken.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    among = models.CharField(_("pairs"), max_length=8, choices=Among, default=Among.RUNNING)
    with_photos = models.BooleanField(_("With photos"), default=False)
    purpose = models.CharField(_("purpose"), max_length=200)
    state = models.CharField(
        _("state"), max_length=8, choices=RunState, default=RunState.QUEUED, editable=False
    )
    failure = models.CharField(max_length=12, choices=Failure, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    file = models.FileField(upload_to=stored_as, max_length=200, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False, help_text="bytes")
    made = models.PositiveIntegerField(default=0, editable=False)
    left_out = models.PositiveIntegerField(default=0, editable=False)
    pairs = ArrayField(models.UUIDField(), default=list, blank=True, editable=False)
    grants = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    step = models.CharField(max_length=60, blank=True, editable=False)  # msgid
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = HandbookRunQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("printing of handbooks")
        verbose_name_plural = _("printings of handbooks")
        ordering = ["-id"]
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["created_by"],
                condition=Q(state__in=UNDER_WAY),
                name="handbookrun_one_a_person",
            ),
            models.CheckConstraint(
                name="handbookrun_within_total", condition=Q(done__lte=F("total"))
            ),
            models.CheckConstraint(
                name="handbookrun_ended_with_its_state",
                condition=Q(state__in=UNDER_WAY, ended_at=None)
                | (~Q(state__in=UNDER_WAY) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="handbookrun_failed_for_a_reason",
                condition=Q(state=RunState.FAILED) ^ Q(failure=""),
            ),
            models.CheckConstraint(
                name="handbookrun_file_of_what_is_done",
                condition=Q(file="") | Q(state=RunState.DONE, removed_at=None),
            ),
            models.CheckConstraint(
                name="handbookrun_done_has_its_file",
                condition=~Q(state=RunState.DONE) | ~Q(file="") | Q(removed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="handbookrun_pairs_of_its_file", condition=~Q(file="") | Q(pairs=[])
            ),
        ]
        indexes = [models.Index(fields=["created_by", "-id"], name="handbookrun_by")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def folder(self) -> str:
        """In the storage: all that was ever written for this run."""
        return f"handbooks/{self.pk}"

    def swap(self, new: RunState, **fields: Any) -> bool:
        """To another state where nobody was quicker (compare and swap)."""
        changes = {"state": new, **fields}
        if new not in UNDER_WAY:
            changes["ended_at"] = timezone.now()
        if not HandbookRun.objects.filter(pk=self.pk, state=self.state).update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True
