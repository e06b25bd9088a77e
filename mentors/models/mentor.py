"""The appointment of a cadre as mentor 导师."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cadres.models import Cadre
from core.models import Identified, Keyed
from core.text import person_name, squeeze
from mentors.models.category import MentorCategory
from mentors.models.event import MentorEvent
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User


# The states of a pairing that take one of the mentor's places. Pairings live on the floor above,
# so the names stand here as text; tests/pairings holds them equal to `pairings.states.OPEN`.
OCCUPYING = ("proposed", "mentor_agreed", "mentee_agreed", "agreed", "active", "suspended")


class StillPaired(Exception):
    """The appointment cannot end while pairings of it are open."""


class AlreadyEnded(ValueError):
    """The appointment is closed: it cannot be closed again."""


class MentorQuerySet(models.QuerySet["Mentor"]):
    def visible_to(self, user: User) -> Self:
        condition = user.rows_q()
        if own := getattr(user, "cadre", None):  # as Cadre.objects.visible_to does
            condition |= Q(cadre=own.pk)
        return self.filter(condition)

    def in_office(self, day: dt.date) -> Self:
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)

    def search(self, text: str) -> Self:
        words = squeeze(text)
        if not words:
            return self
        condition = Q(cadre__name__contains=person_name(words)) | Q(unit__name__contains=words)
        if words.isascii():
            key = "".join(words.lower().split())
            condition |= Q(cadre__pinyin__startswith=key) | Q(cadre__initials__startswith=key)
        return self.filter(condition)

    def with_places(self) -> Self:
        """Adds `taken` (open pairings) and `free` (never below 0)."""
        # A subquery and no join: only the rows of the page are counted, not the whole county.
        counted = (
            Mentor.objects.filter(pk=OuterRef("pk"))
            .order_by()
            .values("pk")
            .annotate(n=Count("pairings", filter=Q(pairings__state__in=OCCUPYING)))
            .values("n")
        )
        return self.annotate(taken=Subquery(counted)).annotate(
            free=Greatest(F("capacity") - F("taken"), 0)
        )

    def with_free_places(self) -> Self:
        return self.with_places().filter(taken__lt=F("capacity"))

    def for_list(self) -> Self:
        return self.select_related("cadre", "cadre__unit", "unit", "township", "county", "category")


class Mentor(Identified, Placed, Keyed):
    """An appointment as mentor, placed at the unit that appoints, from a day to a day."""

    cadre = models.ForeignKey(
        Cadre, verbose_name=_("cadre"), on_delete=models.PROTECT, related_name="mentorships"
    )
    category = models.ForeignKey(
        MentorCategory, verbose_name=_("mentor category"), on_delete=models.PROTECT
    )
    capacity = models.PositiveSmallIntegerField(_("places"), default=2)
    from_on = models.DateField(_("from"), default=timezone.localdate)
    to_on = models.DateField(_("to"), null=True, blank=True)
    end_reason = models.CharField(_("reason for ending"), max_length=200, blank=True)

    objects = MentorQuerySet.as_manager()

    taken: int  # both by with_places()
    free: int

    class Meta(Keyed.Meta):
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(to_on=None),
                name="mentor_one_open_appointment",
                violation_error_message=_("This person is a mentor already."),
            ),
            models.CheckConstraint(
                name="mentor_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "to_on"], name="mentor_county_to"),
            models.Index(fields=["township", "to_on"], name="mentor_township_to"),
        ]

    def __str__(self) -> str:
        return self.cadre.name

    def is_in_office(self, day: dt.date) -> bool:
        return self.from_on <= day and (self.to_on is None or self.to_on >= day)

    @classmethod
    @transaction.atomic
    def appoint(
        cls,
        cadre: Cadre,
        *,
        category: MentorCategory,
        capacity: int,
        from_on: dt.date,
        by: User,
        client_key: uuid.UUID | None = None,
    ) -> Mentor:
        """A new appointment by the cadre's unit; IntegrityError while another one is open."""
        mentor = cls(
            cadre=cadre,
            unit=cadre.unit,
            category=category,
            capacity=capacity,
            from_on=from_on,
            created_by=by,
            client_key=client_key,
        )
        mentor.save()
        MentorEvent.objects.create(mentor=mentor, actor=by, verb="appoint")
        return mentor

    @transaction.atomic
    def end(self, *, on: dt.date, reason: str, by: User) -> None:
        """Close the appointment; compare-and-swap on its being open.

        StillPaired while it has open pairings, AlreadyEnded when it is closed.
        """
        # Locked first and counted second: who waited for the lock counts what came before.
        Mentor.objects.select_for_update().only("pk").get(pk=self.pk)
        if Mentor.objects.with_places().get(pk=self.pk).taken:
            raise StillPaired
        changed = Mentor.objects.filter(pk=self.pk, to_on=None).update(to_on=on, end_reason=reason)
        if not changed:
            raise AlreadyEnded
        MentorEvent.objects.create(mentor=self, actor=by, verb="end", reason=reason)
        self.refresh_from_db()

    @transaction.atomic
    def change(self, *, category: MentorCategory, capacity: int, by: User) -> None:
        """Another category or number of places, with an event that says what changed."""
        before = Mentor.objects.select_for_update(of=("self",)).select_related("category")
        old = before.get(pk=self.pk)
        said = []
        if old.category_id != category.pk:
            said.append(f"{old.category} → {category}")
        if old.capacity != capacity:
            said.append(
                gettext("places %(old)d → %(new)d") % {"old": old.capacity, "new": capacity}
            )
        if not said:
            return
        self.category, self.capacity = category, capacity
        self.save(update_fields=["category", "capacity"])
        MentorEvent.objects.create(mentor=self, actor=by, verb="edit", reason="；".join(said))

    def free_places(self, taken: int) -> int:
        return max(self.capacity - taken, 0)
