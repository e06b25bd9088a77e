"""Lists of programmes for tests; keyword-only arguments, sensible defaults."""

from __future__ import annotations

from typing import Any

import pytest

from cadres.models import Cadre
from mentors.models import Mentor
from programmes.models import ForbiddenPair, PlannedPair, Programme
from programmes.states import State
from tests.factories import make_cadre, make_mentee, make_mentor
from tests.programmes.made import make_programme


def make_planned(
    *, programme: Programme, mentor: Mentor, mentee: Cadre, **fields: Any
) -> PlannedPair:
    return PlannedPair.objects.create(programme=programme, mentor=mentor, mentee=mentee, **fields)


def make_learner(*, unit: Any, name: str, **fields: Any) -> Cadre:
    """Somebody on the register of mentees."""
    cadre = make_cadre(unit=unit, name=name, **fields)
    make_mentee(cadre=cadre)
    return cadre


@pytest.fixture
def listed(cast, tree):
    """安吉's programme with its list being drawn up: 王导师 (two places) with 李学员 on it, and
    赵学员 who has nobody yet."""
    cast.programme = make_programme(unit=tree.anji, state=State.MATCHING)
    cast.guide = make_mentor(cadre=make_cadre(unit=tree.dipu, name="王导师", birth_month="1970-02"))
    cast.li = make_learner(unit=tree.shangshu, name="李学员")
    cast.zhao = make_learner(unit=tree.dipu, name="赵学员")
    cast.row = make_planned(programme=cast.programme, mentor=cast.guide, mentee=cast.li)
    return cast


def list_row_urls(cast: Any, programme: Programme) -> dict[str, dict]:
    row = programme.planned.first() or make_planned(
        programme=programme, mentor=cast.mentor_row, mentee=cast.mentee_row
    )
    two = programme.forbidden.first() or ForbiddenPair.objects.create(
        programme=programme, mentor=cast.mentor_row, mentee=cast.mentee_row, reason="近亲属"
    )
    one = {"pk": programme.pk}
    names = (
        "planned", "planned_without", "add_mentees", "add_mentors", "planned_export",
        "planned_print", "forbidden",
    )  # fmt: skip
    return {
        **{f"programmes:{name}": one for name in names},
        "programmes:planned_row": {**one, "row_pk": row.pk},
        "programmes:planned_act": {**one, "row_pk": row.pk, "verb": "fix"},
        "programmes:allow": {**one, "row_pk": two.pk},
    }
