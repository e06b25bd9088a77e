"""Plain functions that make rows for tests; keyword-only arguments, sensible defaults."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

from django.db import connection

from accounts.models import Grant, User
from cadres.models import Cadre, Mentee, MenteeCategory, Posting
from mentors.models import Mentor, MentorCategory
from mentors.states import CANDIDATE
from mentors.states import State as MentorState
from pairings.models import Pairing, PairingEvent
from pairings.states import OPEN, State
from units.models import Unit

_numbers = itertools.count(1)


def make_unit(*, name: str, kind: str, parent: Unit | None = None, code: str | None = None) -> Unit:
    return Unit.objects.create(name=name, kind=kind, parent=parent, code=code)


def make_units(rows: Iterable[tuple[str, str, str, str | None, str | None]]) -> dict[str, Unit]:
    """Many units at once, from (key, name, kind, code, key of the parent); parents first."""
    rows = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('units_unit', 'id'))"
            " FROM generate_series(1, %s)",
            [len(rows)],
        )
        ids = [number for (number,) in cursor.fetchall()]
    made: dict[str, Unit] = {}
    for pk, (key, name, kind, code, parent) in zip(ids, rows, strict=True):
        above = made[parent] if parent else None
        made[key] = Unit(pk=pk, name=name, kind=kind, code=code, parent=above)
        made[key].settle()
    Unit.objects.bulk_create(made.values())
    return made


def make_users(**names: str) -> dict[str, User]:
    """Many users at once, by user name; all have the password of `make_user`."""
    users = [User(username=username, name=name) for username, name in names.items()]
    for user in users:
        user.set_password("correct horse battery")
    return {user.username: user for user in User.objects.bulk_create(users)}


def make_grants(*rows: tuple[User, str, Unit]) -> None:
    since = dt.date(2020, 1, 1)
    Grant.objects.bulk_create(
        [Grant(user=user, role=role, unit=unit, from_on=since) for user, role, unit in rows]
    )


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
    title, category = fields.pop("title", "干部"), fields.pop("mentee_category", None)
    cadre = Cadre(unit=unit, name=name, birth_month=birth_month, **{"gender": "1", **fields})
    cadre.save()
    Posting.objects.create(cadre=cadre, unit=unit, title=title)
    if category:
        make_mentee(cadre=cadre, from_on=None, category=category)
    return cadre


def make_mentee(
    *, cadre: Cadre, from_on: dt.date | None = dt.date(2026, 1, 1), **fields: Any
) -> Mentee:
    """An entry in the register of mentees; open unless `to_on` is given."""
    fields.setdefault("category", MenteeCategory.objects.first())
    return Mentee.objects.create(cadre=cadre, from_on=from_on, **fields)


def make_mentor(*, cadre: Cadre, capacity: int = 2, **fields: Any) -> Mentor:
    fields.setdefault("category", MentorCategory.objects.first())
    state = MentorState.ENDED if fields.get("to_on") else MentorState.IN_OFFICE
    fields.setdefault("state", state)
    is_candidate = fields["state"] in CANDIDATE
    fields.setdefault("from_on", None if is_candidate else dt.date(2020, 1, 1))
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
