"""The cells of a unit's figures: counted now, or added up from what is kept of its counties.

A large unit's answer is put together from counties that were counted before and have not changed
since, and from the others, counted now: it is never older than the question. One statement reads
what is kept and what has changed, so no write falls between the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils import timezone

from pairings.models import Pairing
from stats.bases import DIMENSIONS
from stats.cuts import Cut
from stats.grouping import Cell, Sets, grouped_on, grouped_within, meaning
from stats.models import Question, TallyCell, Wish
from stats.shapes import Base
from stats.touching import ABOUT, CONCERNED
from units.models import Unit

# Up to so many pairs a unit is counted now. Chosen so that counties and most cities are: what a
# county takes is in docs/benchmarks-nation.md, what a city of 8,000 pairs takes was not measured.
LIVE_PAIRS = 8_000
# Of a large unit so many changed counties are counted now. An estimate from what one county takes,
# not a measurement of a page that counts as many.
LIVE_COUNTIES = 12
# How many units of a path a kept place has: child units of a city are the third.
PIECES = 3


# The base and the dimensions of a kept cell, as `_asked_sets` has them.
SET_OF = """base || ' ' || (
    SELECT string_agg(name, ' ' ORDER BY name COLLATE "C") FROM jsonb_object_keys(values) AS name
)"""


class Progress(NamedTuple):
    """Of so many counties so many are counted."""

    done: int
    total: int


class NotYet(Exception):
    """More counties are to be counted than a page can wait for."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(f"{progress.done} of {progress.total}")
        self.progress = progress


@dataclass(frozen=True)
class Kept:
    """What is kept of a unit's answer and still holds."""

    cells: list[Cell]
    fresh: set[int]  # the counties that it covers


def cells(unit: Unit, cut: Cut, sets: Sets, *, at_once: bool = False) -> Iterator[Cell]:
    """Every cell of these sets in the unit, its place the id of the child as text (`child_of`).

    With `at_once`, NotYet instead of counting more counties than a page can wait for.
    """
    piece = _piece(unit)

    def child(_county: int, path: str) -> str:
        pieces = path.split("/")
        return pieces[piece - 1] if piece <= len(pieces) else ""

    kept = f"split_part(place, '/', {piece})"
    yield from _cells(unit, cut, sets, child, kept, at_once)


def cells_by_county(unit: Unit, cut: Cut, sets: Sets, *, at_once: bool = False) -> Iterator[Cell]:
    """Every cell of these sets in the unit, its place the id of the county as text."""
    yield from _cells(
        unit, cut, sets, lambda county, _path: str(county), "county_id::text", at_once
    )


def cells_on(unit: Unit, cuts: Sequence[Cut], sets: Sets) -> Iterator[tuple[int, Cell]]:
    """The cells of each of these days, with the number of its day and without places.

    One query for a base, however many days; of a large unit what is kept of each day, and NotYet
    where too much of any is missing.
    """
    if is_large(unit):
        for cut in cuts:  # all of them, before the first that is missing ends this
            wish(unit, cut)
        for number, cut in enumerate(cuts):
            for cell in cells(unit, cut, sets, at_once=True):
                yield number, cell
        return
    within = rows_of_unit(unit)
    for base, its in sets.items():
        yield from grouped_on(base, within, cuts, sets=its)


def _cells(
    unit: Unit, cut: Cut, sets: Sets, key: Callable[[int, str], str], kept: str, at_once: bool
) -> Iterator[Cell]:
    within = rows_of_unit(unit)
    if is_large(unit):
        wish(unit, cut)
        known = _kept(unit, cut, sets, kept)
        counties = counties_of(unit)
        missing = counties - known.fresh
        if at_once and len(missing) > LIVE_COUNTIES:
            raise NotYet(Progress(len(counties) - len(missing), len(counties)))
        yield from known.cells
        if not missing:
            return
        within &= Q(county_id__in=missing)
    # By unit first: a join with all units of a country would take longer than a county's rows.
    keys = ("county_id", "unit_id", "past_path")
    found = [cell for base in sets for cell in grouped_within(base, within, cut, *keys, sets=sets)]
    units = {cell.place[1] for cell in found}
    paths = dict(Unit.objects.filter(pk__in=units).values_list("pk", "path"))
    for cell in found:
        county, at, past_path = cell.place
        yield cell._replace(place=(key(county, past_path or paths[at]),))


def child_of(unit: Unit) -> Func:
    """The id, as text, of the direct child below which a placed row lies; empty at the unit.

    One expression for every level: a path is `/<id>/<id>/…/`, its first piece is empty.
    """
    return _split(_piece(unit))


def place_of() -> Concat:
    """The first units of a placed row's path, under which its county's answer is kept."""
    pieces = [part for at in range(PIECES) for part in (_split(at + 2), Value("/"))]
    return Concat(Value("/"), *pieces, output_field=TextField())


def rows_of_unit(unit: Unit) -> Q:
    """The rows of a unit, of the whole country for `nation()`."""
    return unit.rows_q() if unit.pk else Q()


def is_large(unit: Unit) -> bool:
    """Whether it has more than can be counted within the time of a page."""
    if len(unit.ancestor_ids) >= PIECES:
        return False
    rows = Pairing.objects.filter(rows_of_unit(unit)).order_by()
    return bool(rows.values_list("pk")[LIVE_PAIRS : LIVE_PAIRS + 1])


def counties_of(unit: Unit) -> set[int]:
    """The ids of all that rows of the unit may have as their county, past rows included."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT county_id FROM units_unit WHERE path LIKE %s
               UNION
               SELECT below.county_id FROM units_unitevent e JOIN units_unit u ON u.id = e.unit_id
               JOIN units_unit below ON below.path LIKE u.path || '%%'
               WHERE e.verb = 'move' AND u.kind IN ('city', 'county', 'zone')""",
            [f"{unit.path}%"],
        )
        return {county for (county,) in cursor.fetchall()}


def _asked(cut: Cut) -> dict[str, Any]:
    """The columns of `Question` that say which one it is."""
    return {
        "as_of": cut.as_of,
        "period_from": cut.period_from,
        "age": cut.age,
        "meaning": meaning(),
    }


def wish(unit: Unit, cut: Cut) -> None:
    """Somebody asked this of a large unit: it is worth keeping."""
    now = timezone.now()
    question, _made = Question.objects.get_or_create(**_asked(cut))
    asked, is_new = Wish.objects.get_or_create(question=question, unit_id=unit.pk)
    if not is_new and asked.asked_at < now - dt.timedelta(hours=1):
        Wish.objects.filter(pk=asked.pk).update(asked_at=now)
        Question.objects.filter(pk=question.pk).update(asked_at=now)


def _kept(unit: Unit, cut: Cut, sets: Sets, key: str) -> Kept:
    question = Question.objects.filter(**_asked(cut)).values_list("pk", flat=True).first()
    if question is None:
        return Kept([], set())
    # `key` is one of the two expressions above.
    statement = f"""
        WITH touched AS MATERIALIZED (SELECT * FROM stats_touched),
            about AS MATERIALIZED ({ABOUT}),
            fresh AS MATERIALIZED (
                SELECT county_id, place, cells, counts FROM stats_tally
                WHERE question_id = %s AND county_id NOT IN ({CONCERNED})
            )
        SELECT county_id, '', 0, 0 FROM fresh WHERE place = ''
        UNION ALL
        SELECT NULL, {key}, cell, sum(n)::bigint
        FROM fresh, unnest(cells, counts) AS counted (cell, n)
        WHERE place LIKE %s AND cell IN (SELECT id FROM stats_tallycell WHERE ({SET_OF}) = ANY(%s))
        GROUP BY 2, 3
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [question, f"{unit.path}%", _asked_sets(sets)])
        found = cursor.fetchall()
    known = _known()
    cells = [
        Cell(base, dimensions, (place,), values, n)
        for county, place, cell, n in found
        if county is None
        for base, dimensions, values in (known[cell],)
    ]
    return Kept(cells, {county for county, *_rest in found if county is not None})


def _asked_sets(sets: Sets) -> list[str]:
    return [" ".join([base, *sorted(dimensions)]) for base in sets for dimensions in sets[base]]


def _known() -> dict[int, tuple[Base, tuple[str, ...], dict[str, Any]]]:
    """Cells by their number; one whose dimensions this release does not have is left out."""
    sets = {
        (base, frozenset(dimensions)): dimensions
        for base in Base
        for dimensions in DIMENSIONS[base]
    }
    return {
        cell.pk: (Base(cell.base), sets[key], cell.values)
        for cell in TallyCell.objects.all()
        if (key := (cell.base, frozenset(cell.values))) in sets
    }


def _piece(unit: Unit) -> int:
    return len(unit.ancestor_ids) + 2


def _split(position: int) -> Func:
    path = Coalesce(NullIf("past_path", Value("")), "unit__path")
    return Func(path, Value("/"), Value(position), function="split_part", output_field=TextField())
