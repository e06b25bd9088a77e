"""Months: facts known to the month (`1985.07`) are kept as text `YYYY-MM`; no day is made up.

The text sorts as time does, so an age limit is a comparison of two texts.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata

_WRITTEN = re.compile(
    r"^(?P<year>(?:18|19|20|21)\d\d)(?:[.\-/年]?)(?P<month>0?[1-9]|1[0-2])"
    r"(?:月|[.\-/月]\d{1,2}日?)?$"
)


def parse_month(text: str) -> str:
    """`YYYY-MM` from 1985.07, 1985.7, 1985-7, 198507, 1985/7/3, 1985年7月; ValueError otherwise."""
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("。", ".")
    compact = re.sub(r"\d{1,2}:\d\d(:\d\d)?$", "", compact) if ":" in compact else compact
    if re.fullmatch(r"(18|19|20|21)\d{6}", compact):
        compact = compact[:6]
    found = _WRITTEN.match(compact)
    if found is None:
        raise ValueError(text)
    return f"{found['year']}-{int(found['month']):02d}"


def month_of(day: dt.date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def shift(month: str, months: int) -> str:
    """The month so many months later (earlier when negative)."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + months, 12)
    return f"{year:04d}-{number + 1:02d}"


def full_years(month: str, as_of: dt.date) -> int:
    """Full years from the month to the cut-off day; the year is full when its month has begun."""
    return (as_of.year * 12 + as_of.month - int(month[:4]) * 12 - int(month[5:])) // 12


def earliest_birth(age: int, as_of: dt.date) -> str:
    """The earliest birth month of people who are `age` full years or less on that day."""
    return shift(month_of(as_of), -(age + 1) * 12 + 1)


def latest_birth(age: int, as_of: dt.date) -> str:
    """The latest birth month of people who are `age` full years or more on that day."""
    return shift(month_of(as_of), -age * 12)


def dotted(month: str | None) -> str:
    """As offices write it: 1985.07."""
    return month.replace("-", ".") if month else ""


def end_of_term(from_on: dt.date, months: int) -> dt.date:
    """The last day of a term: the day before the same day so many months later.

    Where that month has no such day, its last day ends the term (Civil Code, art. 202): one
    month from 31 January runs to 28 February, a year from 29 February 2024 to 28 February 2025.
    """
    year, month = map(int, shift(month_of(from_on), months).split("-"))
    length = calendar.monthrange(year, month)[1]
    if from_on.day > length:
        return dt.date(year, month, length)
    return dt.date(year, month, from_on.day) - dt.timedelta(days=1)
