"""A lineage as a wall chart: A3 landscape, by typst. Touches no row.

Names and units alone are printed: a wall is read by everybody. Only homonyms of one unit have
their birth month beside them.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import threading
from collections import Counter
from pathlib import Path
from typing import TypedDict, cast

import typst
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import glyphs
from pairings.lineage import Lineage, Node

TEMPLATE = Path(__file__).parent / "typst" / "lineage.typ"
MISSING = gettext_lazy(
    "No font on this server can draw “%(sign)s” (%(code)s), so the chart was not made. Ask the "
    "system administrator to install a font that has it (on Debian: fonts-hanazono), then try "
    "again."
)
# Up to so many rows, so many columns of text of that size (pt). The last is the smallest that is
# read from the distance of an arm; more rows take further pages.
SIZES = ((36, 2, 18), (100, 4, 13), (170, 5, 11), (230, 6, 9))
MANY = (7, 8)
A_SHEET = 300  # rows of that size on one sheet, about
PRINTED_MOST = 1_500  # rows, five sheets; who hangs up more chooses units below


class Row(TypedDict):
    name: str
    beside: str
    trail: list[bool]  # of each generation above, whether it has more below this row
    teaches: bool
    is_reference: bool
    breaks: bool  # begins a column


class Chart(TypedDict):
    title: str
    unit: str
    summary: str
    left_out: str
    note: str
    size: int
    columns: int
    rows: list[Row]


def sheets(lineage: Lineage) -> int:
    """About how many sheets a chart of this lineage takes, as far as it is printed."""
    size = min(sum(map(_size, lineage.roots)), PRINTED_MOST)
    return max(1, -(-size // A_SHEET))


def narrowed(lineage: Lineage) -> tuple[Lineage, str]:
    """What of a lineage is printed, and a line that says what is not, empty where nothing is.

    Lineages of more generations go first, then those that began earlier.
    """
    left: list[Node] = []
    kept: set[str] = set()
    room = PRINTED_MOST
    for root in sorted(lineage.roots, key=lambda root: -root.generations):
        if (size := _size(root)) <= room or not kept:
            kept.add(root.key)
            room -= size
        else:
            left.append(root)
    told = []
    if left:
        people = sum(node.is_person for root in left for node in root.line())
        sentence = _("Not printed for want of room: %(n)d shorter lineages, %(people)d people.")
        told.append(sentence % {"n": len(left), "people": people})
    if cut := sum(node.goes_up or node.goes_down for node in lineage.rows):
        told.append(
            _("Not printed: further generations above or below %(n)d of these people.") % {"n": cut}
        )
    printed = Lineage(lineage.as_of, [root for root in lineage.roots if root.key in kept])
    return printed, " ".join(told)


def _size(root: Node) -> int:
    return sum(1 + len(node.references) for node in root.line())


def chart_of(lineage: Lineage, title: str, unit: str, *, left_out: str = "") -> Chart:
    rows = list(_rows(lineage))
    columns, size = next(((n, size) for most, n, size in SIZES if len(rows) <= most), MANY)
    if (columns, size) != MANY:
        _spread(rows, columns)
    told = {
        "day": date_format(lineage.as_of, "Y年n月j日"),
        "people": lineage.people,
        "generations": lineage.generations,
    }
    summary = _("As of %(day)s · %(people)d people · %(generations)d generations") % told
    note = _("Each stands below their first mentor; 「→」 names a mentee of several mentors again.")
    return Chart(
        title=title, unit=unit, summary=summary, left_out=left_out, note=note, size=size,
        columns=columns, rows=rows,
    )  # fmt: skip


def render(chart: Chart, day: dt.date) -> bytes:
    """The chart as PDF, with its fonts inside; the same chart gives the same bytes.

    Raises glyphs.MissingGlyph for a character that cannot be drawn.
    """
    texts = [chart["title"], chart["unit"], chart["summary"], chart["left_out"], chart["note"]]
    texts += ["0123456789 /"]
    texts += [row[part] for row in chart["rows"] for part in ("name", "beside")]
    fonts, families = glyphs.choose("".join(texts), MISSING)
    values = {
        "chart": json.dumps(chart, ensure_ascii=False),
        "families": json.dumps(families, ensure_ascii=False),
    }
    with _one_at_a_time:
        made = _compiler(fonts).compile(
            format="pdf",
            sys_inputs=values,
            timestamp=dt.datetime.combine(day, dt.time(), dt.UTC),
        )
    return cast(bytes, made)


# A compiler keeps fonts and template in memory, and is not made for two threads at once.
_one_at_a_time = threading.Lock()


@functools.lru_cache(maxsize=2)
def _compiler(fonts: typst.Fonts) -> typst.Compiler:
    return typst.Compiler(TEMPLATE, font_paths=fonts)


def _rows(lineage: Lineage) -> list[Row]:
    people = [node for node in lineage.rows if node.pk]
    times = Counter((node.name, node.unit) for node in people)
    twins = {node.key for node in people if times[node.name, node.unit] > 1}
    found: list[Row] = []
    for root in lineage.roots:
        trails: dict[str, list[bool]] = {root.key: []}
        for node in root.line():
            trail = trails[node.key]
            found.append(_row(node, node.mentor if trail else None, trail, twins))
            below = len(node.references) + len(node.children)
            for number, other in enumerate(node.references, 1):
                found.append(_row(other, node, [*trail, number < below], twins, again=True))
            for number, child in enumerate(node.children, len(node.references) + 1):
                trails[child.key] = [*trail, number < below]
    return found


def _spread(rows: list[Row], columns: int) -> None:
    """Lineages whole and evenly over the columns, as far as their lengths allow."""
    starts = [place for place, row in enumerate(rows) if not row["trail"]]
    for column in range(1, columns if rows else 1):
        ideal = len(rows) * column / columns
        nearest = min(starts, key=lambda place: abs(place - ideal))
        rows[nearest]["breaks"] = nearest > 0


def _row(
    node: Node, mentor: Node | None, trail: list[bool], twins: set[str], *, again: bool = False
) -> Row:
    """`mentor` is the one above; a role that is not the lead mentor's stands beside the unit."""
    beside = [node.apart if node.key in twins else node.unit]
    beside += [node.role_of(mentor)] if mentor else []
    return Row(
        name=f"→{node.name}" if again else node.name,
        beside=" · ".join(filter(None, beside)),
        trail=trail,
        teaches=bool(node.children or node.references) and not again,
        is_reference=again,
        breaks=False,
    )
