"""The register of mentees 帮带对象: who should be paired on a day, and who is exempt.

An entry belongs to a person and goes where the person goes: it is read through the person's
unit (docs/decisions/a-mentee-entry-follows-the-person.md).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models, transaction
from django.db.models import Exists, F, Func, Max, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cadres.models.category import MenteeCategory
from cadres.models.mentee_event import MenteeEvent, MenteeVerb
from cadres.models.person import Cadre
from cadres.models.posting import Posting
from core.models import Identified, Keyed

if TYPE_CHECKING:
    from accounts.models import User

_BATCH = 1_000
_DAY = dt.timedelta(days=1)


class StaleEntry(Exception):
    """The entry has changed since it was read, or does not stand where the verb needs it."""


V = MenteeVerb


def days_of_row() -> Func:
    """The days from `from_on` to `to_on`, both included; an empty end is open."""
    return Func(
        "from_on",
        "to_on",
        RangeBoundary(inclusive_upper=True),
        function="daterange",
        output_field=DateRangeField(),
    )


class MenteeQuerySet(models.QuerySet["Mentee"]):
    def visible_to(self, user: User) -> Self:
        condition = user.rows_q("cadre__")
        if own := getattr(user, "cadre", None):  # as Cadre.objects.visible_to does
            condition |= Q(cadre=own.pk)
        return self.filter(condition, cadre__merged_into=None)

    def open_on(self, day: dt.date) -> Self:
        """Entries in force on that day; an unknown beginning counts as long ago."""
        return self.filter(Q(from_on=None) | Q(from_on__lte=day), Q(to_on=None) | Q(to_on__gte=day))

    def registered_on(self, day: dt.date) -> Self:
        """Open on that day, of people with a main post then who had not left."""
        posts = Posting.objects.on(day).filter(is_main=True, cadre=OuterRef("cadre"))
        has_not_left = Q(cadre__left_on=None) | Q(cadre__left_on__gte=day)
        return self.open_on(day).filter(has_not_left, Exists(posts))

    def exempt_on(self, day: dt.date) -> Self:
        return self.registered_on(day).filter(_is_exempt(day))

    def should_be_paired(self, day: dt.date) -> Self:
        """应结对: registered on that day and not exempt."""
        return self.registered_on(day).filter(~_is_exempt(day))

    def former_on(self, day: dt.date) -> Self:
        """The last entry of each person who was off the register, or had left, by that day."""
        later = Mentee.objects.filter(cadre=OuterRef("cadre"), from_on__gt=OuterRef("to_on"))
        is_past = Q(to_on__lt=day) | Q(cadre__left_on__lt=day)
        return self.filter(is_past).exclude(Exists(later))

    def search(self, text: str) -> Self:
        return self.filter(cadre__in=Cadre.objects.search(text)) if text.strip() else self

    def for_list(self, day: dt.date) -> Self:
        """With what a list shows; `exempt_now` holds the exemption of that day, if any."""
        exemptions = Prefetch("exemptions", Exemption.objects.on(day), to_attr="exempt_now")
        people = ("cadre__unit", "cadre__township", "cadre__county")
        return self.select_related(*people, "category").prefetch_related(exemptions)


class Mentee(Identified, Keyed):
    """帮带对象: a person is to be guided, in one category, from a day to a day.

    An unknown beginning is empty. Another category is another entry, so that figures of earlier
    days stay what they were.
    """

    cadre = models.ForeignKey(
        Cadre, verbose_name=_("cadre"), on_delete=models.PROTECT, related_name="menteeships"
    )
    category = models.ForeignKey(
        MenteeCategory, verbose_name=_("mentee category"), on_delete=models.PROTECT
    )
    from_on = models.DateField(_("mentee since"), null=True, blank=True)
    to_on = models.DateField(_("to"), null=True, blank=True)
    end_reason = models.CharField(_("reason for ending"), max_length=200, blank=True)

    objects = MenteeQuerySet.as_manager()

    exempt_now: list[Exemption]  # by for_list()

    class Meta(Keyed.Meta):
        verbose_name = _("mentee")
        verbose_name_plural = _("mentees")
        ordering = [F("to_on").desc(nulls_first=True), F("from_on").desc(nulls_last=True), "pk"]
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(to_on=None),
                name="mentee_one_open_entry",
                violation_error_message=_("This person is in the register of mentees already."),
            ),
            ExclusionConstraint(
                name="mentee_entries_do_not_overlap",
                expressions=[
                    ("cadre", RangeOperators.EQUAL),
                    (days_of_row(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person was in the register on some of these days."),
            ),
            models.CheckConstraint(
                name="mentee_ends_after_it_begins",
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.cadre.name

    def moves_for(self, user: User, *, is_exempt: bool) -> list[MenteeVerb]:
        """The verbs open to this user now: they draw the buttons and guard the POST."""
        if not user.governs(self.cadre.unit):
            return []
        if self.to_on is not None:
            return [] if self.cadre.left_on else [V.REOPEN]
        if self.cadre.left_on:
            return [V.END]
        return [V.INCLUDE if is_exempt else V.EXEMPT, V.CATEGORY, V.CORRECT, V.END]

    @classmethod
    def first_day(cls, cadre: Cadre, wanted: dt.date) -> dt.date:
        """The wanted first day, or the first one after the person's former entries."""
        last = cls.objects.filter(cadre=cadre).aggregate(last=Max("to_on"))["last"]
        return max(wanted, last + _DAY) if last else wanted

    @classmethod
    @transaction.atomic
    def register(
        cls,
        cadres: Iterable[Cadre],
        *,
        category: MenteeCategory,
        from_on: dt.date | None,
        by: User | None,
        client_key: uuid.UUID | None = None,
    ) -> list[Mentee]:
        """An entry for each person; the first one carries the key of the form.

        IntegrityError when somebody is in the register already.
        """
        entries = [
            cls(cadre=cadre, category=category, from_on=from_on, created_by=by) for cadre in cadres
        ]
        if entries:
            entries[0].client_key = client_key
        return cls.enter(entries)

    @classmethod
    @transaction.atomic
    def enter(cls, entries: list[Mentee]) -> list[Mentee]:
        """Save new entries, each with its event; the creator is the actor."""
        cls.objects.bulk_create(entries, batch_size=_BATCH)
        MenteeEvent.objects.bulk_create(
            [
                MenteeEvent(mentee=row, actor=row.created_by, verb=V.REGISTER, on=row.from_on)
                for row in entries
            ],
            batch_size=_BATCH,
        )
        return entries

    @transaction.atomic
    def exempt(
        self,
        *,
        from_on: dt.date,
        to_on: dt.date | None,
        reason: str,
        document: str = "",
        by: User,
        client_key: uuid.UUID | None = None,
    ) -> Exemption:
        """Not to be paired from a day to a day; IntegrityError when some of them are exempt."""
        self._hold()
        made = Exemption.objects.create(
            mentee=self,
            from_on=from_on,
            to_on=to_on,
            reason=reason,
            document=document,
            created_by=by,
            client_key=client_key,
        )
        self._tell(V.EXEMPT, by, on=from_on, to_on=to_on, reason=reason, document=document)
        return made

    @transaction.atomic
    def include_again(self, *, on: dt.date, by: User, reason: str = "") -> None:
        """To be paired from that day on: today's exemption ends the day before.

        One that begins on that day or later never took effect and is deleted.
        """
        self._hold()
        running = self.exemptions.on(timezone.localdate()).first()
        if running is None:
            raise StaleEntry
        if running.from_on >= on:
            running.delete()
        else:
            Exemption.objects.filter(pk=running.pk).update(to_on=on - _DAY)
        self._tell(V.INCLUDE, by, on=on, reason=reason)

    @transaction.atomic
    def change_category(
        self, category: MenteeCategory, *, on: dt.date, by: User, reason: str = ""
    ) -> Mentee:
        """Close the entry the day before and open one in the other category; gives that one.

        An entry that begins on the day is changed itself. Exemptions that last go along.
        """
        said = f"{self.category} → {category}" + (f"；{reason}" if reason else "")
        if self.from_on is not None and self.from_on >= on:
            self._swap(category=category)
            self._tell(V.CATEGORY, by, on=on, reason=said)
            return self
        self._swap(to_on=on - _DAY)
        entry = Mentee.objects.create(
            cadre=self.cadre, category=category, from_on=on, created_by=by
        )
        self.exemptions.filter(from_on__gte=on).update(mentee=entry)
        for lasting in self.exemptions.filter(Q(to_on=None) | Q(to_on__gte=on)):
            Exemption.objects.create(
                mentee=entry,
                from_on=on,
                to_on=lasting.to_on,
                reason=lasting.reason,
                document=lasting.document,
                created_by=lasting.created_by,
            )
            Exemption.objects.filter(pk=lasting.pk).update(to_on=on - _DAY)
        entry._tell(V.CATEGORY, by, on=on, reason=said)
        return entry

    @transaction.atomic
    def correct(self, *, category: MenteeCategory, from_on: dt.date | None, by: User) -> None:
        """What the entry should have said from the beginning; an event says what it said."""
        said = []
        if category.pk != self.category_id:
            said.append(f"{self.category} → {category}")
        if from_on != self.from_on:
            said.append(f"{self.from_on or '—'} → {from_on or '—'}")
        if said:
            self._swap(category=category, from_on=from_on)
            self._tell(V.CORRECT, by, on=timezone.localdate(), reason="；".join(said))

    @transaction.atomic
    def end(self, *, on: dt.date, reason: str, by: User) -> None:
        """Off the register after that day; what was entered stays."""
        self._swap(to_on=on, end_reason=reason)
        self.exemptions.filter(from_on__gt=on).delete()
        self.exemptions.filter(Q(to_on=None) | Q(to_on__gt=on)).update(to_on=on)
        self._tell(V.END, by, on=on, reason=reason)

    @transaction.atomic
    def reopen(self, *, by: User, reason: str) -> None:
        """As if it had not ended; IntegrityError when the person has a later entry."""
        self._swap(to_on=None, end_reason="")
        self._tell(V.REOPEN, by, on=timezone.localdate(), reason=reason)

    def _swap(self, **changes: Any) -> None:
        """Compare-and-swap: of two who act on what they read, one gets StaleEntry."""
        as_read = {name: getattr(self, name) for name in ("category_id", "from_on", "to_on")}
        if not Mentee.objects.filter(pk=self.pk, **as_read).update(**changes):
            raise StaleEntry
        for name, value in changes.items():
            setattr(self, name, value)

    def _hold(self) -> None:
        """Lock the open entry, or raise StaleEntry."""
        held = Mentee.objects.select_for_update().filter(pk=self.pk, to_on=None)
        if not held.values_list("pk").first():
            raise StaleEntry

    def _tell(self, verb: MenteeVerb, by: User, **facts: Any) -> None:
        MenteeEvent.objects.create(mentee=self, actor=by, verb=verb, **facts)


class ExemptionQuerySet(models.QuerySet["Exemption"]):
    def on(self, day: dt.date) -> Self:
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)


class Exemption(Identified, Keyed):
    """免于结对: from a day to a day, both included; an empty end lasts until it is ended."""

    mentee = models.ForeignKey(Mentee, on_delete=models.CASCADE, related_name="exemptions")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason for the exemption"), max_length=200)
    document = models.CharField(_("document number"), max_length=100, blank=True)

    objects = ExemptionQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("exemption from pairing")
        verbose_name_plural = _("exemptions from pairing")
        ordering = ["-from_on", "pk"]
        constraints = [
            *Keyed.Meta.constraints,
            ExclusionConstraint(
                name="exemptions_do_not_overlap",
                expressions=[
                    ("mentee", RangeOperators.EQUAL),
                    (days_of_row(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("On some of these days the person is exempt already."),
            ),
            models.CheckConstraint(
                name="exemption_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
            models.CheckConstraint(name="exemption_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.reason


def _is_exempt(day: dt.date) -> Exists:
    return Exists(Exemption.objects.on(day).filter(mentee=OuterRef("pk")))
