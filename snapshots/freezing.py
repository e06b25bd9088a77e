"""A table of figures as plain data that never changes, and back again.

What was said beside the figures (titles, definitions, remarks) is kept in words: a definition
that is mended later does not reach into what was sealed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from stats.cuts import Cut, say
from stats.figures import Line, Table
from stats.grids import remarks
from stats.shapes import Band, Base, Column, Indicator, Section, Share
from units.models import Unit

VERSION = 1


def freeze(table: Table) -> dict[str, Any]:
    """Everything that the table says, as JSON."""
    cut = table.cut
    return {
        "version": VERSION,
        "unit": _unit(table.unit),
        "as_of": cut.as_of.isoformat(),
        "period_from": cut.period_from.isoformat(),
        "age": cut.age,
        "sections": [
            {
                "code": section.code,
                "title": say(section.title, cut),
                "bands": [
                    {
                        "title": say(band.title, cut),
                        "counted": say(band.counted, cut),
                        "columns": [_column(column, cut) for column in band.columns],
                    }
                    for band in section.bands
                ],
            }
            for section in table.sections
        ],
        "remarks": remarks(table),
        "lines": [
            {
                "key": line.key,
                "name": line.name,
                "unit": _unit(line.unit),
                "counts": dict(line.counts),
            }
            for line in table.lines
        ],
    }


def thaw(content: dict[str, Any]) -> Table:
    """The table as it was sealed. Its units are not of the database: they keep their names."""
    cut = cut_of(content)
    sections = tuple(
        Section(
            section["code"],
            section["title"],
            tuple(
                Band(
                    band["title"],
                    band["counted"],
                    tuple(map(_thawed, band["columns"])),
                )
                for band in section["bands"]
            ),
        )
        for section in content["sections"]
    )
    lines = [
        Line(line["key"], line["name"], Unit(**line["unit"]), line["counts"])
        for line in content["lines"]
    ]
    return Table(
        unit=Unit(**content["unit"]),
        cut=cut,
        sections=sections,
        total=lines[0],
        parts=lines[1:],
        every=sections,
    )


def cut_of(content: dict[str, Any]) -> Cut:
    as_of, period_from = map(dt.date.fromisoformat, (content["as_of"], content["period_from"]))
    return Cut(as_of, period_from, content["age"])


def digest(content: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the content in one canonical form: keys sorted, no spaces."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _unit(unit: Unit) -> dict[str, Any]:
    return {"id": unit.pk, "name": unit.name, "code": unit.code}


def _column(column: Column, cut: Cut) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": column.code,
        "title": say(column.title, cut),
        "definition": say(column.definition, cut),
    }
    if isinstance(column, Share):
        return {**said, "part": _column(column.part, cut), "whole": _column(column.whole, cut)}
    where = {name: sorted(values, key=str) for name, values in column.where.items()}
    return {**said, "base": column.base.value, "where": where}


def _thawed(column: dict[str, Any]) -> Column:
    said = (column["code"], column["title"], column["definition"])
    if "part" in column:
        return Share(*said, _indicator(column["part"]), _indicator(column["whole"]))
    return _indicator(column)


def _indicator(column: dict[str, Any]) -> Indicator:
    said = (column["code"], column["title"], column["definition"])
    where = {name: frozenset(values) for name, values in column.get("where", {}).items()}
    return Indicator(*said, Base(column["base"]), where)
