"""Who came and who went between two days: the rows behind the difference of a figure."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from stats import figures
from stats.bases import Rows
from stats.comparing import Against
from stats.cuts import Cut
from stats.figures import TOTAL
from stats.shapes import Base, Indicator
from units.models import Unit

# Up to so many rows of a day the two sets are read once, and the database is asked for the rows of
# their difference alone; of more it takes the difference itself.
MOST_KEYS = 20_000
# People are compared by person, whatever post or appointment they are counted at.
OF_PEOPLE = frozenset({Base.MENTORS, Base.PEOPLE, Base.MENTEES, Base.REGISTERED})


class Changes(NamedTuple):
    """How many rows one figure counts on each day, and the two differences of these sets."""

    then: int
    now: int
    came: Rows  # counted now, not then: the rows of now
    went: Rows  # counted then, not now: the rows of then


def key_of(base: Base) -> str:
    return "cadre_id" if base in OF_PEOPLE else "pk"


def changes(
    unit: Unit,
    against: Against,
    indicator: Indicator,
    row: str = TOTAL,
    *,
    user: User,
    most: int = MOST_KEYS,
) -> Changes:
    """As far as the user may see: now = then + came − went."""

    def counted(cut: Cut) -> Rows:
        return figures.behind(unit, cut, indicator, row).filter(user.rows_q())

    then, now = counted(against.then), counted(against.now)
    key = key_of(indicator.base)
    was, is_now = _keys(then, key, most), _keys(now, key, most)
    if len(was) > most or len(is_now) > most:
        both = then.count(), now.count()
        return Changes(*both, _without(now, then, key), _without(then, now, key))
    came = [pk for each, pk in is_now.items() if each not in was]
    went = [pk for each, pk in was.items() if each not in is_now]
    return Changes(len(was), len(is_now), now.filter(pk__in=came), then.filter(pk__in=went))


def _keys(rows: Rows, key: str, most: int) -> dict[UUID, UUID]:
    """The row of each key, one more than `most` at the most."""
    return dict(rows.order_by().values_list(key, "pk")[: most + 1])


def _without(rows: Rows, others: Rows, key: str) -> Rows:
    keys: Any = others.order_by().values(key)
    return rows.filter(~Q(**{f"{key}__in": keys}))
