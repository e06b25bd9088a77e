"""What is drawn of a unit's figures: coverage, states, ages and methods; a trend has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stats import figures
from stats.cuts import Cut, Ratio, Text, say
from stats.drawings import Chart, Row, Tile, named, titled
from stats.figures import OWN, TOTAL, Line
from stats.grids import Figure, address
from stats.indicators import COVERAGE, PYRAMIDS, STATES
from stats.records import METHODS, SESSIONS
from stats.shapes import COUNTED, PAIRS_COUNT, PEOPLE_COUNT, SHARE_COUNT, TIMES_COUNT, Indicator
from stats.traits import AGE, GENDER, NONE, pyramid
from stats.trends import trend
from units.models import Unit

# From which percent on a tile has the next shade; the legend in _tiles.html says the same.
SHADES = (0, 60, 80, 90, 100)


def coverage(unit: Unit, cut: Cut) -> list[Chart]:
    found = figures.table(
        unit, cut.as_of, cut.period_from, age=cut.age, at_once=True, only={"coverage"}
    )
    part, whole = COVERAGE.part.code, COVERAGE.whole.code
    # Where nothing lies below or beside a unit, its own row says what the total says.
    lines = [
        each
        for each in found.lines
        if each.key != OWN or (each.counts[whole] and len(found.parts) > 1)
    ]
    rows, bars, tiles = [], [], []
    for line in lines:
        ratio, href = line.ratio(COVERAGE), _child(unit, line, cut)
        cells = [Figure(str(ratio))]
        cells += [_behind(unit, cut, "coverage", line, code) for code in (part, whole)]
        rows.append(Row(line.name, href, cells))
        bars.append(
            {
                "name": line.name,
                "value": None if ratio.percent is None else float(ratio.percent),
                "part": ratio.part,
                "whole": ratio.whole,
                "label": f"{ratio}（{ratio.part:,}/{ratio.whole:,}）",
                "href": href or cells[1].href,
                "is_total": line.key == TOTAL,
            }
        )
        if line.key not in {TOTAL, OWN}:
            of = f"{ratio.part:,}/{ratio.whole:,}"
            tiles.append(Tile(line.name, href, str(ratio), of, shade(ratio)))
    return [
        Chart(
            "coverage",
            titled(_("Coverage by unit"), SHARE_COUNT, cut),
            [say(COVERAGE.definition, cut), say(COVERAGE.whole.definition, cut)],
            [_("unit"), str(COVERAGE.title), _("paired"), _("should be paired")],
            rows,
            {"kind": "bars", "max": 100, "rows": bars},
            found.total.counts[whole] == 0,
            tiles,
        )
    ]


def shade(ratio: Ratio) -> int:
    """Of the shares from which a shade begins so many are reached, exactly; 0 without a share."""
    return sum(ratio.part * 100 >= least * ratio.whole for least in SHADES if ratio.whole)


def states(unit: Unit, cut: Cut) -> list[Chart]:
    (counts,) = figures.series(unit, STATES, [cut])
    notes = [say(STATES[0].definition, cut), say(STATES[1].definition, cut)]
    title = titled(_("Pairings by state"), PAIRS_COUNT, cut)
    # The first is the sum of the two below it.
    return [_bars(unit, cut, "states", title, notes, "pairs", STATES, counts, total=STATES[0])]


def methods(unit: Unit, cut: Cut) -> list[Chart]:
    (counts,) = figures.series(unit, (SESSIONS, *METHODS), [cut])
    return [
        _bars(
            unit,
            cut,
            "methods",
            titled(_("Sessions by the six methods"), TIMES_COUNT, cut),
            [say(SESSIONS.definition, cut)],
            "records",
            METHODS,
            counts,
            whole=counts[SESSIONS.code],
        )
    ]


def _bars(
    unit: Unit,
    cut: Cut,
    code: str,
    title: str,
    notes: list[str],
    section: str,
    indicators: Sequence[Indicator],
    counts: Mapping[str, int],
    *,
    whole: int | None = None,
    total: Indicator | None = None,
) -> Chart:
    """A bar for each count; with `whole`, its share of that beside it; `total` is set apart."""
    rows, bars = [], []
    for each in indicators:
        n = counts[each.code]
        figure = named(unit, cut, section, each.code, n)
        share = "" if whole is None else str(Ratio(n, whole))
        name = say(each.title, cut)
        rows.append(Row(name, "", [figure, *([Figure(share)] if share else [])]))
        label = f"{n:,}（{share}）" if share and whole else f"{n:,}"
        bars.append(
            {
                "name": name,
                "value": n,
                "label": label,
                "href": figure.href,
                "is_total": each is total,
            }
        )
    counted = str(COUNTED[indicators[0].base])
    heads = ["", counted, *([_("share")] if whole is not None else [])]
    is_empty = not any(counts.values())
    return Chart(code, title, notes, heads, rows, {"kind": "bars", "rows": bars}, is_empty)


def ages(unit: Unit, cut: Cut) -> list[Chart]:
    every = {whole.code: list(pyramid(whole)) for _heading, whole in PYRAMIDS}
    asked = [count for triples in every.values() for _gender, _age, count in triples]
    (counts,) = figures.series(unit, asked, [cut])
    return [
        _pyramid(unit, cut, heading, whole.code, every[whole.code], counts)
        for heading, whole in PYRAMIDS
    ]


def _pyramid(
    unit: Unit,
    cut: Cut,
    heading: Text,
    code: str,
    triples: Iterable[Any],
    counts: Mapping[str, int],
) -> Chart:
    cells = {
        (gender.key, age.key): named(unit, cut, "age", count.code, counts[count.code])
        for gender, age, count in triples
    }
    numbers = {(gender.key, age.key): counts[count.code] for gender, age, count in triples}
    bands = [each for each in AGE.groups if each.key != NONE]
    shown = [*bands, next(each for each in AGE.groups if each.key == NONE)]
    rows = [
        Row(str(age.title), "", [cells[gender.key, age.key] for gender in GENDER.groups])
        for age in shown
    ]
    men, women, unsaid = GENDER.groups
    unknown = {
        "n": sum(numbers[unsaid.key, each.key] for each in AGE.groups),
        "m": sum(numbers[each.key, NONE] for each in (men, women)),
    }
    notes = [say(AGE.definition, cut)]
    if any(unknown.values()):
        notes.append(
            _("Not drawn, but in the table: %(n)s without a gender and %(m)s without an age.")
            % unknown
        )
    data = {
        "kind": "pyramid",
        "bands": [str(each.title) for each in bands],
        "sides": [
            {
                "name": str(side.title),
                "values": [numbers[side.key, each.key] for each in bands],
                "hrefs": [cells[side.key, each.key].href for each in bands],
            }
            for side in (men, women)
        ],
    }
    title = titled(_("%(who)s by age and gender") % {"who": heading}, PEOPLE_COUNT, cut)
    heads = [str(AGE.title), *(str(each.title) for each in GENDER.groups)]
    return Chart(f"ages-{code}", title, notes, heads, rows, data, not any(numbers.values()))


CHARTS: dict[str, tuple[Text, Callable[[Unit, Cut], list[Chart]]]] = {
    "coverage": (gettext_lazy("Coverage by unit"), coverage),
    "states": (gettext_lazy("Pairings by state"), states),
    "trend": (gettext_lazy("Trend over twelve months"), trend),
    "ages": (gettext_lazy("Ages of mentors and mentees"), ages),
    "methods": (gettext_lazy("Sessions by the six methods"), methods),
}


def _child(unit: Unit, line: Line, cut: Cut) -> str:
    """The overview of a child unit; one that has moved away has none for those who read this."""
    is_child = line.key not in {TOTAL, OWN} and line.unit.parent_id == unit.pk
    return address("stats:overview", line.unit, cut) if is_child else ""


def _behind(unit: Unit, cut: Cut, section: str, line: Line, code: str) -> Figure:
    return named(unit, cut, section, code, line.counts[code], row=line.key)
