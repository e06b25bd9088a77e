"""The shape of a chart: figures as rows of a table that says the same in words, and as data.

A chart takes its numbers from the figures (stats.figures) and defines none. Rows stand in the
order of codes, days or definitions; none is sorted by its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stats.cuts import Cut, Text, say
from stats.grids import Figure, address
from units.models import Unit


class Row(NamedTuple):
    name: str
    href: str
    cells: list[Figure]


class Tile(NamedTuple):
    """A child unit in the schematic map. `shade` is 1 to 5, and 0 where nobody is due."""

    name: str
    href: str
    percent: str
    of: str
    shade: int


@dataclass(frozen=True)
class Chart:
    """`data` is what static/js/charts.js draws; `rows` are the same numbers to read."""

    code: str
    title: str
    notes: list[str]
    heads: list[str]
    rows: list[Row]
    data: Mapping[str, Any]
    is_empty: bool
    tiles: list[Tile] = field(default_factory=list)

    @property
    def data_id(self) -> str:
        return f"chart-data-{self.code}"


def titled(title: Text, counted: Text, cut: Cut) -> str:
    """Never a number without what it counts."""
    return f"{say(title, cut)}（{say(counted, cut)}）"


def named(unit: Unit, cut: Cut, section: str, code: str, n: int, **also: str) -> Figure:
    """A number and the address of the names behind it; behind 0 there are none."""
    asked = {"section": section, "indicator": code, **also}
    return Figure(f"{n:,}", address("stats:names", unit, cut, **asked) if n else "")
