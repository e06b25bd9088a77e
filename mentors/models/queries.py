"""What is asked of the register of mentors, today and as of a past day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from cadres.characters import at_units_called, holds
from core.text import person_name, squeeze
from mentors.models.event import MentorEvent
from mentors.states import CANDIDATE, State

if TYPE_CHECKING:
    from accounts.models import User
    from mentors.models.mentor import Mentor


# The states of a pairing that take one of the mentor's places. Pairings live on the floor above,
# so the names stand here as text; tests/pairings holds them equal to `pairings.states.OPEN`.
OCCUPYING = ("proposed", "mentor_agreed", "mentee_agreed", "agreed", "active", "suspended")
# The moves that say when the term ends, or that no end was agreed.
_SET_TERMS = ("appoint", "renew", "import")


class MentorQuerySet(models.QuerySet["Mentor"]):
    def visible_to(self, user: User) -> Self:
        condition = user.rows_q()
        if own := getattr(user, "cadre", None):  # as Cadre.objects.visible_to does
            condition |= Q(cadre=own.pk)
        return self.filter(condition)

    def open(self) -> Self:
        """Not ended: proposed, on notice, in office or suspended."""
        return self.filter(to_on=None)

    def appointed(self, day: dt.date) -> Self:
        """Whose appointment stood on that day, suspended or not, first and last day included."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)

    def in_office(self, day: dt.date) -> Self:
        """Who may be given new mentees: in office now, the appointment standing on that day."""
        return self.appointed(day).filter(state=State.IN_OFFICE)

    def with_state_on(self, day: dt.date) -> Self:
        """Annotates `state_on`: the state on that day, None before the first event.

        Of the events in effect on that day, the one entered last decides, as for pairings
        (`PairingQuerySet.with_state_on`). An end names the last day in office, so it counts
        from the day after.
        """
        past = MentorEvent.objects.filter(mentor=OuterRef("pk"), on__lte=day)
        past = past.exclude(verb="end", on=day)
        last = past.order_by("-at", "-pk").values("to_state")[:1]
        return self.annotate(state_on=Subquery(last))

    def with_capacity_on(self, day: dt.date) -> Self:
        """Annotates `capacity_on`: the places on that day.

        What the last change in effect set; before the first one, what that one found.
        """
        changes = MentorEvent.objects.filter(
            mentor=OuterRef("pk"), new_capacity__isnull=False
        ).order_by("at", "pk")
        past = changes.filter(on__lte=day).reverse()
        known = Coalesce(
            Subquery(past.values("new_capacity")[:1]),
            Subquery(changes.values("old_capacity")[:1]),
            F("capacity"),
            output_field=PositiveSmallIntegerField(),
        )
        return self.annotate(capacity_on=known)

    def with_places_on(self, day: dt.date) -> Self:
        """Adds `capacity_on`, `taken_on` (pairs that were open on that day) and `free_on`.

        Pairs and their events lie above, so they are reached by the names of their relations;
        tests/pairings holds this equal to `PairingQuerySet.with_state_on`.
        """
        every: models.QuerySet[Mentor] = self.model._default_manager.order_by()
        last = (
            every.filter(
                pairings__pk=OuterRef("pairings__pk"),
                pairings__events__on__lte=day,
                pairings__events__reverses=None,
                pairings__events__reversed_by=None,
            )
            .order_by("-pairings__events__at", "-pairings__events__pk")
            .values("pairings__events__to_state")[:1]
        )
        counted = (
            every.filter(pk=OuterRef("pk"))
            .annotate(stood=Subquery(last))
            .filter(stood__in=OCCUPYING)
            .values("pk")
            .annotate(n=Count("pairings"))
            .values("n")
        )
        rows = self.with_capacity_on(day).annotate(taken_on=Coalesce(Subquery(counted), 0))
        return rows.annotate(free_on=Greatest(F("capacity_on") - F("taken_on"), 0))

    def with_past(self, day: dt.date) -> Self:
        """The appointments that were on record on that day, with what the register said then.

        Adds `state_on`, `from_on_on`, `term_to_on_on` and `to_on_on`; of places, `with_places_on`.
        """
        changed = Q(old_to_on__isnull=False) | Q(new_to_on__isnull=False)
        set_term = Q(verb__in=_SET_TERMS) | (Q(verb="edit") & changed)
        terms = MentorEvent.objects.filter(set_term, mentor=OuterRef("pk"), on__lte=day)
        last = terms.order_by("-at", "-pk").values("new_to_on")[:1]
        rows = self.with_state_on(day).filter(state_on__isnull=False)
        was_appointed = ~Q(state_on__in=CANDIDATE) & Q(from_on__lte=day)
        return rows.annotate(
            from_on_on=Case(When(was_appointed, then="from_on"), output_field=DateField()),
            term_to_on_on=Case(When(was_appointed, then=Subquery(last)), output_field=DateField()),
            to_on_on=Case(When(state_on=State.ENDED, then="to_on"), output_field=DateField()),
        )

    def search(self, text: str) -> Self:
        """By name, unit name, whole pinyin or its initials; four digits or more end a phone."""
        words = squeeze(text)
        if not words:
            return self
        if words.isdecimal() and len(words) >= 4:
            tail = self.filter(cadre__phone_tail=words[-4:])
            return tail if len(words) == 4 else tail.filter(cadre__phone__endswith=words)
        if "\0" in words:  # no text in PostgreSQL holds one
            return self.none()
        condition = holds("name", person_name(words))
        condition |= at_units_called(words)
        if words.isascii():
            key = "".join(words.lower().split())
            condition |= Q(pinyin__startswith=key) | Q(initials__startswith=key)
        return self.filter(condition)

    def with_places(self) -> Self:
        """Adds `taken` (open pairings) and `free` (never below 0)."""
        # A subquery and no join: only the rows of the page are counted, not the whole county.
        counted = (
            self.model._default_manager.filter(pk=OuterRef("pk"))
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
