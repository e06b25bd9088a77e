"""A comparison laid out for reading: both numbers, the difference, and what each opens."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from stats.compare_forms import ACROSS_UNITS
from stats.comparing import Against, Item, parts
from stats.cuts import Ratio, Text, say
from stats.figures import TOTAL
from stats.grids import Figure, ShareOf, address
from stats.shapes import Share
from units.models import Unit


class Delta(NamedTuple):
    """A difference in a sign and in a word, and the list of who came and who went."""

    text: str
    word: str
    href: str = ""


class Shown(NamedTuple):
    band: str
    name: str
    href: str
    note: int
    is_total: bool
    then: Figure | ShareOf
    now: Figure | ShareOf
    change: Delta
    halves: list[tuple[Text, Delta]]  # of a share: of its numerator and of its denominator


class View(NamedTuple):
    """What a comparison shows, as it stands in the addresses of its pages."""

    unit: Unit
    against: Against
    section: str

    def address(self, name: str, **also: str) -> str:
        asked = {**self.against.address, "section": self.section, **also}
        return address(name, self.unit, self.against.now, **asked)


def shown_columns(view: View, items: list[Item]) -> list[Shown]:
    """A line for each figure of one row; its title leads to that figure for all rows."""
    numbers = {text: n for n, text in enumerate(definitions(view, items), 1)}
    return [
        _shown(
            view,
            item,
            view.address("stats:compare", across=ACROSS_UNITS, indicator=item.column.code),
            numbers[say(item.column.definition, view.against.now)],
        )
        for item in items
    ]


def shown_rows(view: View, items: list[Item]) -> list[Shown]:
    """A line for each row of one figure; its name leads to all figures of that row."""
    return [_shown(view, item, view.address("stats:compare", row=item.key), 0) for item in items]


def definitions(view: View, items: list[Item]) -> list[str]:
    said = (say(item.column.definition, view.against.now) for item in items)
    return list(dict.fromkeys(said))


def remarks(against: Against) -> list[str]:
    words = against.words
    return [
        _(
            "Now: as of %(as_of)s, period %(period_from)s to %(as_of)s. Then: as of "
            "%(then_as_of)s, period %(then_period_from)s to %(then_as_of)s. Both are counted by "
            "the same definitions from today's record."
        )
        % words,
        _(
            "The difference of two shares is that of the percentages shown, in percentage points; "
            "of nothing there is no share and no difference."
        ),
        _("Each difference opens the list of who came and who went, also where they balance."),
    ]


def _shown(view: View, item: Item, href: str, note: int) -> Shown:
    then, now = view.against.then, view.against.now
    figures, changes = [], []
    for indicator, was, is_now in parts(item):
        asked = {"section": view.section, "row": item.key, "indicator": indicator.code}
        behind = [address("stats:names", view.unit, cut, **asked) for cut in (then, now)]
        figures.append((_figure(was, behind[0]), _figure(is_now, behind[1])))
        opens = view.address("stats:changes", row=item.key, indicator=indicator.code)
        changes.append(delta(is_now - was, opens if was or is_now else ""))
    if isinstance(item.column, Share):
        (was_part, part), (was_whole, whole) = figures
        shares = (
            ShareOf(str(item.then), was_part, was_whole),
            ShareOf(str(item.now), part, whole),
        )
        points, halves = delta(item.change, ""), list(zip(item.column.heads, changes, strict=True))
        return Shown(item.band, item.name, href, note, item.key == TOTAL, *shares, points, halves)
    both = figures[0]
    return Shown(item.band, item.name, href, note, item.key == TOTAL, *both, changes[0], [])


def _figure(value: int, href: str) -> Figure:
    return Figure(f"{value:,}", href if value else "")


def delta(change: int | Decimal | None, href: str) -> Delta:
    """Signs that people read: +3, −2; shares in percentage points."""
    if change is None:
        return Delta("—", "", href)
    number = f"{abs(change):,}"
    if isinstance(change, Decimal):
        number = _("%(n)s percentage points") % {"n": number}
    if not change:
        return Delta(number, _("the same"), href)
    sign, word = ("+", _("more")) if change > 0 else ("−", _("fewer"))
    return Delta(f"{sign}{number}", word, href)


def sheet_rows(items: list[Item]) -> list[list[object]]:
    """The comparison for a file: numbers as numbers, a share beside its two counts."""
    found = []
    for item in items:
        line: list[object] = [item.band, item.name]
        for value in (item.then, item.now):
            if isinstance(value, Ratio):
                line += [value.part, value.whole, value.percent]
            else:
                line += [value, None, None]
        found.append([*line, item.change])
    return found
