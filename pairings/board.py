"""谁还有名额: the places of each mentor, who takes them, and what they come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Case, Count, F, Q, Sum, When

from accounts.models import User
from mentors.models import Mentor, MentorQuerySet
from mentors.states import State
from pairings.models import Pairing

# More places than these are told by the figure alone.
_DRAWN = 10


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


def sums(rows: MentorQuerySet) -> Sums:
    """Of mentors with their places. Free are those of mentors in office: whoever has more
    mentees than places, or is suspended, has none."""
    open_places = Case(When(state=State.IN_OFFICE, then=F("free")), default=0)
    found = rows.order_by().aggregate(
        mentors=Count("pk"),
        places=Sum("capacity", default=0),
        held=Sum("taken", default=0),
        left=Sum(open_places, default=0),
    )
    return Sums(found["mentors"], found["places"], found["held"], found["left"])


def rows_of(mentors: Iterable[Mentor], user: User) -> list[Row]:
    """Each mentor with the pairs that take a place; one query, however many mentors."""
    mentors = list(mentors)
    seen: dict[object, list[Pairing]] = defaultdict(list)
    taking = Pairing.objects.visible_to(user).open().filter(mentor__in=mentors)
    for pairing in taking.select_related("mentee__unit").order_by("from_on", "id"):
        seen[pairing.mentor_id].append(pairing)
    return [Row(mentor, seen[mentor.pk], mentor.taken - len(seen[mentor.pk])) for mentor in mentors]


def with_room() -> Q:
    """Condition on mentors with their places: somebody may be given to them."""
    return Q(state=State.IN_OFFICE, taken__lt=F("capacity"))
