"""Who came and who went between two days: the rows behind the difference of a figure."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Q

from accounts.models import User
from stats import figures
from stats.bases import Rows
from stats.comparing import Against
from stats.cuts import Cut
from stats.figures import TOTAL
from stats.shapes import Base, Indicator
from units.models import Unit

# People are compared by person, whatever post or appointment they are counted at.
OF_PEOPLE = frozenset({Base.MENTORS, Base.PEOPLE, Base.MENTEES, Base.REGISTERED})


class Changes(NamedTuple):
    """What one figure counts on each day, and the two differences of these sets."""

    then: Rows
    now: Rows
    came: Rows  # counted now, not then: the rows of now
    went: Rows  # counted then, not now: the rows of then


def key_of(base: Base) -> str:
    return "cadre_id" if base in OF_PEOPLE else "pk"


def changes(
    unit: Unit, against: Against, indicator: Indicator, row: str = TOTAL, *, user: User
) -> Changes:
    """As far as the user may see: now = then + came − went."""

    def counted(cut: Cut) -> Rows:
        return figures.behind(unit, cut, indicator, row).filter(user.rows_q())

    then, now = counted(against.then), counted(against.now)
    key = key_of(indicator.base)
    return Changes(then, now, _without(now, then, key), _without(then, now, key))


def _without(rows: Rows, others: Rows, key: str) -> Rows:
    keys: Any = others.order_by().values(key)
    return rows.filter(~Q(**{f"{key}__in": keys}))
