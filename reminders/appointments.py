"""Appointments as mentor whose term ends soon, or has ended with nothing decided: for the office.

By the rule of appointment in force for the unit that appointed, as the mentor's page has it
(`mentors.standing.is_near_its_end`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.urls import reverse

from accounts.models import Grant, Role
from mentors.models import Mentor, MentorPolicy
from reminders.matters import CHUNK, Matter, Standing
from reminders.models import Reminder, Rule


def ends_of_appointments(standing: Standing) -> Iterator[Matter]:
    """One matter for each appointment and coordinator of the nearest office that has one."""
    rows = Mentor.objects.open().filter(term_to_on__lte=_latest(standing.today))
    for mentor in rows.select_related("cadre", "unit").order_by("pk").iterator(CHUNK):
        day: Any = mentor.term_to_on  # the filter leaves out the endless ones
        for user in _office_of(mentor, standing):
            yield Matter(
                user_id=user,
                county_id=mentor.county_id,
                rule=Rule.APPOINTMENT_ENDS,
                subject=mentor.pk,
                period=str(day),
                words={"to": "office", "mentor": mentor.cadre.name, "day": str(day)},
                due_on=day,
                path=reverse("mentors:detail", args=[mentor.pk]),
            )


def decided(rows: QuerySet[Reminder], today: dt.date) -> QuerySet[Reminder]:
    """Those whose appointment was ended or renewed, or is no longer in the receiver's charge."""
    in_office = Exists(
        Grant.objects.live(today)
        .filter(role=Role.COORDINATOR, user=OuterRef(OuterRef("user")))
        .annotate(path=ExpressionWrapper(OuterRef("unit__path"), CharField()))
        .filter(path__startswith=F("unit__path"))
    )
    standing = Mentor.objects.open().filter(
        in_office, pk=OuterRef("subject"), term_to_on=OuterRef("due_on")
    )
    return rows.filter(~Exists(standing), rule=Rule.APPOINTMENT_ENDS)


def _latest(today: dt.date) -> Case:
    """The last term's end that is near, by the rule of the nearest unit that has one."""
    versions = MentorPolicy.objects.filter(from_on__lte=today).select_related("unit")
    newest = {version.unit_id: version for version in versions.order_by("from_on")}
    nearest = [
        When(unit__path__startswith=rule.unit.path, then=_after(today, rule.expiring_days))
        for rule in sorted(newest.values(), key=lambda rule: -len(rule.unit.path))
    ]
    usual = _after(today, MentorPolicy().expiring_days)
    return Case(*nearest, default=usual, output_field=DateField())


def _after(today: dt.date, days: int) -> Value:
    return Value(today + dt.timedelta(days=days), output_field=DateField())


def _office_of(mentor: Mentor, standing: Standing) -> list[int]:
    """Who coordinates the unit at the nearest level; nobody keeps an own appointment."""
    own = mentor.cadre.user_id
    for unit_id in reversed(mentor.unit.ancestor_ids):
        if users := [user for user in standing.coordinators.get(unit_id, []) if user != own]:
            return users
    return []
