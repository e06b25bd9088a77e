"""Plain functions that make rows for tests; keyword-only arguments, sensible defaults."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from accounts.models import Grant, User
from cadres.models import Cadre, Posting
from mentors.models import Mentor, MentorCategory
from pairings.models import Pairing, PairingEvent
from pairings.states import OPEN, State
from units.models import Unit

_numbers = itertools.count(1)


def make_unit(*, name: str, kind: str, parent: Unit | None = None, code: str | None = None) -> Unit:
    return Unit.objects.create(name=name, kind=kind, parent=parent, code=code)


def make_user(*, username: str = "", name: str = "某人", **fields: Any) -> User:
    user = User(username=username or f"user{next(_numbers)}", name=name, **fields)
    user.set_password("correct horse battery")
    user.save()
    return user


def make_grant(*, user: User, role: str, unit: Unit) -> Grant:
    return Grant.objects.create(user=user, role=role, unit=unit, from_on=dt.date(2020, 1, 1))


def make_cadre(
    *, unit: Unit, name: str = "张三", birth_month: str = "1995-03", **fields: Any
) -> Cadre:
    title = fields.pop("title", "干部")
    cadre = Cadre(unit=unit, name=name, birth_month=birth_month, **{"gender": "1", **fields})
    cadre.save()
    Posting.objects.create(cadre=cadre, unit=unit, title=title)
    return cadre


def make_mentor(*, cadre: Cadre, capacity: int = 2, **fields: Any) -> Mentor:
    fields.setdefault("category", MentorCategory.objects.first())
    fields.setdefault("from_on", dt.date(2020, 1, 1))
    return Mentor.objects.create(cadre=cadre, unit=cadre.unit, capacity=capacity, **fields)


def make_pairing(
    *,
    mentor: Mentor,
    mentee: Cadre,
    state: str = State.ACTIVE,
    from_on: dt.date = dt.date(2026, 3, 1),
    to_on: dt.date = dt.date(2027, 2, 28),
    **fields: Any,
) -> Pairing:
    if state not in OPEN:
        fields.setdefault("ended_on", to_on)
    pairing = Pairing.objects.create(
        mentor=mentor, mentee=mentee, state=state, from_on=from_on, to_on=to_on, **fields
    )
    PairingEvent.objects.create(pairing=pairing, verb="register", to_state=state, on=from_on)
    return pairing
