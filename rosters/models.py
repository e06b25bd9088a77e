"""An uploaded roster, its rows as read, and what was decided about them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from core.models import Identified, Keyed
from rosters.states import Outcome, State
from units.models import NONE, Placed, Unit

if TYPE_CHECKING:
    from accounts.models import User


def office_of(user: User) -> Unit | None:
    """The unit that the user coordinates; of several the lowest above them all."""
    units = [grant.unit for grant in user.live_grants if grant.role == Role.COORDINATOR]
    if len(units) < 2:
        return units[0] if units else None
    levels = zip(*(unit.ancestor_ids for unit in units), strict=False)
    shared = [level[0] for level in levels if len({*level}) == 1]
    return Unit.objects.filter(pk=shared[-1]).first() if shared else None


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User) -> Self:
        """Of the units that the user coordinates: its people may not be registered yet.

        Who coordinates several units uploads at the lowest unit above them all, so that nobody
        else sees the batch who does not govern all of it; the uploader does while that stands.
        """
        condition = user.rows_q(roles=(Role.COORDINATOR,))
        if (office := office_of(user)) is not None:
            condition |= Q(created_by=user, unit=office)
        return self.filter(condition)


class Batch(Identified, Placed, Keyed):
    """One upload, placed at the unit whose office brought it.

    `mapping` says which sheet, heading rows and columns are read (see rosters.headings);
    `counts` the number of rows by outcome, kept when everything personal is purged.
    """

    kind = models.CharField(_("kind"), max_length=12)  # a key of settings.ROSTER_KINDS
    filename = models.CharField(_("file"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.READING, editable=False
    )
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    # With wrong rows in the file: whether the good ones are taken all the same.
    is_partial = models.BooleanField(_("good rows only"), default=False)
    # When it is undone: whether the rows that later work rests on stay as they are.
    keeps_blocked = models.BooleanField(_("without the rows in use"), default=False)
    failure = models.CharField(_("what went wrong"), max_length=500, blank=True)
    saved_at = models.DateTimeField(_("imported at"), null=True, editable=False)
    purged_at = models.DateTimeField(_("emptied at"), null=True, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        ordering = ["-id"]
        constraints = [
            *Keyed.Meta.constraints,
            models.CheckConstraint(
                name="batch_saved_at_when_saved",
                condition=Q(state__in=(State.DONE, State.UNDOING, State.UNDONE)) ^ Q(saved_at=None),
            ),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="batch_county")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return NONE  # what one office uploaded is not another's to read


class BatchFile(models.Model):
    """The workbook as it came, and as it goes back; encrypted, since ID numbers stand in it."""

    class Which(models.TextChoices):
        ORIGINAL = "original", _("as uploaded")
        ANNOTATED = "annotated", _("with remarks")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="files")
    which = models.CharField(max_length=10, choices=Which)
    name = models.CharField(max_length=200)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("roster file")
        verbose_name_plural = _("roster files")
        constraints = [models.UniqueConstraint(fields=["batch", "which"], name="batch_file_once")]

    def __str__(self) -> str:
        return self.name


class BatchRow(models.Model):
    """A row of the sheet as read: JSON values with the digest of an ID number in its place.

    faults: `[{"column", "message"}]`; changes: `[{"field", "label", "old", "new"}]`, as shown;
    candidates: `[{"id", "name", "apart", …}]` of a doubtful row; answer: the id of the chosen one,
    "new" or "skip"; effect: what saving did, as undoing needs it.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    sheet = models.PositiveSmallIntegerField()  # position in the workbook, from 0
    number = models.PositiveIntegerField()  # as the user's sheet counts, from 1
    name = models.CharField(max_length=200)  # what a person finds the row by
    outcome = models.CharField(max_length=8, choices=Outcome)
    values = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    match = models.UUIDField(null=True)
    candidates = models.JSONField(default=list)
    answer = models.CharField(max_length=36, blank=True)
    effect = models.JSONField(null=True)

    class Meta:
        verbose_name = _("row of a roster")
        verbose_name_plural = _("rows of a roster")
        ordering = ["batch", "sheet", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "number"], name="batch_row_once")
        ]
        indexes = [
            models.Index(fields=["batch", "outcome", "sheet", "number"], name="batch_row_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.sheet}:{self.number}"


class Job(models.Model):
    """The worker's side of a batch, apart from it: written while the batch's own row is locked.

    Whoever holds the lease works; when it runs out, somebody else does the step again.
    """

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, primary_key=True)
    step = models.CharField(max_length=60, blank=True)  # msgid of what is being done
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("work on a roster")
        verbose_name_plural = _("work on rosters")
        constraints = [
            models.CheckConstraint(name="job_within_total", condition=Q(done__lte=F("total")))
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.done}/{self.total}"


class BatchEvent(models.Model):
    """Who uploaded, confirmed, undid or threw away a roster, and what came of it."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    from_state = models.CharField(max_length=10, choices=State, blank=True)
    to_state = models.CharField(max_length=10, choices=State)
    detail = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("roster event")
        verbose_name_plural = _("roster events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.to_state}"


class KnownHeading(models.Model):
    """How an office calls a column: what was corrected once is known the next time.

    `field` is a column's field of the kind, or empty for a column that is not read.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    text = models.CharField(max_length=200)  # as rosters.headings.heading() gives it
    field = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("known heading")
        verbose_name_plural = _("known headings")
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "text"], name="known_heading_once")
        ]

    def __str__(self) -> str:
        return self.text
