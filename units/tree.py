"""A unit moves, or is merged into another, with all that stands below it, as of a day.

What had ended before that day stays where it was, for good; what is still open follows
(`Placed.open_on`). See docs/decisions/rows-of-the-past-keep-their-place.md.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg2 import errors

from units.models import (
    ADDABLE,
    PARENTS,
    PLACE,
    SUCCESSORS,
    BadDay,
    Kind,
    NotNow,
    Unit,
    UnitEvent,
    UnitQuerySet,
    Verb,
    placed_models,
)

TRIES, PATIENCE = 4, "800ms"
Done = TypeVar("Done")


class WrongPlace(ValueError):
    """A unit cannot stand there: below itself, or below a kind that does not hold it."""


class Busy(Exception):
    """Others are writing there at this moment, a roster for one: try again in a minute."""


def _stepping_back(verb: Callable[..., Done]) -> Callable[..., Done]:
    """Run in one transaction that gives way to everybody else's, and try again.

    It locks many rows in many tables, so somebody who holds one of them may wait for another.
    It waits for less than PostgreSQL's deadlock_timeout (1 s): never is the other one the victim.
    """

    @wraps(verb)
    def patient(*args: Any, **kwargs: Any) -> Done:
        for _attempt in range(TRIES):
            try:
                with transaction.atomic(), _one_at_a_time():
                    return verb(*args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, errors.LockNotAvailable):
                    raise
        raise Busy

    return patient


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    # The whole table is small beside people and records, and a move is rare.
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE units_unit IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        yield
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


@_stepping_back
def move(
    unit: Unit,
    new_parent: Unit,
    *,
    on: dt.date | None = None,
    by: Any = None,
    key: uuid.UUID | None = None,
) -> int:
    """Put the unit below another parent; returns how many units moved, itself included.

    From the day `on` (today, if none is given) the subtree and all that is open in it stands
    there. `by` is the user who asked, None for a command. WrongPlace, BadDay, NotNow for a closed
    unit or parent, Busy.
    """
    unit.refresh_from_db()
    new_parent.refresh_from_db()
    if unit.parent_id == new_parent.pk:
        return 0
    day = _day_for(unit, on)
    _check_place(unit, new_parent)
    return _move(unit, new_parent, day, by=by, key=key)


@_stepping_back
def merge(
    unit: Unit, into: Unit, *, on: dt.date, by: Any, key: uuid.UUID | None = None
) -> UnitEvent:
    """撤并: close the unit on the day, with a successor that takes what is open there.

    The units below it move below the successor. ValueError where `obstacles` names any, BadDay,
    NotNow for a closed unit or successor, Busy. Grants over the unit stay: they are not for a
    coordinator to move.
    """
    unit.refresh_from_db()
    into.refresh_from_db()
    day = _day_for(unit, on)
    if into.closed_on:
        raise NotNow
    if not may_succeed(unit, into) or any(obstacles(unit, into)):
        raise WrongPlace(f"{unit.kind} {unit.pk} into {into.kind} {into.pk}")
    unit.lock()
    for child in unit.children.live().order_by("pk"):
        into.refresh_from_db()
        _move(child, into, day, by=by)
    here = Unit.objects.filter(pk=unit.pk)
    for model in placed_models():
        model.cut(here, day)
        model.follow(here, day, to=into)
    unit.refresh_from_db()
    unit.closed_on, unit.successor = day, into
    unit.save(update_fields=["closed_on", "successor"])
    return unit.note(Verb.MERGE, on=day, by=by, key=key, target=into)


@_stepping_back
def correct(
    unit: Unit, *, kind: str, code: str, reason: str, by: Any, key: uuid.UUID | None = None
) -> UnitEvent | None:
    """Another kind or division code, because the one on record was wrong; None where it is not.

    NotNow for a closed unit, WrongPlace for a kind that cannot stand here (`kinds_for`), Busy.
    IntegrityError for the code of another unit.
    """
    unit.lock()
    if unit.closed_on:
        raise NotNow
    old = {"old_kind": unit.kind, "old_code": unit.code or ""}
    if old == {"old_kind": kind, "old_code": code}:
        return None
    if kind not in kinds_for(unit):
        raise WrongPlace(f"{unit.kind} {unit.pk} as {kind}")
    unit.kind, unit.code = kind, code or None
    unit.save(update_fields=["kind", "code"])
    facts = {"new_kind": kind, "new_code": code, "reason": reason, "on": timezone.localdate()}
    return unit.note(Verb.CORRECT, by=by, key=key, **old, **facts)


def kinds_for(unit: Unit) -> list[Kind]:
    """What the unit may be corrected to, its present kind first.

    Levels of government stay what they are, and so does a zone that keeps a register of its own:
    rows of big tables say under which of these they stand. Parent and units below must fit.
    """
    present = Kind(unit.kind)
    if present not in ADDABLE or unit.is_county_level or unit.parent is None:
        return [present]
    below = {*unit.children.values_list("kind", flat=True)}
    fitting = [
        kind
        for kind in ADDABLE
        if unit.parent.kind in PARENTS[kind]
        and not (kind == Kind.ZONE and unit.parent.kind in (Kind.PROVINCE, Kind.CITY))
        and all(kind in PARENTS[each] for each in below)
    ]
    return [present, *(kind for kind in fitting if kind != present)]


def may_stand_below(unit: Unit) -> UnitQuerySet:
    """Where a unit of this kind can be moved to."""
    kinds = PARENTS[unit.kind]
    rows = Unit.objects.live().filter(kind__in=kinds).exclude(path__startswith=unit.path)
    return rows.exclude(children=unit)


def successors_of(unit: Unit) -> UnitQuerySet:
    """What a unit of this kind can be merged into."""
    rows = Unit.objects.live().filter(kind__in=SUCCESSORS[unit.kind])
    return rows.exclude(path__startswith=unit.path)


def may_succeed(unit: Unit, into: Unit) -> bool:
    return into.kind in SUCCESSORS[unit.kind] and not into.path.startswith(unit.path)


def obstacles(unit: Unit, into: Unit) -> tuple[list[Unit], list[Unit]]:
    """Live units below that cannot go along: of a kind that cannot stand there, and namesakes."""
    children = list(unit.children.live())
    names = {*into.children.live().exclude(pk=unit.pk).values_list("name", flat=True)}
    return (
        [child for child in children if into.kind not in PARENTS[child.kind]],
        [child for child in children if child.name in names],
    )


def earliest_day(unit: Unit) -> dt.date | None:
    """The day of the last move: what came before it stands somewhere else by now."""
    moves = unit.events.filter(verb=Verb.MOVE).exclude(on=None).values_list("on", flat=True)
    return max((day for day in (unit.from_on, *moves) if day), default=None)


def tallies(units: UnitQuerySet, day: dt.date) -> list[str]:
    """What is open in these units on the day, counted in words: "12 people", "3 pairs"."""
    counted = [
        (model.tally, model.open_at(units, day).count())
        for model in sorted(placed_models(), key=lambda model: model.__name__)
        if model.tally is not None
    ]
    return [str(words) % {"n": n} for words, n in counted if n]


def _day_for(unit: Unit, on: dt.date | None) -> dt.date:
    today = timezone.localdate()
    if unit.closed_on:
        raise NotNow
    if on and on > today:
        raise BadDay(on)
    earliest = earliest_day(unit)
    if on and earliest and on < earliest:
        raise BadDay(on, earliest)
    return on or today


def _check_place(unit: Unit, parent: Unit) -> None:
    if parent.closed_on:
        raise NotNow
    if parent.path.startswith(unit.path) or parent.kind not in PARENTS[unit.kind]:
        raise WrongPlace(f"{unit.kind} {unit.pk} below {parent.kind} {parent.pk}")


def _move(
    unit: Unit, new_parent: Unit, day: dt.date, *, by: Any, key: uuid.UUID | None = None
) -> int:
    old_parent = unit.parent
    below = Unit.objects.within(unit).order_by("path")
    # Whoever is writing a row there has committed when this returns: the next look finds it.
    moved = list(below.select_for_update(no_key=True))
    ids = Unit.objects.filter(pk__in=[each.pk for each in moved])
    for model in placed_models():
        model.cut(ids, day)
        model.leave_behind(ids, day)
    above = {number for each in (unit, new_parent) for number in each.ancestor_ids}
    settled: dict[int, Unit] = {}
    for each in moved:  # a parent's path is the beginning of its child's, so it comes first
        each.parent = settled[each.parent_id or 0] if settled else new_parent
        each.settle()
        settled[each.pk] = each
    Unit.objects.filter(pk=unit.pk).update(parent=new_parent)
    _write(list(settled.values()))
    for model in placed_models():
        model.follow(ids, day)
    Unit.objects.filter(pk__in=above | settled.keys()).update(has_past=True)
    unit.refresh_from_db()
    name = old_parent.name if old_parent else ""
    unit.note(Verb.MOVE, on=day, by=by, key=key, detail=name, origin=old_parent, target=new_parent)
    return len(settled)


def _write(units: list[Unit]) -> None:
    columns = [[unit.pk for unit in units]]
    columns += [[getattr(unit, name) for unit in units] for name in PLACE]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE units_unit SET path = new.path, province_id = new.province_id,
                   city_id = new.city_id, county_id = new.county_id, township_id = new.township_id
               FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
                           %s::bigint[])
                    AS new (id, path, province_id, city_id, county_id, township_id)
               WHERE units_unit.id = new.id""",
            columns,
        )
