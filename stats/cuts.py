"""The day that figures are read as of, and shares with what they are shares of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise

from core.months import dotted, earliest_birth
from pairings.models import Policy

DEFAULT_AGE = 35
# What the rules allow unless they say otherwise; one number here, so that units compare.
SILENCE_DAYS: int = Policy._meta.get_field("silence_days").default
Text = str | Promise


@dataclass(frozen=True)
class Cut:
    """The day (inclusive), the first day of the period, and the age boundary (inclusive)."""

    as_of: dt.date
    period_from: dt.date
    age: int = DEFAULT_AGE

    @classmethod
    def at(cls, as_of: dt.date, period_from: dt.date | None = None, age: int = DEFAULT_AGE) -> Cut:
        """The period begins on 1 January of the year unless said otherwise.

        ValueError for a day that has not come yet, or a period that begins after its end.
        """
        if as_of > timezone.localdate():
            raise ValueError(f"{as_of} is in the future")
        start = period_from or as_of.replace(month=1, day=1)
        if start > as_of:
            raise ValueError(f"the period from {start} begins after {as_of}")
        return cls(as_of, start, age)

    @property
    def day_before(self) -> dt.date:
        return self.period_from - dt.timedelta(days=1)

    @property
    def quiet_day(self) -> dt.date:
        """A pair whose last sign of life was before it is silent."""
        return self.as_of - dt.timedelta(days=SILENCE_DAYS)

    @property
    def birth_month(self) -> str:
        """The earliest birth month (`YYYY-MM`) of those who count as young."""
        return earliest_birth(self.age, self.as_of)

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """The period as moments of local time: from, inclusive; until, exclusive."""
        days = (self.period_from, self.as_of + dt.timedelta(days=1))
        first, last = (timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in days)
        return first, last

    @property
    def words(self) -> dict[str, str]:
        """What titles and definitions may name: `%(as_of)s` and so on."""
        return {
            "as_of": chinese(self.as_of),
            "period_from": chinese(self.period_from),
            "age": str(self.age),
            "birth": dotted(self.birth_month),
            "silence": str(SILENCE_DAYS),
            "quiet_day": chinese(self.quiet_day),
        }


def chinese(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def say(text: Text, cut: Cut) -> str:
    """A title or a definition in words, its days and its boundary filled in.

    Names of categories are people's own words and are left as they are.
    """
    return str(text) % cut.words if isinstance(text, Promise) else text


def percent(part: int, whole: int, digits: int = 2) -> Decimal | None:
    """The share in percent, rounded half up; None of nothing (which is not 0 %)."""
    if whole == 0:
        return None
    step = Decimal(1).scaleb(-digits)
    return (Decimal(part) * 100 / Decimal(whole)).quantize(step, ROUND_HALF_UP)


class Ratio(NamedTuple):
    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        return percent(self.part, self.whole)

    def __str__(self) -> str:
        return "—" if self.percent is None else f"{self.percent}%"
