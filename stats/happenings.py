"""What happened between two days, read from the rows of people, posts and pairs that one may see.

Each source is one query, whatever the number of rows asked about. What lies outside the reader's
area is not read at all, so nothing of it can be told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from activities.models import Session, Visit
from cadres.models import Cadre, CadreEvent, Exemption, Mentee, Posting
from mentors.models import Mentor
from pairings.models import PairingEvent
from pairings.states import BEGUN, Role, State

_DAY = dt.timedelta(days=1)


class Window(NamedTuple):
    """The days that are asked about, both included."""

    first: dt.date
    last: dt.date

    def begins(self, name: str = "from_on") -> Q:
        return Q(**{f"{name}__range": (self.first, self.last)})

    def ends(self, name: str = "to_on") -> Q:
        """By the last day on which something held: its end is felt on the day after."""
        return Q(**{f"{name}__range": (self.first - _DAY, self.last - _DAY)})

    def has_begin(self, day: dt.date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def has_end(self, day: dt.date | None) -> bool:
        return day is not None and self.has_begin(day + _DAY)


class Fact(NamedTuple):
    """What took effect on a day; `entered` is the day of its entry where that is known."""

    on: dt.date
    said: str
    entered: dt.date | None = None


Keys = Iterable[UUID]
Facts = Iterator[tuple[UUID, Fact]]
Source = Callable[[Keys, Window, User], Facts]


def of_posts(people: Keys, window: Window, user: User) -> Facts:
    posts = Posting.objects.visible_to(user).filter(
        window.begins() | window.ends(), cadre__in=people, is_main=True
    )
    entered = _entered(people, window, user)
    for post in posts.select_related("unit", "cadre"):
        if post.from_on and window.has_begin(post.from_on):
            known = entered.get((post.cadre_id, post.from_on))
            made = timezone.localdate(post.cadre.created_at)
            day = known or (made if made > post.from_on else None)
            said = _("posted at %(unit)s") % {"unit": post.unit.name}
            yield post.cadre_id, Fact(post.from_on, said, day)
        if post.to_on and window.has_end(post.to_on):
            said = _("last day at %(unit)s") % {"unit": post.unit.name}
            yield post.cadre_id, Fact(post.to_on, said)


def _entered(people: Keys, window: Window, user: User) -> dict[tuple[UUID, dt.date], dt.date]:
    """The day on which a change of post was entered, by person and day of the change."""
    events = CadreEvent.objects.filter(
        window.begins("on"), user.rows_q("cadre__"), cadre__in=people
    )
    return {
        (person, on): timezone.localdate(at)
        for person, on, at in events.order_by("at").values_list("cadre", "on", "at")
        if on is not None
    }


def of_leavings(people: Keys, window: Window, user: User) -> Facts:
    left = Cadre.objects.visible_to(user).filter(window.ends("left_on"), pk__in=people)
    for pk, day in left.values_list("pk", "left_on"):
        if day is not None:
            yield pk, Fact(day, _("left the register"))


def of_appointments(people: Keys, window: Window, user: User) -> Facts:
    rows = Mentor.objects.visible_to(user).filter(window.begins() | window.ends(), cadre__in=people)
    for row in rows.select_related("category", "unit"):
        if row.from_on and window.has_begin(row.from_on):
            said = _("appointed as mentor (%(category)s)") % {"category": row.category.name}
            yield row.cadre_id, Fact(row.from_on, said, timezone.localdate(row.created_at))
        if row.to_on and window.has_end(row.to_on):
            yield row.cadre_id, Fact(row.to_on, _("last day of the appointment as mentor"))


def of_entries(people: Keys, window: Window, user: User) -> Facts:
    rows = Mentee.objects.visible_to(user).filter(window.begins() | window.ends(), cadre__in=people)
    for row in rows.select_related("category"):
        category = {"category": row.category.name}
        if row.from_on and window.has_begin(row.from_on):
            said = _("on the register of mentees as %(category)s") % category
            yield row.cadre_id, Fact(row.from_on, said, timezone.localdate(row.created_at))
        if row.to_on and window.has_end(row.to_on):
            said = _("last day on the register of mentees as %(category)s") % category
            yield row.cadre_id, Fact(row.to_on, said)


def of_exemptions(people: Keys, window: Window, user: User) -> Facts:
    entries = Mentee.objects.visible_to(user).filter(cadre__in=people)
    rows = Exemption.objects.filter(window.begins() | window.ends(), mentee__in=entries)
    for row in rows.select_related("mentee"):
        if window.has_begin(row.from_on):
            entered = timezone.localdate(row.created_at)
            yield row.mentee.cadre_id, Fact(row.from_on, _("exempt from pairing"), entered)
        if row.to_on and window.has_end(row.to_on):
            yield row.mentee.cadre_id, Fact(row.to_on, _("last day of the exemption"))


def of_own_pairs(people: Keys, window: Window, user: User) -> Facts:
    """Of the pairs in which somebody is the mentee: when they began, paused and ended."""
    events = _events(window, user).filter(pairing__mentee__in=people, to_state__in=BEGUN)
    for event in events.exclude(pairing__role=Role.SUBSTITUTE):
        said = _("pairing with %(mentor)s: %(what)s") % {
            "mentor": event.pairing.mentor_cadre.name,
            "what": _what(event),
        }
        yield event.pairing.mentee_id, Fact(event.on, said, timezone.localdate(event.at))


def of_pairs(pairs: Keys, window: Window, user: User) -> Facts:
    """Of pairs that began: when they did, paused, went on and ended."""
    yield from _steps(_events(window, user).filter(pairing__in=pairs, to_state__in=BEGUN))


def of_all_steps(pairs: Keys, window: Window, user: User) -> Facts:
    """The steps towards a pair besides: confirmed, declined, withdrawn."""
    yield from _steps(_events(window, user).filter(pairing__in=pairs))


def _steps(events: Iterable[PairingEvent]) -> Facts:
    for event in events:
        said = _what(event)
        if event.reason and event.to_state in {State.TERMINATED, State.SUSPENDED}:
            said = f"{said}（{event.reason[:40]}）"
        yield event.pairing_id, Fact(event.on, said, timezone.localdate(event.at))


def _events(window: Window, user: User) -> Any:
    events = PairingEvent.objects.standing().changing_state()
    seen = events.filter(user.rows_q("pairing__"), window.begins("on"))
    return seen.select_related("pairing__mentor_cadre").order_by("at", "pk")


def _what(event: PairingEvent) -> str:
    if event.to_state != State.ACTIVE:
        return str(event.get_to_state_display())
    return _("resumed") if event.from_state == State.SUSPENDED else _("began")


def of_signs(pairs: Keys, window: Window, user: User) -> Facts:
    """Sessions and visits, which break a pair's silence: the last one of the days asked about."""
    last: dict[UUID, tuple[dt.date, dt.datetime]] = {}
    for model in (Session, Visit):
        rows = model._default_manager.filter(
            user.rows_q(), window.begins("happened_on"), pairing__in=pairs
        )
        for pair, day, at in rows.values_list("pairing", "happened_on", "created_at"):
            last[pair] = max(last.get(pair, (day, at)), (day, at))
    for pair, (day, at) in last.items():
        yield pair, Fact(day, _("a record of guidance"), timezone.localdate(at))
