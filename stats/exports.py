"""The table as a file: workbook, CSV and JSON hold the same figures."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.text import inert
from stats import printing
from stats.crossing import allowed
from stats.cuts import chinese, say
from stats.defining import boundary_of
from stats.figures import Line, Table
from stats.grids import heading, notes, remarks
from stats.shapes import Column, Share
from stats.workbook import write_workbook


class Writer(NamedTuple):
    mime: str
    write: Callable[[Table], bytes]


class Flat(NamedTuple):
    """A column of the flat table: its full heading, and its value in a row."""

    title: str
    value: Callable[[Line], Any]


def title_of(table: Table) -> str:
    title = _("Statistics of mentoring in %(unit)s") % {"unit": table.unit.name}
    return f"{title}（{table.heading}）" if table.by else title


def flat(table: Table) -> list[Flat]:
    return [
        column
        for section in table.sections
        for band in section.bands
        for each in band.columns
        for column in _flat(heading(band, table.cut), each, table)
    ]


def _flat(above: str, column: Column, table: Table) -> Iterator[Flat]:
    title = f"{above}·{say(column.title, table.cut)}"
    if isinstance(column, Share):
        part, whole = map(str, column.heads)
        yield Flat("·".join([title, part]), lambda line: line.ratio(column).part)
        yield Flat("·".join([title, whole]), lambda line: line.ratio(column).whole)
        yield Flat(
            "·".join([title, _("share in percent")]), lambda line: line.ratio(column).percent
        )
    else:
        yield Flat(title, lambda line: line.counts[column.code])


def write_csv(table: Table) -> bytes:
    """UTF-8 with BOM; a header and a row for each line; a share of nothing is 「—」."""
    columns = flat(table)
    text = io.StringIO()
    writer = csv.writer(text)
    first = [
        table.heading or _("unit"),
        _("division code"),
        _("cut-off date"),
        _("period begins on"),
    ]
    writer.writerow([inert(title) for title in [*first, *(column.title for column in columns)]])
    days = [table.cut.as_of.isoformat(), table.cut.period_from.isoformat()]
    for line in table.lines:
        values = (column.value(line) for column in columns)
        shown = ("—" if value is None else value for value in values)
        writer.writerow(map(inert, [line.name, table.code_of(line) or "", *days, *shown]))
    return text.getvalue().encode("utf-8-sig")


def write_json(table: Table) -> bytes:
    """What is counted and how stands beside the rows; a share of nothing is null."""
    cut = table.cut
    content = {
        "title": title_of(table),
        "unit": {"name": table.unit.name, "code": table.unit.code},
        "as_of": cut.as_of.isoformat(),
        "period": {"from": cut.period_from.isoformat(), "to": cut.as_of.isoformat()},
        "age_boundary": {
            "full_years": cut.age,
            "is_inclusive": True,
            "born_from": cut.birth_month,
        },
        "rows_by": table.by or "unit",
        "indicators": list(_definitions(table)),
        "remarks": remarks(table),
        "rows": [
            {
                "row": line.key,
                "name": line.name,
                "code": table.code_of(line),
                "figures": {each.code: _value(line, each) for each in table.columns},
            }
            for line in table.lines
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _definitions(table: Table) -> Iterator[dict[str, Any]]:
    for section in table.sections:
        for band in section.bands:
            for column in band.columns:
                found = {
                    "code": column.code,
                    "title": say(column.title, table.cut),
                    "group": say(band.title, table.cut),
                    "counted": say(band.counted, table.cut),
                    "definition": say(column.definition, table.cut),
                    "boundary": boundary_of(column),
                    "rows_by": ["unit", *(grouping.code for grouping in allowed(column))],
                    "since": column.since,
                }
                if isinstance(column, Share):
                    found |= {
                        "numerator": column.part.code,
                        "numerator_title": say(column.part.title, table.cut),
                        "denominator": column.whole.code,
                        "denominator_title": say(column.whole.title, table.cut),
                    }
                yield found


def _value(line: Line, column: Column) -> Any:
    if isinstance(column, Share):
        ratio = line.ratio(column)
        share = None if ratio.percent is None else float(ratio.percent)
        return {"numerator": ratio.part, "denominator": ratio.whole, "percent": share}
    return line.counts[column.code]


def write_xlsx(table: Table) -> bytes:
    """A sheet for each section, set up for A4 landscape; see stats.workbook."""
    footnotes = {
        section.code: [*notes(table, section.columns), *remarks(table)]
        for section in table.sections
    }
    day = chinese(table.cut.as_of)
    return write_workbook(table, title_of(table), subtitle_of(table), footnotes, day=day)


def write_pdf(table: Table) -> bytes:
    """A4 across; core.glyphs.MissingGlyph for a name that no font draws (stats.printing)."""
    return printing.write_pdf(table, title_of(table), subtitle_of(table))


def subtitle_of(table: Table) -> str:
    return _("Unit: %(unit)s    As of %(as_of)s    Period %(period_from)s to %(as_of)s") % {
        "unit": table.unit.name,
        **table.cut.words,
    }


WRITERS = {
    "xlsx": Writer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "pdf": Writer("application/pdf", write_pdf),
    "csv": Writer("text/csv; charset=utf-8", write_csv),
    "json": Writer("application/json", write_json),
}
