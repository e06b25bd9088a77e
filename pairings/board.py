"""谁还有名额: the places of each mentor, who takes them, and what they come to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Case, Count, F, Q, Sum, When

from accounts.models import User
from mentors.models import Mentor, MentorQuerySet
from mentors.states import APPOINTED, State
from pairings.models import Pairing
from pairings.past import shown_as_then, with_past
from pairings.states import OPEN

# More places than these are told by the figure alone.
_DRAWN = 10


class Names(NamedTuple):
    """By what name a column is asked for: today's, or the annotation of a past day."""

    state: str = "state"
    capacity: str = "capacity"
    taken: str = "taken"
    free: str = "free"


NOW, THEN = Names(), Names("state_on", "capacity_on", "taken_on", "free_on")


def names(day: dt.date | None) -> Names:
    return THEN if day else NOW


class Row(NamedTuple):
    mentor: Mentor  # with its places
    pairs: list[Pairing]  # those that the user may see
    elsewhere: int  # the others, which take a place as well

    @property
    def takes_nobody(self) -> bool:
        return self.mentor.state != State.IN_OFFICE

    @property
    def free(self) -> int:
        """Places that somebody may be given."""
        return 0 if self.takes_nobody else self.mentor.free

    @property
    def dots(self) -> tuple[str, str]:
        """The places as signs: taken, and free; both empty where they would be too many."""
        taken = self.mentor.taken
        if taken + self.free > _DRAWN:
            return "", ""
        return "●" * taken, "○" * self.free


class Sums(NamedTuple):
    mentors: int
    places: int
    taken: int
    free: int


def mentors_on(user: User, today: dt.date, day: dt.date | None) -> MentorQuerySet:
    """Whose appointment stands today, or stood on a past `day`, with the places of then."""
    rows = Mentor.objects.visible_to(user).appointed(day or today)
    if day is None:
        return rows.with_places()
    return rows.with_past(day).filter(Q(state_on__in=APPOINTED)).with_places_on(day)


def with_room(day: dt.date | None) -> Q:
    """Condition on `mentors_on`: somebody may be given to them."""
    columns = names(day)
    return Q(**{columns.state: State.IN_OFFICE, f"{columns.taken}__lt": F(columns.capacity)})


def sums(mentors: MentorQuerySet, day: dt.date | None) -> Sums:
    """Of `mentors_on`. Free are the places of mentors in office: whoever has more mentees than
    places, or is suspended, has none."""
    columns = names(day)
    in_office = Q(**{columns.state: State.IN_OFFICE})
    found = mentors.order_by().aggregate(
        n=Count("pk"),
        places=Sum(columns.capacity, default=0),
        held=Sum(columns.taken, default=0),
        left=Sum(Case(When(in_office, then=F(columns.free)), default=0), default=0),
    )
    return Sums(found["n"], found["places"], found["held"], found["left"])


def rows_of(mentors: Sequence[Mentor], user: User, day: dt.date | None) -> list[Row]:
    """Each mentor of a page of `mentors_on` with the pairs that take a place.

    As many queries for one mentor as for many. The rows are for showing, never saved: those of
    a past day say what they said then.
    """
    seen: dict[object, list[Pairing]] = defaultdict(list)
    for pairing in _taking(mentors, user, day):
        seen[pairing.mentor_id].append(pairing)
    for mentor in mentors:
        for now, then in zip(NOW, names(day), strict=True):
            setattr(mentor, now, getattr(mentor, then))
    return [Row(mentor, seen[mentor.pk], mentor.taken - len(seen[mentor.pk])) for mentor in mentors]


def _taking(mentors: Sequence[Mentor], user: User, day: dt.date | None) -> list[Pairing]:
    rows = Pairing.objects.visible_to(user).filter(mentor__in=mentors).order_by("from_on", "id")
    if day is None:
        return list(rows.open().select_related("mentee__unit"))
    past = with_past(rows, day).filter(Q(state_on__in=OPEN))
    found = list(past.select_related("mentee__unit", "mentor_cadre__unit"))
    shown_as_then(found, day)
    return found
