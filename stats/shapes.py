"""The shapes of what is counted: a base of rows, counts of it, shares of two counts, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stats.cuts import Text

Values = frozenset[Any]


class Base(StrEnum):
    """The rows that are counted: people, pairs and records are never mixed."""

    MENTORS = "mentors"
    PEOPLE = "people"
    MENTEES = "mentees"
    REGISTERED = "registered"
    PAIRS = "pairs"
    SESSIONS = "sessions"
    VISITS = "visits"
    ASSIGNMENTS = "assignments"
    CERTIFICATES = "certificates"


@dataclass(frozen=True)
class Indicator:
    """One count. `where` maps dimensions of the base to the values that count."""

    code: str
    title: Text
    definition: Text
    base: Base
    where: Mapping[str, Values] = field(default_factory=dict)
    # Whose part this count is, so that its list can say the whole definition.
    whole: Indicator | None = None
    # A category that is no longer in use stands in the table only where it counts somebody.
    is_retired: bool = False
    since: str = "0.1.0"  # the version that first had it

    def counts(self, row: Mapping[str, Any]) -> bool:
        return all(row[dimension] in values for dimension, values in self.where.items())

    @property
    def definitions(self) -> list[Text]:
        return [*([self.whole.definition] if self.whole else []), self.definition]

    @property
    def condition(self) -> Q:
        condition = Q()
        for dimension, values in self.where.items():
            allowed = Q(**{f"{dimension}__in": values - {None}})
            if None in values:
                allowed |= Q(**{f"{dimension}__isnull": True})
            condition &= allowed
        return condition


@dataclass(frozen=True)
class Share:
    """A percentage: never shown without its numerator and its denominator."""

    code: str
    title: Text
    definition: Text
    part: Indicator
    whole: Indicator
    since: str = "0.1.0"

    @property
    def heads(self) -> tuple[Text, Text]:
        """The headings of its numerator and its denominator, with their unit of count."""
        if COUNTED[self.part.base] is PEOPLE_COUNT:
            return _("numerator"), _("denominator")
        return _("numerator (items)"), _("denominator (items)")


Column = Indicator | Share


class Band(NamedTuple):
    """Columns under one heading, with their unit of count."""

    title: Text
    counted: Text
    columns: tuple[Column, ...]


class Section(NamedTuple):
    """A sheet of the workbook and a table of the page."""

    code: str
    title: Text
    bands: tuple[Band, ...]

    @property
    def columns(self) -> list[Column]:
        return [column for band in self.bands for column in band.columns]


PEOPLE_COUNT = pgettext_lazy("unit of count", "people")
PAIRS_COUNT = pgettext_lazy("unit of count", "pairs")
TIMES_COUNT = pgettext_lazy("unit of count", "times")
ITEMS_COUNT = pgettext_lazy("unit of count", "items")
COPIES_COUNT = pgettext_lazy("unit of count", "copies")
ITEMS_SHARE_COUNT = pgettext_lazy("unit of count", "items, %%")
SHARE_COUNT = pgettext_lazy("unit of count", "people, %%")

COUNTED: dict[Base, Text] = {
    Base.MENTORS: PEOPLE_COUNT,
    Base.PEOPLE: PEOPLE_COUNT,
    Base.MENTEES: PEOPLE_COUNT,
    Base.REGISTERED: PEOPLE_COUNT,
    Base.PAIRS: PAIRS_COUNT,
    Base.SESSIONS: TIMES_COUNT,
    Base.VISITS: TIMES_COUNT,
    Base.ASSIGNMENTS: ITEMS_COUNT,
    Base.CERTIFICATES: COPIES_COUNT,
}
YES: Values = frozenset({True})
NO: Values = frozenset({False})
