"""Units are told apart by the names above them: homonyms (向阳村) are common."""

from __future__ import annotations

from collections.abc import Iterable

from units.models import Unit


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
