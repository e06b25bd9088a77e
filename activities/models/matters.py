"""未了事项: what a visit left open, carried along until somebody says what became of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.records import Visit
from core.masking import MaskedText, masked
from core.models import Identified
from pairings.models import Pairing

if TYPE_CHECKING:
    from accounts.models import User


class AlreadyClosed(Exception):
    """Somebody else closed the matter in between."""

    def __init__(self, matter: OpenMatter) -> None:
        super().__init__(matter)
        self.matter = matter


class OpenMatterQuerySet(models.QuerySet["OpenMatter"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def closed(self) -> Self:
        return self.filter(closed_at__isnull=False)

    def of(self, pairs: Collection[uuid.UUID]) -> Self:
        """Raised in one of these pairs; `pairings.succession.history_ids` gives a pair's own."""
        return self.filter(pairing__in=pairs)

    def for_list(self) -> Self:
        return self.select_related("raised_in__place", "closed_in__place", "closed_by")

    def told(self, user: User) -> Self:
        """Adds `is_told`: whether the user reads who settled it and how.

        That was said where the pair stood that carried the matter then: a county or a mentor of
        before, who read the visit, is not told of it.
        """
        seen = Pairing.objects.visible_to(user).filter(pk=OuterRef("closed_for"))
        is_told = Q(Exists(seen)) | user.units_q("closed_path")
        return self.annotate(is_told=ExpressionWrapper(is_told, models.BooleanField()))


class OpenMatter(Identified, MaskedText):
    """A matter that a visit left open. Closed once, in a later visit or by hand with a note.

    It stays with the pair in whose visit it was raised; after a change of mentor the pair that
    goes on carries it (activities.matters).
    """

    free_text = ("text", "closed_note")

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="matters", editable=False)
    raised_in = models.ForeignKey(Visit, models.PROTECT, related_name="matters_raised")
    # The visit's own day, kept beside it so that the database can compare.
    raised_on = models.DateField(_("raised on"), editable=False)
    text = models.CharField(_("open matter"), max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    closed_in = models.ForeignKey(
        Visit, models.PROTECT, related_name="matters_closed", null=True, editable=False
    )
    closed_note = models.CharField(_("what became of it"), max_length=300, blank=True)
    # The pair that carried it then, and the path of its unit on that day.
    closed_for = models.ForeignKey(
        Pairing, models.PROTECT, related_name="+", null=True, editable=False, db_index=False
    )
    closed_path = models.CharField(max_length=200, blank=True, default="", editable=False)
    # The key of the form that closed it: sent again, it finds its own result.
    closing_key = models.UUIDField(null=True, editable=False)

    objects: ClassVar[Any] = OpenMatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("open matter")
        verbose_name_plural = _("open matters")
        constraints = [
            models.CheckConstraint(
                name="open_matter_closed_by_somebody_on_a_day",
                condition=Q(
                    closed_on=None,
                    closed_at=None,
                    closed_by=None,
                    closed_in=None,
                    closed_note="",
                    closing_key=None,
                )
                | Q(closed_on__isnull=False, closed_at__isnull=False, closed_by__isnull=False)
                & (Q(closed_in__isnull=False) | ~Q(closed_note="")),
            ),
            models.CheckConstraint(
                name="open_matter_closed_for_a_pair",
                condition=Q(closed_at=None, closed_for=None, closed_path="")
                | Q(closed_at__isnull=False, closed_for__isnull=False) & ~Q(closed_path=""),
            ),
            models.CheckConstraint(
                name="open_matter_not_closed_before_it_was_raised",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("raised_on")),
            ),
            models.CheckConstraint(
                name="open_matter_closed_in_another_visit",
                condition=Q(closed_in=None) | ~Q(closed_in=F("raised_in")),
            ),
            models.CheckConstraint(name="open_matter_says_something", condition=~Q(text="")),
        ]
        indexes = [
            models.Index(
                fields=["pairing"], name="open_matter_open", condition=Q(closed_at__isnull=True)
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.pairing_id = self.raised_in.pairing_id
            self.raised_on = self.raised_in.happened_on
        super().save(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def was_closed_with(self, key: uuid.UUID | None, by: User) -> bool:
        """Whether this very form closed it before."""
        return key is not None and self.closing_key == key and self.closed_by_id == by.pk

    def close(
        self,
        *,
        by: User,
        on: dt.date,
        note: str = "",
        visit: Visit | None = None,
        pairing: Pairing | None = None,
        key: uuid.UUID | None = None,
    ) -> None:
        """Compare-and-swap: of two who close it at once, one gets AlreadyClosed.

        By hand it needs a note; `visit` is the one in which it was settled, `pairing` the pair
        that carries it, its own unless said. The database refuses a day before it was raised.
        """
        carrier = pairing.pk if pairing else self.pairing_id
        place = Pairing.objects.filter(pk=visit.pairing_id if visit else carrier).order_by()
        path = Coalesce(NullIf("past_path", Value("")), "unit__path")
        swapped = OpenMatter.objects.open().filter(pk=self.pk)
        closed = swapped.update(
            closed_on=on,
            closed_at=timezone.now(),
            closed_by=by,
            closed_in=visit,
            closed_note=masked(note),
            closed_for=Subquery(place.values("pk")),
            closed_path=Subquery(place.values_list(path)),
            closing_key=key,
        )
        if not closed:
            raise AlreadyClosed(self)
