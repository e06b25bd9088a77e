"""Units are told apart by the names above them: homonyms (向阳村) are common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count

from units.models import FormerName, Unit


class Line(NamedTuple):
    """A unit as a list shows it."""

    unit: Unit
    above: list[str]  # names from the top down to its parent
    children: int  # live units straight below


def lines(units: Iterable[Unit]) -> list[Line]:
    """Two queries for a whole page."""
    units = list(units)
    above = names_above(units)
    below = Unit.objects.live().filter(parent__in=units).values_list("parent")
    counts = dict(below.annotate(Count("pk")).order_by())
    return [Line(unit, above[unit.pk], counts.get(unit.pk, 0)) for unit in units]


def names_above(units: Iterable[Unit]) -> dict[int, list[str]]:
    """For each unit's id, the names from the top down to its parent. One query for all."""
    units = list(units)
    wanted = {number for unit in units for number in unit.ancestor_ids}
    names = dict(Unit.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return {unit.pk: [names[number] for number in unit.ancestor_ids[:-1]] for unit in units}


def full_names(units: Iterable[Unit]) -> dict[int, str]:
    """For each unit's id, 安吉县/上墅乡/刘家塘村 from the top down. One query for all."""
    units = list(units)
    above = names_above(units)
    return {unit.pk: "/".join([*above[unit.pk], unit.name]) for unit in units}


def names_on(units: Iterable[Unit], day: dt.date) -> dict[int, str]:
    """For each unit's id the name that it bore on that day. One query for all."""
    units = list(units)
    former = dict(FormerName.objects.on(day).filter(unit__in=units).values_list("unit", "name"))
    return {unit.pk: former.get(unit.pk, unit.name) for unit in units}
