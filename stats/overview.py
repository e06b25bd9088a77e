"""The few figures that a unit is known by, each beside what it was at the end of last quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from stats import figures
from stats.cuts import Cut, Ratio, Text, chinese, say
from stats.drawings import named
from stats.grids import Figure, ShareOf, address
from stats.indicators import COVERAGE, MENTEES, MENTORS, PAIRS_RUNNING, SILENT
from stats.records import SESSIONS, VISITS
from stats.shapes import COUNTED, Base, Column, Indicator, Share
from units.models import Unit

DAY = dt.timedelta(days=1)
# Each with the section whose table has it, for the way back from its names.
KEYS: tuple[tuple[Column, str], ...] = (
    (PAIRS_RUNNING, "pairs"),
    (MENTORS, "people"),
    (MENTEES, "people"),
    (COVERAGE, "coverage"),
    (SILENT, "pairs"),
    (SESSIONS, "records"),
    (VISITS, "records"),
)
OF_A_PERIOD = frozenset({Base.SESSIONS, Base.VISITS})
Counts = Mapping[str, int]


class KeyFigure(NamedTuple):
    title: str
    counted: str
    definition: str
    now: Figure | ShareOf
    then: Figure | ShareOf | None  # none where the two would not be of one period
    change: str

    @property
    def has_any(self) -> bool:
        both = (each.whole if isinstance(each, ShareOf) else each for each in (self.now, self.then))
        return any(each is not None and each.href for each in both)


def key_figures(unit: Unit, cut: Cut) -> list[KeyFigure]:
    """A query for each base that is counted; NotYet (stats.tallies) for a large unit."""
    before = quarter_before(cut)
    asked = [part for column, _section in KEYS for part in parts(column)]
    was, is_now = figures.series(unit, asked, [before, cut])
    return [
        _key_figure(unit, column, section, (before, was), (cut, is_now)) for column, section in KEYS
    ]


def quarter_before(cut: Cut) -> Cut:
    """The last day of the quarter before, its period begun on the same day where it had begun.

    So what a period counts is told apart by that day; otherwise the usual period, which is kept
    of large units.
    """
    quarter = cut.as_of.replace(month=(cut.as_of.month - 1) // 3 * 3 + 1, day=1)
    day = quarter - DAY
    return Cut.at(day, cut.period_from if cut.period_from <= day else None, cut.age)


def _key_figure(
    unit: Unit, column: Column, section: str, then: tuple[Cut, Counts], now: tuple[Cut, Counts]
) -> KeyFigure:
    base = column.part.base if isinstance(column, Share) else column.base
    is_comparable = base not in OF_A_PERIOD or then[0].period_from == now[0].period_from
    return KeyFigure(
        _title(column, now[0]),
        str(COUNTED[base]),
        say(column.definition, now[0]),
        _figure(unit, column, section, *now),
        _figure(unit, column, section, *then) if is_comparable else None,
        change(_value(column, then[1]), _value(column, now[1]), base) if is_comparable else "",
    )


def _title(column: Column, cut: Cut) -> str:
    titles: dict[str, Text] = {
        MENTORS.code: _("Number of mentors"),
        MENTEES.code: _("Number of mentees"),
        COVERAGE.code: _("Coverage"),
        SILENT.code: _("Pairings long without a record"),
        SESSIONS.code: _("Sessions of the period"),
        VISITS.code: _("Visits of the period"),
    }
    return say(titles.get(column.code, column.title), cut)


def _figure(unit: Unit, column: Column, section: str, cut: Cut, counts: Counts) -> Figure | ShareOf:
    """The number, with the address of the names behind it."""

    def one(indicator: Indicator) -> Figure:
        return named(unit, cut, section, indicator.code, counts[indicator.code])

    if isinstance(column, Share):
        return ShareOf(str(_value(column, counts)), one(column.part), one(column.whole))
    return one(column)


def parts(column: Column) -> tuple[Indicator, ...]:
    return (column.part, column.whole) if isinstance(column, Share) else (column,)


def _value(column: Column, counts: Counts) -> int | Ratio:
    if isinstance(column, Share):
        return Ratio(counts[column.part.code], counts[column.whole.code])
    return counts[column.code]


def change(then: int | Ratio, now: int | Ratio, base: Base) -> str:
    """The difference in words; of shares that of the percentages shown, nothing without both."""
    if isinstance(then, Ratio) or isinstance(now, Ratio):
        return _points(then, now)
    n = now - then
    if base in OF_A_PERIOD:
        return _("%(n)s since then") % {"n": f"{n:,}"}
    if n == 0:
        return _("the same")
    said = _("up by %(n)s") if n > 0 else _("down by %(n)s")
    return said % {"n": f"{abs(n):,}"}


def _points(then: int | Ratio, now: int | Ratio) -> str:
    both = [each.percent if isinstance(each, Ratio) else None for each in (then, now)]
    if both[0] is None or both[1] is None:
        return ""
    n: Decimal = both[1] - both[0]
    if n == 0:
        return _("the same")
    said = _("up by %(n)s percentage points") if n > 0 else _("down by %(n)s percentage points")
    return said % {"n": abs(n)}


def note(cut: Cut) -> str:
    """What the earlier numbers stand for."""
    before = quarter_before(cut)
    said = _("“End of the quarter before” is the end of %(day)s.") % {"day": chinese(before.as_of)}
    if before.period_from == cut.period_from:
        said += _(
            "For sessions and visits the earlier number runs from %(from)s to that day as well."
        ) % {"from": chinese(cut.period_from)}
    return said


def compare_address(unit: Unit, cut: Cut) -> str:
    """The page that takes the difference apart."""
    before = quarter_before(cut)
    also = {"then": before.as_of.isoformat(), "then_from": before.period_from.isoformat()}
    return address("stats:compare", unit, cut, **also)
