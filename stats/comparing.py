"""Two days of one unit beside each other: which earlier day, and by how much figures differ."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from core.months import month_of, shift
from stats.cuts import Cut, Ratio, Text, say
from stats.figures import OWN, TOTAL, Line, Table
from stats.grids import heading
from stats.shapes import Band, Column, Indicator, Share

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Against:
    """A day with its period, and the earlier one that it is compared with."""

    now: Cut
    then: Cut

    @property
    def words(self) -> dict[str, str]:
        earlier = {f"then_{name}": word for name, word in self.then.words.items()}
        return {**self.now.words, **earlier}

    @property
    def address(self) -> dict[str, str]:
        """What stands in an address besides the later day."""
        return {
            "then": self.then.as_of.isoformat(),
            "then_from": self.then.period_from.isoformat(),
        }


class Item(NamedTuple):
    """A figure of one row of the table, on both days. `band` is the heading that it stands under,
    `key` the row."""

    band: str
    name: str
    counted: str
    key: str
    column: Column
    then: int | Ratio
    now: int | Ratio

    @property
    def change(self) -> int | Decimal | None:
        """The difference; of shares that of the percentages as they are shown, in points."""
        if isinstance(self.then, Ratio) and isinstance(self.now, Ratio):
            if self.then.percent is None or self.now.percent is None:
                return None
            return self.now.percent - self.then.percent
        return int(self.now) - int(self.then)  # type: ignore[arg-type]


class Earlier(NamedTuple):
    """An earlier day that offices compare with, and its period."""

    title: Text
    as_of: dt.date
    period_from: dt.date


def earlier(cut: Cut) -> list[Earlier]:
    """The usual ones; each before the cut-off day."""
    month, quarter, year = _ends_before(cut.as_of)
    last_year = _year_before(cut.as_of), _year_before(cut.period_from)
    return [
        Earlier(_("end of the month before"), month, period_to(cut, month)),
        Earlier(_("end of the quarter before"), quarter, period_to(cut, quarter)),
        Earlier(_("same period of the year before"), *last_year),
        Earlier(_("end of the year before"), year, period_to(cut, year)),
    ]


def quarter_before(day: dt.date) -> dt.date:
    return _ends_before(day)[1]


def period_to(cut: Cut, day: dt.date) -> dt.date:
    """The first day of the period up to this day that is compared with the cut's.

    What runs from 1 January is compared with what ran from 1 January, as in the overview.
    """
    if cut.period_from == cut.as_of.replace(month=1, day=1):
        return day.replace(month=1, day=1)
    return same_length(cut, day)


def same_length(cut: Cut, day: dt.date) -> dt.date:
    """The first day of a period as long as the cut's that ends on this day.

    Whole months are counted as months, so a quarter is compared with a quarter.
    """
    if cut.period_from.day == 1 and _ends_month(cut.as_of) and _ends_month(day):
        first, last = cut.period_from, cut.as_of
        months = (last.year - first.year) * 12 + last.month - first.month
        return dt.date.fromisoformat(f"{shift(month_of(day), -months)}-01")
    return day - (cut.as_of - cut.period_from)


def _ends_before(day: dt.date) -> tuple[dt.date, dt.date, dt.date]:
    """The last days of the month, the quarter and the year before."""
    quarter = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(day=1) - _DAY, quarter - _DAY, day.replace(month=1, day=1) - _DAY


def _ends_month(day: dt.date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _year_before(day: dt.date) -> dt.date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def by_column(then: Table, now: Table, row: str) -> list[Item]:
    """Every figure of the section that the tables hold, for one row."""
    was, is_now = _line(then, row), _line(now, row)
    return [
        _item(say(column.title, now.cut), row, band, column, was, is_now, now.cut)
        for band, column in _columns(then, now)
    ]


def by_unit(then: Table, now: Table, code: str) -> list[Item]:
    """One figure for every row; LookupError for one that the section does not have."""
    found = [each for each in _columns(then, now) if each[1].code == code]
    if not found:
        raise LookupError(code)
    ((band, column),) = found
    return [
        _item(name, key, band, column, _line(then, key), _line(now, key), now.cut)
        for key, name in rows(then, now)
    ]


def _columns(then: Table, now: Table) -> list[tuple[Band, Column]]:
    """A category that is no longer in use is compared where it counted somebody on either day."""
    shown = {column.code for table in (then, now) for column in table.columns}
    asked = {section.code for section in now.sections}
    return [
        (band, column)
        for section in now.every
        if section.code in asked
        for band in section.bands
        for column in band.columns
        if column.code in shown
    ]


def _item(
    name: str,
    key: str,
    band: Band,
    column: Column,
    then: Line | None,
    now: Line | None,
    cut: Cut,
) -> Item:
    values = _value(then, column), _value(now, column)
    return Item(heading(band, cut), name, say(band.counted, cut), key, column, *values)


def rows(then: Table, now: Table) -> list[tuple[str, str]]:
    """Key and name of every row that one of the two tables has, in the order of the codes."""
    found = {line.key: line for table in (then, now) for line in table.lines}
    children = [line for key, line in found.items() if key not in {TOTAL, OWN}]
    children.sort(key=lambda line: (line.unit.code is None, line.unit.code or "", line.unit.pk))
    lines = [found[TOTAL], found[OWN], *children]
    return [(line.key, line.name) for line in lines]


def _line(table: Table, key: str) -> Line | None:
    return next((line for line in table.lines if line.key == key), None)


def _value(line: Line | None, column: Column) -> int | Ratio:
    """A row that a table does not show has nothing to count."""
    if isinstance(column, Share):
        return line.ratio(column) if line else Ratio(0, 0)
    return line.counts[column.code] if line else 0


def parts(item: Item) -> Iterator[tuple[Indicator, int, int]]:
    """The counts behind a figure with their numbers of then and now: one, of a share two."""
    if isinstance(item.column, Indicator):
        yield item.column, int(item.then), int(item.now)  # type: ignore[arg-type]
    else:
        both = zip(item.then, item.now, strict=True)  # type: ignore[arg-type]
        halves = (item.column.part, item.column.whole)
        for indicator, (was, is_now) in zip(halves, both, strict=True):
            yield indicator, was, is_now
