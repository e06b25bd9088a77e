"""How far a plan is: the month of the term, what is done, what is still to be done."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core.months import month_of, shift
from pairings.models import Pairing
from plans.models import Plan
from plans.states import TO_DO, StepState

OPEN_END = 36  # months offered where no term was agreed
MOST = 120


class Progress(NamedTuple):
    month: int  # the present one, counted from the pair's first; 0 before it
    months: int | None  # of the term; None where none was agreed
    done: int
    to_do: int

    @property
    def sentence(self) -> str:
        values = {"month": self.month, "months": self.months, "done": self.done, "n": self.to_do}
        counts = _("%(done)d steps done, %(n)d still to do") % values
        if self.month < 1 or (self.months and self.month > self.months):
            return counts
        if self.months:
            return _("Month %(month)d of %(months)d: ") % values + counts
        return _("Month %(month)d: ") % values + counts


def of_plan(plan: Plan, today: dt.date) -> Progress:
    counts = plan.steps.aggregate(
        done=Count("pk", filter=Q(state=StepState.DONE)),
        to_do=Count("pk", filter=Q(state__in=TO_DO)),
    )
    pairing = plan.pairing
    first = month_of(pairing.from_on)
    months = _between(first, month_of(pairing.to_on)) + 1 if pairing.to_on else None
    return Progress(_between(first, month_of(today)) + 1, months, counts["done"], counts["to_do"])


def months_of(pairing: Pairing, today: dt.date) -> list[str]:
    """The months that a step of the pair may stand in, first to last.

    Where no term was agreed: three years from the first day, or a year from today.
    """
    first = month_of(pairing.from_on)
    if pairing.to_on:
        last = month_of(pairing.to_on)
        return [shift(first, number) for number in range(_between(first, last) + 1)]
    last = max(shift(first, OPEN_END - 1), shift(month_of(today), 12))
    count = _between(first, last) + 1
    return [shift(first, number) for number in range(max(count - MOST, 0), count)]


def _between(first: str, last: str) -> int:
    return int(last[:4]) * 12 + int(last[5:]) - int(first[:4]) * 12 - int(first[5:])
