"""Whom a programme concerns: the mentors and mentees of its unit's subtree on a day."""

from __future__ import annotations

import datetime as dt

from cadres.models import Mentee, MenteeQuerySet
from mentors.models import Mentor, MentorQuerySet
from programmes.models import Programme


def mentors_of(programme: Programme, day: dt.date) -> MentorQuerySet:
    """Mentors in office who may be given new mentees."""
    return Mentor.objects.in_office(day).filter(programme.unit.rows_q())


def mentees_of(programme: Programme, day: dt.date) -> MenteeQuerySet:
    """Entries of people who should be paired: the rule of the coverage."""
    rows = Mentee.objects.filter(programme.unit.rows_q("cadre__"), cadre__merged_into=None)
    return rows.should_be_paired(day)
