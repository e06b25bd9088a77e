"""The unit that a cell of a roster means, among those that the user coordinates.

A unit elsewhere is not told apart from one that does not exist: nothing is given away.
"""

from __future__ import annotations

import re
from collections import defaultdict

from django.utils.translation import gettext as _

from accounts.models import Role, User
from cadres.cells import Wrong
from core.text import squeeze
from units.models import Unit

_SHOWN = 6
# How offices and the national table name the same body: 刘家塘村, 刘家塘村委会; 上墅乡人民政府.
_ENDINGS = (
    (re.compile(r"(村村民委员会|村民委员会|村委会)$"), "村"),
    (re.compile(r"(社区居民委员会|社区居委会|居民委员会|居委会)$"), "社区"),
    (re.compile(r"(?<=[乡镇])(人民)?政府$"), ""),
    (re.compile(r"(?<=街道)办事处$"), ""),
)


class Places:
    """The live units of the user's coordinator grants, read once, found by name, path or code."""

    def __init__(self, user: User) -> None:
        inside = Unit.objects.live().filter(user.units_q(roles=(Role.COORDINATOR,)))
        self.units: dict[int, Unit] = {unit.pk: unit for unit in inside.order_by("path")}
        above = {pk for unit in self.units.values() for pk in unit.ancestor_ids} - {*self.units}
        self._names = {pk: unit.name for pk, unit in self.units.items()}
        self._names |= dict(Unit.objects.filter(pk__in=above).values_list("pk", "name"))
        self._by_name: dict[str, list[Unit]] = defaultdict(list)
        self._by_stem: dict[str, list[Unit]] = defaultdict(list)
        self._by_code: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            self._by_name[_key(unit.name)].append(unit)
            self._by_stem[_stem(unit.name)].append(unit)
            if unit.code:
                self._by_code[unit.code].append(unit)
        self._found: dict[str, Unit] = {}

    def find(self, written: str) -> Unit:
        """The one unit; Wrong when there is none, or several (it lists their paths)."""
        if written not in self._found:
            self._found[written] = self._search(written)
        return self._found[written]

    def label(self, unit: Unit) -> str:
        """What `find` takes for this unit: its name, or its path where the name is not unique."""
        return unit.name if len(self._by_name[_key(unit.name)]) == 1 else self.path(unit)

    def path(self, unit: Unit) -> str:
        """Names from the county down (from the top, above a county), joined by `/`."""
        ids = unit.ancestor_ids
        start = ids.index(unit.county_id) if unit.county_id in ids else 0
        return "/".join(self._names[pk] for pk in ids[start:])

    def _search(self, written: str) -> Unit:
        plain = squeeze(written)
        if re.fullmatch(r"\d{12}", plain):
            hits = self._by_code[plain]
        else:
            steps = [_key(step) for step in re.split(r"\s*[/\\>]\s*", plain) if step]
            hits = self._below(steps) if steps else []
        if len(hits) == 1:
            return hits[0]
        if not hits:
            raise Wrong(
                _("The unit 「%(written)s」 is not among those in your charge.")
                % {"written": plain[:60]}
            )
        paths = "、".join(self.path(unit) for unit in hits[:_SHOWN])
        raise Wrong(
            _("%(count)s units are called 「%(written)s」. Write the path of one: %(paths)s.")
            % {"count": len(hits), "written": plain[:60], "paths": paths}
        )

    def _below(self, steps: list[str]) -> list[Unit]:
        """Units of the last name whose ancestors bear the other names, in this order.

        The very name goes before one that differs in its ending.
        """
        above = [_stem(step) for step in steps[:-1]]
        for named in (self._by_name.get(steps[-1], []), self._by_stem.get(_stem(steps[-1]), [])):
            hits = [
                unit
                for unit in named
                if _in_order(above, [_stem(self._names[pk]) for pk in unit.ancestor_ids[:-1]])
            ]
            if hits:
                return hits
        return []


def _key(name: str) -> str:
    return squeeze(name).replace(" ", "")


def _stem(name: str) -> str:
    stem = _key(name)
    for ending, short in _ENDINGS:
        stem = ending.sub(short, stem)
    return stem


def _in_order(wanted: list[str], names: list[str]) -> bool:
    rest = iter(names)
    return all(step in rest for step in wanted)
