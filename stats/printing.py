"""The table as a PDF to be handed in: A4 across, headings repeated, every definition below."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import typst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import glyphs
from stats.cuts import say
from stats.figures import Line, Table
from stats.grids import heading, notes, remarks
from stats.shapes import Band, Column, Share

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"
MISSING = gettext_lazy(
    "No font on this server can draw “%(sign)s” (%(code)s), so the table was not printed. Ask the "
    "system administrator to install a font that has it (on Debian: fonts-hanazono)."
)
WIDEST = 12  # columns of figures beside one another; more go into a further table
_DRAWN_BY_TYPST = "—0123456789."


def write_pdf(table: Table, title: str, subtitle: str) -> bytes:
    """Raises core.glyphs.MissingGlyph for a name that no font draws."""
    facts = {
        "title": title,
        "subtitle": subtitle,
        "unit": table.heading or _("unit"),
        "parts": list(_parts(table)),
        "notes": [*notes(table, table.columns), *remarks(table)],
        "signatures": [_("Filled in by:"), _("Checked by:"), _("Telephone:")],
    }
    text = json.dumps(facts, ensure_ascii=False)
    choice = glyphs.choose(text + _DRAWN_BY_TYPST, MISSING)
    families = json.dumps(choice.families, ensure_ascii=False)
    with _one_at_a_time:
        made = _compiler(choice.fonts).compile(
            format="pdf", sys_inputs={"facts": text, "families": families}
        )
    return cast(bytes, made)


def _parts(table: Table) -> Iterator[dict[str, Any]]:
    """Tables no wider than the page, each under its section's title."""
    numbers = {said: n for n, said in enumerate(notes(table, table.columns), 1)}
    for section in table.sections:
        title = say(section.title, table.cut)
        bands = [piece for band in section.bands for piece in _pieces(band)]
        for number, of_page in enumerate(_pages(bands)):
            continued = _("%(title)s (continued)") % {"title": title}
            yield {
                "title": continued if number else title,
                "groups": [_group(band, table) for band in of_page],
                "heads": [head for band in of_page for head in _heads(band, table, numbers)],
                "rows": [_row(line, of_page) for line in table.lines],
            }


def _pieces(band: Band) -> Iterator[Band]:
    """A band that is wider than the page, in several."""
    per_piece = WIDEST // _width(band.columns[0])
    for start in range(0, len(band.columns), per_piece):
        yield band._replace(columns=band.columns[start : start + per_piece])


def _pages(bands: list[Band]) -> Iterator[list[Band]]:
    page: list[Band] = []
    for band in bands:
        if page and sum(map(_span, [*page, band])) > WIDEST:
            yield page
            page = []
        page.append(band)
    yield page


def _span(band: Band) -> int:
    return sum(map(_width, band.columns))


def _width(column: Column) -> int:
    """A share is never printed without its numerator and its denominator."""
    return 3 if isinstance(column, Share) else 1


def _group(band: Band, table: Table) -> dict[str, Any]:
    return {"title": heading(band, table.cut), "span": _span(band)}


def _heads(band: Band, table: Table, numbers: dict[str, int]) -> Iterator[dict[str, str]]:
    """Each head with the number of its note; of a share the last of its three columns."""
    for column in band.columns:
        title = say(column.title, table.cut)
        note = str(numbers[say(column.definition, table.cut)])
        if isinstance(column, Share):
            for part in column.heads:
                yield {"title": f"{title}：{part}", "note": ""}
            yield {"title": f"{title}：{_('share in percent')}", "note": note}
        else:
            yield {"title": title, "note": note}


def _row(line: Line, bands: list[Band]) -> list[str]:
    cells = [line.name]
    for band in bands:
        for column in band.columns:
            if isinstance(column, Share):
                ratio = line.ratio(column)
                cells += [f"{ratio.part:,}", f"{ratio.whole:,}", str(ratio)]
            else:
                cells.append(f"{line.counts[column.code]:,}")
    return cells


_one_at_a_time = threading.Lock()


@functools.lru_cache(maxsize=4)
def _compiler(fonts: typst.Fonts) -> typst.Compiler:
    return typst.Compiler(TEMPLATE, font_paths=fonts)
