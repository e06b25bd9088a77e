"""The appointment of a cadre as mentor 导师."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cadres.models import Cadre
from core.models import Identified, Keyed
from core.text import person_name, squeeze
from units.models import Placed, Unit

if TYPE_CHECKING:
    from accounts.models import User


# The states of a pairing that take one of the mentor's places. Pairings live on the floor above,
# so the names stand here as text; tests/pairings holds them equal to `pairings.states.OPEN`.
OCCUPYING = ("proposed", "mentor_agreed", "mentee_agreed", "agreed", "active", "suspended")


class StillPaired(Exception):
    """The appointment cannot end while pairings of it are open."""


class AlreadyEnded(ValueError):
    """The appointment is closed: it cannot be closed again."""


class MentorCategory(models.Model):
    """导师类型: an open list, kept as rows."""

    name = models.CharField(_("category name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("mentor category")
        verbose_name_plural = _("mentor categories")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


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


VERBS = {
    "appoint": _("appointed as mentor"),
    "edit": _("appointment changed"),
    "end": _("appointment ended"),
    "import": _("appointed by roster import"),
}


class MentorEvent(models.Model):
    """Who appointed, changed or ended an appointment, when and why."""

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    verb = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mentor event")
        verbose_name_plural = _("mentor events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.mentor_id}"

    @property
    def label(self) -> str:
        return str(VERBS.get(self.verb, self.verb))


class RosterBatchQuerySet(models.QuerySet["RosterBatch"]):
    def visible_to(self, user: User) -> Self:
        """A batch holds people who may not be registered yet: its uploader's alone."""
        return self.filter(uploader=user)


class RosterBatch(Identified):
    """A roster that was uploaded and checked, until it is confirmed or thrown away.

    The file itself is not kept: `entries` are its rows as read, with the digest of an ID number
    in the number's place, and they are emptied when the batch is settled or a week old.
    """

    class Kind(models.TextChoices):
        CADRES = "cadres", _("roster of cadres")
        PAIRINGS = "pairings", _("roster of pairings")

    class State(models.TextChoices):
        CHECKED = "checked", _("checked, not imported")
        DONE = "done", _("imported")
        DISCARDED = "discarded", _("thrown away")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(_("file"), max_length=200)
    entries = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKED)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    objects = RosterBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster batch")
        verbose_name_plural = _("roster batches")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                name="roster_batch_settled_once",
                condition=Q(state="checked", settled_at=None)
                | (~Q(state="checked") & Q(settled_at__isnull=False, entries=[])),
            )
        ]
        indexes = [models.Index(fields=["state", "uploaded_at"], name="roster_batch_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
