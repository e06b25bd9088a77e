"""What every figure means, read from the catalogue that counts it: one place for page and file."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from stats.crossing import allowed
from stats.cuts import Cut, say
from stats.indicators import counted, sections
from stats.shapes import COUNTED, Base, Column, Indicator, Share

_OF_A_PERIOD = {Base.SESSIONS, Base.VISITS, Base.ASSIGNMENTS, Base.CERTIFICATES}
_OF_AN_AGE = {"is_young", "age"}


class Definition(NamedTuple):
    """A figure in words; numerator and denominator are those of a share alone."""

    code: str
    section: str
    group: str
    title: str
    definition: str
    numerator: str
    denominator: str
    boundary: str
    counted: str
    groupings: list[str]
    since: str

    def holds(self, text: str) -> bool:
        words = (self.code, self.section, self.group, self.title, self.definition)
        return any(text.casefold() in word.casefold() for word in words)


def definitions(cut: Cut) -> list[Definition]:
    """Every column of every table, and the counts that its shares are made of, each once."""
    found: dict[str, Definition] = {}
    for section in sections():
        for band in section.bands:
            above = (say(section.title, cut), say(band.title, cut))
            for column in (*band.columns, *counted(band.columns).values()):
                found.setdefault(column.code, _define(column, above, cut))
    return list(found.values())


def _define(column: Column, above: tuple[str, str], cut: Cut) -> Definition:
    numerator, denominator, counts = "", "", _("percent")
    if isinstance(column, Share):
        numerator, denominator = (_in_words(each, cut) for each in (column.part, column.whole))
    else:
        counts = str(COUNTED[column.base])
    return Definition(
        code=column.code,
        section=above[0],
        group=above[1],
        title=say(column.title, cut),
        definition=say(column.definition, cut),
        numerator=numerator,
        denominator=denominator,
        boundary=boundary_of(column),
        counted=counts,
        groupings=[_("unit"), *(str(grouping.title) for grouping in allowed(column))],
        since=column.since,
    )


def _in_words(indicator: Indicator, cut: Cut) -> str:
    return f"{say(indicator.title, cut)}（{indicator.code}）"


def boundary_of(column: Column) -> str:
    """Which days, and which age, are included."""
    indicator = column.part if isinstance(column, Share) else column
    if indicator.base in _OF_A_PERIOD or "state_before" in indicator.where:
        said = _("The first and the last day of the period are included.")
    else:
        said = _("At the end of the cut-off day; first and last days are included.")
    return said + _("The ages named are included.") if _has_ages(indicator) else said


def _has_ages(indicator: Indicator) -> bool:
    return bool(_OF_AN_AGE & {*indicator.where})
