"""Tables whose rows are groups of people instead of units: by category, gender, age and so on.

Each thing counted falls into one group, "not filled in" among them, so the rows add up to the
total that the table by units has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.models import MenteeCategory
from mentors.models import MentorCategory
from stats import traits
from stats.bases import Rows, kind_of, rows_within
from stats.cuts import Cut, Text
from stats.figures import TOTAL, Asked, Line, Table, filled
from stats.grouping import Cell, grouped, needed
from stats.indicators import counted
from stats.shapes import Base, Column, Indicator, Section, Share
from stats.tallies import is_large, rows_of_unit
from units.models import Unit

_PEOPLE = frozenset({Base.MENTORS, Base.PEOPLE, Base.MENTEES, Base.REGISTERED})


class TooLarge(Exception):
    """Rows of groups are counted on the spot: not of a unit that takes longer than a page waits."""


@dataclass(frozen=True)
class Grouping:
    """What the rows are; `column` is the annotation that says the group, of pairs the mentee's."""

    code: str
    title: Text
    column: str
    bases: frozenset[Base]

    def allows(self, column: Column) -> bool:
        parts = (column.part, column.whole) if isinstance(column, Share) else (column,)
        return all(part.base in self.bases for part in parts)


class Group(NamedTuple):
    key: str
    title: str
    value: Any
    is_shown_when_empty: bool


_MENTEES = frozenset({Base.MENTEES, Base.REGISTERED, Base.PAIRS})
GROUPINGS = {
    each.code: each
    for each in (
        Grouping("category", gettext_lazy("category of the mentee"), "kind", _MENTEES),
        Grouping(
            "mentor_category",
            gettext_lazy("category of the mentor"),
            "kind",
            frozenset({Base.MENTORS}),
        ),
        *(
            Grouping(trait.name, trait.title, trait.name, _PEOPLE | {Base.PAIRS})
            for trait in traits.TRAITS
        ),
    )
}


def allowed(column: Column) -> list[Grouping]:
    """What a figure can be taken apart by, besides units."""
    return [grouping for grouping in GROUPINGS.values() if grouping.allows(column)]


def groups_of(grouping: Grouping) -> list[Group]:
    """The rows in their order; a query for the open lists of categories."""
    model: Any = {"category": MenteeCategory, "mentor_category": MentorCategory}.get(grouping.code)
    if model:
        found = [Group(str(row.pk), row.name, row.pk, row.is_active) for row in model.objects.all()]
        return [*found, Group(traits.NONE, _("category not filled in"), None, False)]
    (trait,) = (trait for trait in traits.TRAITS if trait.name == grouping.code)
    return [
        Group(group.key, str(group.title), group.key, not group.is_retired)
        for group in trait.groups
    ]


def table(unit: Unit, cut: Cut, grouping: Grouping, only: Collection[str] | None = None) -> Table:
    """The figures that can be taken apart so, a row a group; `every` are the sections with any.

    TooLarge where that takes longer than a page can wait.
    """
    if is_large(unit):
        raise TooLarge(unit.name)
    whole = Asked.of(None)
    every = tuple(filter(None, (_within(section, grouping) for section in whole.every)))
    chosen = tuple(section for section in every if only is None or section.code in only)
    indicators = counted(column for section in chosen for column in section.columns)
    asked = Asked(every, chosen, indicators, needed(indicators.values()))
    groups = groups_of(grouping)
    lines = [
        Line(TOTAL, _("total of the rows"), unit, {}),
        *(Line(group.key, group.title, unit, {}) for group in groups),
    ]
    found = filled(unit, cut, asked, lines, _cells(unit, cut, grouping, asked))
    shown = {group.key for group in groups if group.is_shown_when_empty}
    parts = [line for line in found.parts if line.key in shown or any(line.counts.values())]
    return replace(found, parts=parts, by=grouping.code, heading=str(grouping.title))


def behind(unit: Unit, cut: Cut, grouping: Grouping, indicator: Indicator, row: str) -> Rows:
    """The rows that a figure counts in a group; all of them for the total."""
    rows = _rows(indicator.base, unit, cut, grouping).filter(indicator.condition)
    if row == TOTAL:
        return rows
    (group,) = (group for group in groups_of(grouping) if group.key == row)
    if group.value is None:
        return rows.filter(**{f"{grouping.column}__isnull": True})
    return rows.filter(**{grouping.column: group.value})


def _within(section: Section, grouping: Grouping) -> Section | None:
    """The section without the columns that cannot be taken apart so; None without any column."""
    bands = [
        band._replace(columns=tuple(filter(grouping.allows, band.columns)))
        for band in section.bands
    ]
    kept = tuple(band for band in bands if band.columns)
    return section._replace(bands=kept) if kept else None


def _cells(unit: Unit, cut: Cut, grouping: Grouping, asked: Asked) -> Iterator[Cell]:
    for base, sets in asked.sets.items():
        for cell in grouped(base, _rows(base, unit, cut, grouping), grouping.column, sets=sets):
            (value,) = cell.place
            yield cell._replace(place=(traits.NONE if value is None else str(value),))


def _rows(base: Base, unit: Unit, cut: Cut, grouping: Grouping) -> Rows:
    rows = rows_within(base, rows_of_unit(unit), cut)
    if base is Base.REGISTERED and grouping.code == "category":
        return rows.annotate(kind=kind_of("cadre_id", cut.as_of))
    if base in {Base.REGISTERED, Base.PAIRS} and grouping.column != "kind":
        person = "mentee" if base is Base.PAIRS else "cadre"
        group = traits.groups_on(cut, person)[grouping.column]
        return rows.annotate(**{grouping.column: group})
    return rows
