"""A unit moves with all that stands below it and all rows that belong there."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, transaction
from psycopg2 import sql

from units.models import PARENTS, PLACE, Placed, Unit, UnitEvent, Verb


class WrongPlace(ValueError):
    """A unit cannot stand there: below itself, or below a kind that does not hold it."""


@transaction.atomic
def move(unit: Unit, new_parent: Unit, *, by: Any = None) -> int:
    """Put the unit below another parent; returns how many units moved, itself included.

    The subtree's paths and ancestors, and the ancestors kept beside the unit in every Placed
    table, are true again when it returns. `by` is the user who asked, None for a command.
    """
    # The whole table is small beside people and records, and a move is rare: one at a time.
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE units_unit IN SHARE ROW EXCLUSIVE MODE")
    unit.refresh_from_db()
    new_parent.refresh_from_db()
    if new_parent.path.startswith(unit.path) or new_parent.kind not in PARENTS[unit.kind]:
        raise WrongPlace(f"{unit.kind} {unit.pk} below {new_parent.kind} {new_parent.pk}")
    old_parent = unit.parent
    if old_parent == new_parent:
        return 0
    below = list(Unit.objects.within(unit).exclude(pk=unit.pk).order_by("path"))
    unit.parent = new_parent
    unit.settle()
    settled = {unit.pk: unit}
    for child in below:  # a parent's path is the beginning of its child's, so it comes first
        child.parent = settled[child.parent_id or 0]
        child.settle()
        settled[child.pk] = child
    Unit.objects.filter(pk=unit.pk).update(parent=new_parent)
    _write(list(settled.values()))
    for model in placed_models():
        _follow(model, unit.path)
    UnitEvent.objects.create(
        unit=unit, verb=Verb.MOVE, detail=old_parent.name if old_parent else "", created_by=by
    )
    return len(settled)


def placed_models() -> list[type[Placed]]:
    """Every table, of whatever app, that keeps a unit's ancestors beside the unit."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Placed) and model._meta.managed and not model._meta.proxy
    ]


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


def _follow(model: type[Placed], path: str) -> None:
    statement = sql.SQL(
        """UPDATE {table} SET province_id = unit.province_id, city_id = unit.city_id,
               county_id = unit.county_id, township_id = unit.township_id
           FROM units_unit AS unit
           WHERE {table}.unit_id = unit.id AND unit.path LIKE %s"""
    ).format(table=sql.Identifier(model._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(statement, [path + "%"])
