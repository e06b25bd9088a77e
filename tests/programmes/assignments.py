"""People for an assignment, and the addresses of its pages."""

from __future__ import annotations

import datetime as dt

from cadres.models import MenteeCategory
from mentors.models import MentorCategory
from pairings.matching.tables import SECRETARY, VILLAGE
from programmes.models import AssignmentRun
from programmes.states import State
from tests.factories import make_cadre, make_mentee, make_mentor
from tests.programmes.made import make_programme


def assignment_row_urls(cast, programme) -> dict[str, dict]:
    run = programme.runs.first() or AssignmentRun.objects.create(programme=programme)
    one = {"pk": programme.pk}
    return {
        "programmes:assign": one,
        "programmes:run": {**one, "run_pk": run.pk},
        "programmes:costs": {**one, "mentee_pk": cast.mentee_row.pk},
    }


def drawing_up(unit, **fields):
    fields.setdefault("from_on", dt.date(2026, 12, 1))
    return make_programme(unit=unit, state=State.MATCHING, **fields)


def mentor(unit, name, *, capacity=1, born="1966-05"):
    category = MentorCategory.objects.get(name=SECRETARY)
    cadre = make_cadre(unit=unit, name=name, birth_month=born)
    return make_mentor(cadre=cadre, capacity=capacity, category=category)


def mentee(unit, name, *, born="1996-04"):
    cadre = make_cadre(unit=unit, name=name, birth_month=born)
    make_mentee(cadre=cadre, category=MenteeCategory.objects.get(name=VILLAGE))
    return cadre


def listed(programme):
    """(mentor, mentee, origin, fixed) of every row, in the order of mentees."""
    rows = programme.planned.order_by("mentee__name")
    return [
        (row.mentor.cadre.name, row.mentee.name, row.origin, row.is_fixed)
        for row in rows.select_related("mentor__cadre", "mentee")
    ]
