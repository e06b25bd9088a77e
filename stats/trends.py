"""A unit over twelve months: pairs, mentees and coverage as they stood at each month's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.months import month_of, shift
from stats import figures
from stats.cuts import Cut, Ratio, Text, say
from stats.drawings import Chart, Row, named, titled
from stats.grids import Figure
from stats.indicators import COVERAGE, MENTEES, PAIRS_RUNNING
from stats.shapes import COUNTED, Indicator
from units.models import Unit

MONTHS = 12
LINES: tuple[tuple[Text, Indicator], ...] = (
    (PAIRS_RUNNING.title, PAIRS_RUNNING),
    (gettext_lazy("Number of mentees"), MENTEES),
)
# What is counted, with the section whose table has it.
SECTIONS: tuple[tuple[Indicator, str], ...] = (
    (PAIRS_RUNNING, "pairs"),
    (MENTEES, "people"),
    (COVERAGE.part, "coverage"),
    (COVERAGE.whole, "coverage"),
)


def month_ends(cut: Cut) -> list[Cut]:
    """The last twelve ends of months up to the cut-off day, and that day if it is none."""
    day = dt.timedelta(days=1)
    after = month_of(cut.as_of + day)
    firsts = [dt.date.fromisoformat(f"{shift(after, -n)}-01") for n in range(MONTHS)]
    days = sorted({cut.as_of, *(first - day for first in firsts)})
    return [cut if each == cut.as_of else Cut.at(each, None, cut.age) for each in days]


def trend(unit: Unit, cut: Cut) -> list[Chart]:
    cuts = month_ends(cut)
    found = figures.series(unit, [indicator for indicator, _section in SECTIONS], cuts)
    rows = [_row(unit, each, counts) for each, counts in zip(cuts, found, strict=True)]
    names = [titled(title, COUNTED[each.base], cut) for title, each in LINES]
    shares = [_coverage(counts).percent for counts in found]
    data = {
        "kind": "trend",
        "days": [row.name for row in rows],
        "counts": [
            {
                "name": name,
                "values": [counts[each.code] for counts in found],
                "hrefs": [row.cells[number].href for row in rows],
            }
            for number, (name, (_title, each)) in enumerate(zip(names, LINES, strict=True))
        ],
        "share": {
            "name": f"{COVERAGE.title}（%）",
            "values": [None if each is None else float(each) for each in shares],
        },
    }
    heads = [_("end of"), *names, _("paired"), _("should be paired"), str(COVERAGE.title)]
    said = _("Each month as it stood at its end, counted now: what was entered late is in it.")
    notes = [said, *(say(each.definition, cut) for each in (PAIRS_RUNNING, MENTEES, COVERAGE))]
    is_empty = not any(any(counts.values()) for counts in found)
    return [Chart("trend", _("Trend over twelve months"), notes, heads, rows, data, is_empty)]


def _row(unit: Unit, cut: Cut, counts: Mapping[str, int]) -> Row:
    numbers = [
        named(unit, cut, section, each.code, counts[each.code]) for each, section in SECTIONS
    ]
    name = f"{cut.as_of.year}.{cut.as_of:%m.%d}"
    return Row(name, "", [*numbers, Figure(str(_coverage(counts)))])


def _coverage(counts: Mapping[str, int]) -> Ratio:
    return Ratio(counts[COVERAGE.part.code], counts[COVERAGE.whole.code])
