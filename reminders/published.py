"""A list that was published: one notice to each person on it, however many pairs it gave them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from pairings.models import Pairing
from pairings.states import OPEN, Role
from programmes.models import PlannedPair, Programme, ProgrammeEvent
from reminders.matters import MENTEE_OWES, MENTOR_OWES, Matter
from reminders.models import Reminder, Rule

TOLD = dt.timedelta(days=14)  # afterwards it is no news
NAMES = 20  # of one sentence


def publications(today: dt.date) -> Iterator[Matter]:
    """Of each list that was published lately, a notice to the people with open pairs of it."""
    events = ProgrammeEvent.objects.filter(verb="publish", to_state="published")
    recent = events.filter(at__date__gt=today - TOLD).select_related("programme")
    for event in recent.order_by("pk"):
        yield from _notices(event.programme, timezone.localdate(event.at))


def settled(rows: QuerySet[Reminder], today: dt.date) -> QuerySet[Reminder]:
    """Those that are no news any more, or whose receiver has no open pair of the list left."""
    own = Q(pairing__mentor_cadre__user=OuterRef("user"))
    own |= Q(pairing__mentee__user=OuterRef("user"))
    pairs = PlannedPair.objects.filter(own, programme=OuterRef("subject"), pairing__state__in=OPEN)
    is_old = Q(due_on__lte=today - TOLD)
    return rows.filter(~Exists(pairs) | is_old, rule=Rule.PUBLISHED)


def _notices(programme: Programme, day: dt.date) -> Iterator[Matter]:
    rows = Pairing.objects.open().filter(planned__programme=programme)
    people = ("mentor_cadre__user", "mentee__user")
    guided: dict[int, list[Pairing]] = defaultdict(list)
    guiding: dict[int, list[Pairing]] = defaultdict(list)
    for pairing in rows.select_related(*people).order_by("mentee__pinyin", "pk"):
        for cadre, found in ((pairing.mentor_cadre, guided), (pairing.mentee, guiding)):
            if cadre.user and cadre.user.is_active:
                found[cadre.user.pk].append(pairing)
    for user, pairs in guided.items():
        names = [pairing.mentee.name for pairing in pairs]
        waits = any(pairing.state in MENTOR_OWES for pairing in pairs)
        yield _notice(programme, day, user, "mentor", pairs, names, waits=waits)
    for user, pairs in guiding.items():
        names = [_in_role(pairing) for pairing in pairs]
        waits = any(pairing.state in MENTEE_OWES for pairing in pairs)
        yield _notice(programme, day, user, "mentee", pairs, names, waits=waits)


def _in_role(pairing: Pairing) -> str:
    name = pairing.mentor_cadre.name
    return name if pairing.role == Role.LEAD else f"{name}（{pairing.get_role_display()}）"


def _notice(
    programme: Programme,
    day: dt.date,
    user_id: int,
    side: str,
    pairs: list[Pairing],
    names: list[str],
    *,
    waits: bool,
) -> Matter:
    told = "、".join(names[:NAMES]) + ("…" if len(names) > NAMES else "")
    other = "mentee" if side == "mentor" else "mentor"
    is_one = len(pairs) == 1
    return Matter(
        user_id=user_id,
        county_id=programme.county_id,
        rule=Rule.PUBLISHED,
        subject=programme.pk,
        period=side,
        words={
            "to": f"{side}_confirms" if waits else side,
            "title": programme.title,
            "day": str(day),
            "number": len(pairs),
            other: told,  # type: ignore[misc]
        },
        due_on=day,
        path=reverse("pairings:detail", args=[pairs[0].pk]) if is_one else reverse("pairings:list"),
    )
