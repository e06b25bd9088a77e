"""The columns of the register of mentors as a file. Headings are Chinese data."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, Func, OuterRef, Value
from django.utils.translation import gettext_lazy as _

from accounts.exporting import Register
from accounts.models import User
from cadres.exporting import facts, phone, place
from mentors.models import Mentor, Strength
from mentors.past import names
from mentors.states import State
from tables import cells
from tables.skeleton import Column

PERSON = "cadre__"


def columns(
    user: User, *, is_masked: bool, today: dt.date, as_of: dt.date | None = None
) -> list[Column]:
    """For rows with their places (`with_places`), of a past day with its columns."""
    at = names(as_of)
    return [
        *facts(PERSON, today=today),
        *place(user, PERSON, as_of=as_of),
        phone(user, PERSON, is_masked=is_masked),
        Column("聘任单位", "unit__name", 18),
        Column("导师类型", "category__name", 20),
        Column("导师专长", _strengths(), 20),
        Column("帮带名额", at.capacity, 8, is_number=True),
        Column("在带人数", at.taken, 8, is_number=True),
        Column("空余名额", at.free, 8, is_number=True),
        Column("状态", cells.word(F(at.state), {c: str(name) for c, name in State.choices}), 8),
        Column("聘任日期", cells.day(at.from_on), 12),
        Column("聘期至", cells.day(at.term_to_on), 12),
        Column("退出日期", cells.day(at.to_on), 12),
    ]


REGISTER = Register(
    name=_("register of mentors"),
    title="导师名册",
    tally=Mentor.tally,
    list_url="mentors:list",
    columns=columns,
)


def _strengths() -> Func:
    mine = Strength.objects.filter(mentors=OuterRef("pk")).order_by("position", "pk")
    return Func(
        ArraySubquery(mine.values("name")),
        Value("、"),
        function="array_to_string",
        output_field=CharField(),
    )
