"""Mentors who were mentees once: a line of teaching through each township, invented as the rest."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable

from mentoring.demo.life import Lives
from mentoring.demo.people import Group
from mentors.models import Mentor
from pairings.states import State

LINKS = 2  # with the mentees of today, up to four generations
# From the first day of being taught to the own appointment: a year, and some time after it.
_APPRENTICESHIP = dt.timedelta(days=400)


def enter(groups: Iterable[Group], lives: Lives) -> int:
    """Add the finished pairs that made mentors of mentees; how many."""
    made = 0
    for group in groups:
        line = _line(group.mentors)
        for elder, younger in itertools.pairwise(line):
            begins = lives.chance.day(_appointed(elder), _appointed(younger) - _APPRENTICESHIP)
            lives.pair(elder, younger.cadre, State.COMPLETED, from_on=begins)
            made += 1
    lives.write()
    return made


def _line(mentors: Iterable[Mentor]) -> list[Mentor]:
    """Mentors of whom each could have been taught by the one before."""
    line: list[Mentor] = []
    for mentor in sorted(mentors, key=lambda each: (_appointed(each), each.pk)):
        if len(line) <= LINKS and (not line or _could_teach(line[-1], mentor)):
            line.append(mentor)
    return line


def _could_teach(elder: Mentor, younger: Mentor) -> bool:
    in_time = _appointed(younger) - _appointed(elder) >= _APPRENTICESHIP
    return in_time and elder.cadre.birth_month < younger.cadre.birth_month


def _appointed(mentor: Mentor) -> dt.date:
    return mentor.from_on or dt.date.max
