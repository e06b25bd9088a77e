"""A sample of the records of a unit's subtree: drawn once, looked into, closed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import Identified, Keyed
from sampling.states import BADGES, VERBS, RecordKind, State
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User


class StaleMove(Exception):
    """The sample is closed, or not this person's to act on."""


class SampleQuerySet(models.QuerySet["Sample"]):
    def visible_to(self, user: User) -> Self:
        """Samples of the units that the user coordinates or reads; nobody else sees any."""
        return self.filter(user.rows_q())

    def for_list(self) -> Self:
        return self.select_related("unit", "created_by")


class Sample(Identified, Placed, Keyed):
    """抽查: a random sample of the records of a period, which its seed draws again.

    Either `wanted` (records) or `percent` was asked for; `population` and `size` are what was
    there and what was drawn.
    """

    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("to"))
    kinds = ArrayField(models.CharField(max_length=10, choices=RecordKind), verbose_name=_("kinds"))
    wanted = models.PositiveSmallIntegerField(_("number of records"), null=True, blank=True)
    percent = models.DecimalField(
        _("share in percent"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    seed = models.CharField(_("seed"), max_length=40)
    population = models.PositiveIntegerField(editable=False)
    size = models.PositiveSmallIntegerField(editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.OPEN, editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)

    tally = _("%(n)d samples")

    objects = SampleQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        constraints = [
            *Keyed.Meta.constraints,
            models.CheckConstraint(
                name="sample_by_number_or_share",
                condition=Q(wanted__isnull=False, percent=None)
                | Q(wanted=None, percent__isnull=False),
            ),
            models.CheckConstraint(
                name="sample_days_in_order", condition=Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(
                name="sample_of_some_records",
                condition=Q(size__gte=1, size__lte=F("population")),
            ),
            models.CheckConstraint(
                name="sample_closed_at_a_moment",
                condition=Q(state=State.OPEN, closed_at=None)
                | Q(state=State.CLOSED, closed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="sample_county_newest")]

    def __str__(self) -> str:
        return f"{self.unit} {self.first_on:%Y-%m-%d}–{self.last_on:%Y-%m-%d}"

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(state=State.OPEN) | Q(closed_at__date__gte=day)

    @property
    def badge(self) -> str:
        return BADGES[self.state]

    @property
    def share(self) -> Decimal:
        """Drawn of what was there, in percent."""
        return Decimal(100 * self.size) / Decimal(self.population)

    @property
    def kind_labels(self) -> list[str]:
        return [str(RecordKind(kind).label) for kind in self.kinds]

    def moves_for(self, user: User) -> list[str]:
        """The verbs open to this user now: find, close. Draws the buttons and guards the POST."""
        return ["find", "close"] if self.state == State.OPEN and user.governs(self.unit) else []

    @transaction.atomic
    def close(self, *, by: User) -> SampleEvent:
        """From now on no finding is added or changed; StaleMove where that is so already."""
        if "close" not in self.moves_for(by):
            raise StaleMove("close")
        now = timezone.now()
        still_open = Sample.objects.filter(pk=self.pk, state=State.OPEN)
        if not still_open.update(state=State.CLOSED, closed_at=now):
            raise StaleMove("close")
        self.state, self.closed_at = State.CLOSED, now
        return SampleEvent.objects.create(
            sample=self, actor=by, verb="close", to_state=State.CLOSED
        )


class SampleEvent(models.Model):
    """抽查事件: who drew it, who closed it, and when."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=10)
    to_state = models.CharField(max_length=8, choices=State)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("event of a sample")
        verbose_name_plural = _("events of samples")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.sample_id}"

    @property
    def label(self) -> str | Promise:
        return VERBS.get(self.verb, self.verb)
