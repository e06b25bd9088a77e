"""Rows counted by place and by sets of dimensions: one statement a base."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q

from stats.bases import DIMENSIONS, Rows, rows_within
from stats.cuts import Cut
from stats.shapes import Base, Indicator

Set = tuple[str, ...]
# Of each base that is counted, the sets of dimensions that it is grouped by.
Sets = Mapping[Base, tuple[Set, ...]]
ANY_UNIT = 2**62 + 2004  # stands for the id of a unit in a statement; no unit has it


class Cell(NamedTuple):
    """How many rows of a place have these values of one set of dimensions."""

    base: Base
    dimensions: Set
    place: tuple[Any, ...]
    values: dict[str, Any]
    n: int


class Statement(NamedTuple):
    """SQL that counts, and its parameters; the SQL is empty where no row can be found."""

    sql: str
    params: tuple[Any, ...]


def grouped(
    base: Base, rows: Rows, *place: str, sets: tuple[Set, ...] | None = None
) -> Iterator[Cell]:
    """The rows counted by place and by each set of dimensions, in one query that reads them once.

    `place` are columns or annotations of the rows, a dimension (as a trait) among them; `sets`
    are all of the base unless given.
    """
    sets = sets or DIMENSIONS[base]
    for found in _run(_statement(rows, place, sets)):
        yield _cell(base, sets, len(place), found)


def grouped_within(base: Base, within: Q, cut: Cut, *place: str, sets: Sets) -> Iterator[Cell]:
    """`grouped` for the rows within; nothing for a base that is not among those asked for."""
    if base not in sets:
        return
    for found in _run(_within(base, within, cut, place, sets[base])):
        yield _cell(base, sets[base], len(place), found)


def grouped_on(
    base: Base, within: Q, cuts: Sequence[Cut], *, sets: tuple[Set, ...]
) -> Iterator[tuple[int, Cell]]:
    """The rows of several days without places, in one query; each cell with its day's number."""
    each = [_within(base, within, cut, (), sets) for cut in cuts]
    asked = [
        Statement(f"(SELECT {number}, s.* FROM ({one.sql}) AS s)", one.params)  # noqa: S608
        for number, one in enumerate(each)
        if one.sql
    ]
    sql = " UNION ALL ".join(one.sql for one in asked)
    params = tuple(param for one in asked for param in one.params)
    for number, *found in _run(Statement(sql, params)):
        yield number, _cell(base, sets, 0, found)


def needed(indicators: Iterable[Indicator]) -> dict[Base, tuple[Set, ...]]:
    """The sets that these figures lie in, as few as there can be; LookupError as `set_of`."""
    found: dict[Base, tuple[Set, ...]] = {}
    # What asks for most comes first: what asks for less often lies in the same set.
    for each in sorted(indicators, key=lambda indicator: -len(indicator.where)):
        chosen = found.setdefault(each.base, ())
        if not any({*each.where} <= {*dimensions} for dimensions in chosen):
            found[each.base] = (*chosen, set_of(each))
    return found


def set_of(indicator: Indicator, sets: Sets = DIMENSIONS) -> Set:
    """The first set of its base's dimensions that it lies in; LookupError for one in none."""
    for dimensions in sets[indicator.base]:
        if {*indicator.where} <= {*dimensions}:
            return dimensions
    raise LookupError(indicator.code)


@cache
def meaning() -> str:
    """What the bases mean in this release: another way of counting has another one.

    The words of the statements, sorted: the order in a list of values is left to chance.
    """
    cut = Cut(dt.date(2000, 6, 30), dt.date(2000, 1, 1), 35)
    words = [f"{DIMENSIONS}"]
    for base in Base:
        names = sorted(_every(DIMENSIONS[base]))
        rows = rows_within(base, Q(county=0), cut).order_by().values(*names)
        words += sorted(re.findall(r"\w+", str(rows.query)))
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _within(
    base: Base, within: Q, cut: Cut, place: tuple[str, ...], sets: tuple[Set, ...]
) -> Statement:
    """The statement for the rows within.

    Of one unit's rows it is the same for all units of its level: to put it together takes as
    long as to run it, so that is done once.
    """
    match within.children:
        case [(str(column), int(pk))] if not within.negated:
            statement = _of_any_unit(base, column, cut, place, sets)
            params = tuple(pk if each == ANY_UNIT else each for each in statement.params)
            return statement._replace(params=params)
    return _statement(rows_within(base, within, cut), place, sets)


@lru_cache(maxsize=1024)
def _of_any_unit(
    base: Base, column: str, cut: Cut, place: tuple[str, ...], sets: tuple[Set, ...]
) -> Statement:
    return _statement(rows_within(base, Q((column, ANY_UNIT)), cut), place, sets)


def _statement(rows: Rows, place: tuple[str, ...], sets: tuple[Set, ...]) -> Statement:
    every = _every(sets)
    # A place may be a dimension too: each stands in the statement once for either.
    places = {f"place_{number}": F(name) for number, name in enumerate(place) if name in every}
    named_places = [
        f"place_{number}" if name in every else name for number, name in enumerate(place)
    ]
    asked = rows.order_by().annotate(**places).values_list(*named_places, *every)
    try:
        select, params = asked.query.sql_with_params()
    except EmptyResultSet:
        return Statement("", ())
    named = {name: f"d{number}" for number, name in enumerate(every)}
    keys = [f"k{number}" for number in range(len(place))]
    groups = ", ".join(
        f"({', '.join([*keys, *(named[name] for name in dimensions)])})" for dimensions in sets
    )
    columns = ", ".join([*keys, *named.values()])
    sql = (
        f"SELECT GROUPING({', '.join(named.values())}), count(*), {columns}"  # noqa: S608
        f" FROM ({select}) AS r ({columns}) GROUP BY GROUPING SETS ({groups})"
    )
    return Statement(sql, tuple(params))


def _run(statement: Statement) -> Iterator[tuple[Any, ...]]:
    if not statement.sql:
        return
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        yield from cursor.fetchall()


def _cell(base: Base, sets: tuple[Set, ...], places: int, found: Sequence[Any]) -> Cell:
    bits, n, *row = found
    every, dimensions = _by_bits(sets)
    values = dict(zip(every, row[places:], strict=True))
    its = dimensions[bits]
    return Cell(base, its, tuple(row[:places]), {name: values[name] for name in its}, n)


@cache
def _by_bits(sets: tuple[Set, ...]) -> tuple[list[str], dict[int, Set]]:
    """All dimensions, and the sets by what GROUPING says: a bit for each that a set is not
    grouped by, the lowest for the last."""
    every = _every(sets)
    bits = {name: 1 << at for at, name in enumerate(reversed(every))}
    return every, {
        sum(bit for name, bit in bits.items() if name not in dimensions): dimensions
        for dimensions in sets
    }


def _every(sets: tuple[Set, ...]) -> list[str]:
    return list(dict.fromkeys(name for dimensions in sets for name in dimensions))
