"""A page of paper, found in a stack: a record as paper only, counted nowhere."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.entering import capacities
from core.fields import MonthField
from core.models import Identified
from pairings.models import Pairing
from pairings.states import Actor
from papers.models.stack import Stack
from papers.states import OF_A_PAIR, WITH_PICTURE, State

if TYPE_CHECKING:
    from accounts.models import User

# Whoever handed a page in takes it back within a day; later the office does, with a reason.
OWN_DAY = dt.timedelta(days=1)


class StaleMove(Exception):
    """The page has moved on, or is not this person's to move: nothing was done."""


class PaperPageQuerySet(models.QuerySet["PaperPage"]):
    def visible_to(self, user: User) -> Self:
        """Pages of the pairs that the user sees, and what of the user's own waits for a pair."""
        of_pairs = Q(state=State.PLACED, pairing__in=Pairing.objects.visible_to(user))
        return self.filter(of_pairs | Q(state=State.WAITING, uploaded_by=user))

    def placed(self) -> Self:
        return self.filter(state=State.PLACED)

    def waiting_for(self, user: User) -> Self:
        return self.filter(state=State.WAITING, uploaded_by=user)


def picture_name(page: PaperPage, filename: str) -> str:
    """By stack and place, so that a page read again after a crash takes the same name."""
    return f"papers/pages/{page.stack_id}/{page.position}-{filename}"


class PaperPage(Identified):
    """One page; `page_no` is 0 where the paper has no code of ours that could be read.

    The same page again is a version more. The picture goes with the states that keep none.
    """

    stack = models.ForeignKey(Stack, models.PROTECT, related_name="pages")
    position = models.PositiveSmallIntegerField()  # in the stack, from 1
    state = models.CharField(_("state"), max_length=10, choices=State, editable=False)
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, null=True, related_name="papers", verbose_name=_("pairing")
    )
    month = MonthField(_("month"), blank=True)
    page_no = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveSmallIntegerField(default=1)
    file = models.FileField(upload_to=picture_name, blank=True)
    small = models.FileField(upload_to=picture_name, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the file
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed in by")
    )
    uploaded_at = models.DateTimeField(_("handed in at"), default=timezone.now)

    objects: ClassVar[Any] = PaperPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of paper")
        verbose_name_plural = _("pages of paper")
        ordering = ["stack", "position"]
        constraints = [
            models.UniqueConstraint(fields=["stack", "position"], name="paper_read_once"),
            models.UniqueConstraint(
                fields=["pairing", "month", "page_no", "version"], name="paper_version"
            ),
            models.UniqueConstraint(
                fields=["pairing", "digest"],
                condition=Q(state=State.PLACED),
                name="paper_kept_once_a_pair",
            ),
            models.UniqueConstraint(
                fields=["uploaded_by", "digest"],
                condition=Q(state=State.WAITING),
                name="paper_waits_once",
            ),
            models.CheckConstraint(
                name="paper_of_a_pair_and_month",
                condition=(Q(state__in=OF_A_PAIR, pairing__isnull=False) & ~Q(month=""))
                | (~Q(state__in=OF_A_PAIR) & Q(pairing=None, month="")),
            ),
            models.CheckConstraint(
                name="paper_picture_with_its_state",
                condition=(Q(state__in=WITH_PICTURE) & ~Q(file="") & ~Q(small="") & ~Q(digest=""))
                | (~Q(state__in=WITH_PICTURE) & Q(file="", small="", size=0)),
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "-month"], name="paper_of_pair"),
            models.Index(fields=["uploaded_by", "state", "-id"], name="paper_of_uploader"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.page_no}" if self.month else f"{self.stack_id} {self.position}"

    def is_fresh(self, user: User, now: dt.datetime) -> bool:
        """Whether this person may still take back what was handed in, without a reason."""
        return self.uploaded_by_id == user.pk and now < self.uploaded_at + OWN_DAY

    def may_withdraw(self, user: User, now: dt.datetime) -> bool:
        """The uploader within a day, the office of the pair at any time."""
        if self.state != State.PLACED or self.pairing is None:
            return False
        return self.is_fresh(user, now) or Actor.OFFICE in capacities(self.pairing, user)


class PaperEvent(models.Model):
    """Who did what to a page, when and why."""

    page = models.ForeignKey(PaperPage, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10, choices=State)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.page_id}"
