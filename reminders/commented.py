"""New comments on a pair's records: one notice a day, pair and receiver, whatever their number.

The notice names the pair alone: what was said is read where it stands, and may be taken back.
While a pair is suspended, as for a leave, nothing is said; what came in meanwhile is told when it
goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from activities.models import Comment
from pairings.models import PairingEvent
from pairings.states import State
from reminders.matters import CHUNK, Matter
from reminders.models import Reminder, Rule

TOLD = dt.timedelta(days=14)  # afterwards it is no news
_SIDES = {"mentor": "pairing__mentor_cadre", "mentee": "pairing__mentee"}


def comments(today: dt.date) -> Iterator[Matter]:
    """To each side of a pair at work, the days on which somebody else commented."""
    standing = Comment.objects.standing().filter(pairing__state=State.ACTIVE)
    # The moment and not the day, so that the index on it is of use.
    begin = dt.datetime.combine(today - TOLD + dt.timedelta(days=1), dt.time.min)
    recent = standing.filter(created_at__gte=timezone.make_aware(begin))
    for rows in (recent, _said_meanwhile(standing, today)):
        yield from chain.from_iterable(_notices(rows, side) for side in _SIDES)


def read(rows: QuerySet[Reminder], today: dt.date) -> QuerySet[Reminder]:
    """Those that are no news any more, whose comments were taken back or which were answered."""
    both = Q(pairing__mentor_cadre__user=OuterRef("user"))
    both |= Q(pairing__mentee__user=OuterRef("user"))
    said = Comment.objects.standing().filter(both, pairing=OuterRef("subject"))
    others = said.filter(created_at__date=OuterRef("due_on")).exclude(created_by=OuterRef("user"))
    answers = said.filter(created_by=OuterRef("user"), created_at__gt=OuterRef("created_at"))
    is_old = Q(created_at__date__lte=today - TOLD)
    return rows.filter(~Exists(others) | Exists(answers) | is_old, rule=Rule.COMMENTED)


def _said_meanwhile(rows: QuerySet[Comment], today: dt.date) -> QuerySet[Comment]:
    """Of pairs that went on lately, what was said since they began to rest."""
    rests = PairingEvent.objects.filter(from_state=State.ACTIVE, to_state=State.SUSPENDED)
    ends = PairingEvent.objects.filter(from_state=State.SUSPENDED, to_state=State.ACTIVE)
    since = rests.filter(pairing=OuterRef("pairing")).order_by("-at").values("at")[:1]
    lately = ends.filter(at__date__gt=today - TOLD).values("pairing")
    return rows.filter(pairing__in=lately, created_at__gte=Subquery(since))


def _notices(rows: QuerySet[Comment], side: str) -> Iterator[Matter]:
    cadre = _SIDES[side]
    told = rows.filter(**{f"{cadre}__user__is_active": True})
    told = told.exclude(created_by=F(f"{cadre}__user")).order_by()
    days = told.annotate(day=TruncDate("created_at")).values_list(
        f"{cadre}__user", "pairing", "pairing__county", "day",
        "pairing__mentor_cadre__name", "pairing__mentee__name",
    )  # fmt: skip
    for user, pairing, county, day, mentor, mentee in days.distinct().iterator(CHUNK):
        yield Matter(
            user_id=user,
            county_id=county,
            rule=Rule.COMMENTED,
            subject=pairing,
            period=str(day),
            words={"to": side, "mentor": mentor, "mentee": mentee, "day": str(day)},
            due_on=day,
            path=reverse("activities:pair_comments", args=[pairing]),
        )
