"""All the pairs of a person, on both sides, and the years that they spanned."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from cadres.models import Cadre
from pairings.models import Pairing
from pairings.past import shown_as_then, with_past
from pairings.states import CALLED_OFF, RUNNING, WAITING

# More rows or years than these make no picture that is read at a glance.
_BARS = 12


class Line(NamedTuple):
    pairing: Pairing
    other: Cadre
    before: Pairing | None  # whose history it goes on with, where the user may see it
    away: Pairing | None  # of a substitute: the pair that it stands in for

    @property
    def last_on(self) -> dt.date | None:
        return self.pairing.ended_on or self.pairing.to_on

    @property
    def look(self) -> str:
        """The class of its bar."""
        if self.pairing.state in WAITING:
            return "is-waiting"
        return "is-running" if self.pairing.state in RUNNING else "is-over"


class Bar(NamedTuple):
    """The years of one pair, and how many columns stand empty on both sides."""

    line: Line
    first: int
    last: int
    lead: int
    rest: int

    @property
    def span(self) -> int:
        return self.last - self.first + 1


class Pairs(NamedTuple):
    as_mentor: list[Line]  # newest first
    as_mentee: list[Line]
    elsewhere: int  # pairs that the user may not see
    years: range
    bars: list[Bar]


def pairs_of(cadre: Cadre, user: User, today: dt.date, day: dt.date | None) -> Pairs:
    """As of a past `day`, or of today; four queries at most, however many pairs."""
    both = Pairing.objects.filter(Q(mentor_cadre=cadre) | Q(mentee=cadre))
    if day:
        both = with_past(both, day)
    rows = list(both.visible_to(user).for_list().order_by("-from_on", "-id"))
    if day:
        shown_as_then(rows, day)
    linked = {pk for row in rows for pk in (row.succeeds_id, row.stands_in_for_id) if pk}
    others = Pairing.objects.visible_to(user).filter(pk__in=linked)
    known = {other.pk: other for other in others.select_related("mentor_cadre", "mentee")}
    lines = [_line(row, cadre, known) for row in rows]
    years, bars = _strip(lines, day or today)
    return Pairs(
        [line for line in lines if line.pairing.mentor_cadre_id == cadre.pk],
        [line for line in lines if line.pairing.mentee_id == cadre.pk],
        both.count() - len(rows),
        years,
        bars,
    )


def _line(row: Pairing, cadre: Cadre, known: dict[UUID, Pairing]) -> Line:
    other = row.mentee if row.mentor_cadre_id == cadre.pk else row.mentor_cadre
    before = known.get(row.succeeds_id) if row.succeeds_id else None
    away = known.get(row.stands_in_for_id) if row.stands_in_for_id else None
    return Line(row, other, before, away)


def _strip(lines: list[Line], day: dt.date) -> tuple[range, list[Bar]]:
    """The years to draw, and a bar for each pair that came to life or may; none for one alone."""
    drawn = [line for line in lines if line.pairing.state not in CALLED_OFF]
    if not 1 < len(drawn) <= _BARS:
        return range(0), []
    spans = [(line, line.pairing.from_on.year, _last_year(line, day)) for line in drawn]
    end = max(day.year, *(last for _line, _first, last in spans))
    start = max(min(first for _line, first, _last in spans), end - _BARS + 1)
    shown = [(line, max(first, start), last) for line, first, last in spans if last >= start]
    bars = [Bar(line, first, last, first - start, end - last) for line, first, last in shown]
    return range(start, end + 1), bars


def _last_year(line: Line, day: dt.date) -> int:
    """Of a pair without an end the year of the day; never before its first."""
    last = line.last_on or day
    return max(last, line.pairing.from_on).year
