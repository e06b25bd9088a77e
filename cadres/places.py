"""The unit that a cell of a roster means, among those that the user coordinates.

A unit elsewhere is not told apart from one that does not exist: nothing is given away.
"""

from __future__ import annotations

import re
from collections import defaultdict

from django.utils.translation import gettext as _

from accounts.models import Role, User
from core.text import squeeze
from rosters.cells import Wrong
from units.models import FormerName, Unit

_SHOWN = 6
# How offices and the national table name the same body: 刘家塘村, 刘家塘村委会; 上墅乡人民政府.
_ENDINGS = (
    (re.compile(r"(村村民委员会|村村委会|村民委员会|村委会)$"), "村"),
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
        self._add_what_was()
        self._found: dict[str, Unit] = {}
        self._parted: dict[str, tuple[Unit, str]] = {}
        self._beginnings: dict[str, list[str]] = defaultdict(list)
        names = {*self._by_name, *self._by_stem, *map(_key, self._names.values())}
        for name in sorted(names, key=len):
            self._beginnings[name[:2]].insert(0, name)

    def _add_what_was(self) -> None:
        """Former names, and units that were merged into one in charge: old files name them."""
        stands = dict(self.units)  # by the id of each unit, the one that stands for it today
        names: list[tuple[str, int]] = []
        last = [*self.units]
        while last:  # a unit may have been merged into one that was merged itself later
            merged = Unit.objects.filter(successor__in=last).values_list("name", "pk", "successor")
            last = []
            for name, pk, successor in merged:
                stands[pk] = stands[successor or 0]
                names.append((name, pk))
                last.append(pk)
        former = FormerName.objects.filter(unit__in=stands).values_list("name", "unit")
        today = {*self._by_name}  # what bears the name today goes before what bore it
        for name, pk in [*former, *names]:
            key, unit = _key(name), stands[pk]
            if key not in today and unit not in self._by_name[key]:
                self._by_name[key].append(unit)

    def part(self, written: str) -> tuple[Unit, str]:
        """单位及职务 in one cell: the unit by the longest names at its beginning, and the rest.

        上墅乡刘家塘村党总支书记 is 刘家塘村 and 党总支书记. Wrong as `find` is.
        """
        if written not in self._parted:
            self._parted[written] = self._divide(written)
        return self._parted[written]

    def _divide(self, written: str) -> tuple[Unit, str]:
        plain, at, steps = _key(written), 0, []
        while name := self._beginning(plain[at:]) or (at and self._beginning(plain[at - 1 :])):
            if not plain.startswith(name, at):
                at -= 1  # 安吉县委组织部: 县 belongs to both names
            steps.append(name)
            at += len(name)
            at += len(plain[at:]) - len(plain[at:].lstrip("/\\>、,，;；:：-"))
        while steps:
            hits = self._below(steps)
            if len(hits) == 1 or len(steps) == 1:
                break
            at -= len(steps.pop())  # the title begins with the name of some other unit
        unit = self.find("/".join(steps) if steps else written)
        rest = plain[at:]
        # 刘家塘村委会主任: the village is 刘家塘村, and the post still that of its committee.
        if rest.startswith(("委会", "民委员会")):
            rest = unit.name[-1] + rest
        return unit, rest

    def _beginning(self, plain: str) -> str:
        return next((n for n in self._beginnings.get(plain[:2], ()) if plain.startswith(n)), "")

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
