"""Which person of the register a row means: by ID number, else by name, birth month and unit.

Never by name alone. Where a row might mean somebody and might not, the office is asked: the row
gets a fault that says what would settle it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Role, User
from cadres.cells import Wrong
from cadres.models import Cadre
from core.months import dotted
from mentors.reports import Entry
from units.models import Unit


class Doubt(Wrong):
    """The row cannot be taken as it stands; carries the column beside which that is said."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class People:
    """Everybody whom these rows could mean, read at once."""

    def __init__(self, entries: Sequence[Entry], user: User) -> None:
        self._user = user
        digests = [entry["id_digest"] for entry in entries if "id_digest" in entry]
        names = {entry["name"] for entry in entries}
        rows = Cadre.objects.select_related("unit")
        self._by_digest = {c.id_digest: c for c in rows.filter(id_digest__in=digests)}
        self._by_name: dict[str, list[Cadre]] = defaultdict(list)
        inside: Q = user.rows_q(roles=(Role.COORDINATOR,))
        for cadre in rows.filter(inside, name__in=names).order_by("pk"):
            self._by_name[cadre.name].append(cadre)
        self._taken: dict[uuid.UUID, int] = {}
        self._seen: dict[tuple[object, ...], list[Entry]] = defaultdict(list)

    def find(self, entry: Entry, unit: Unit) -> Cadre | None:
        """The person, None for a new one; Doubt when that cannot be said."""
        self._check_twice(entry, unit)
        found = self._by_id(entry) or self._by_birth_and_unit(entry, unit)
        if found is None:
            self._ask_about_others(entry, unit)
            return None
        if found.left_on is not None:
            raise Doubt(
                "姓名",
                _("This person left the register on %(day)s. Correct that there first.")
                % {"day": found.left_on.isoformat()},
            )
        if (other := self._taken.setdefault(found.pk, entry["row"])) != entry["row"]:
            raise Doubt("姓名", _("Row %(row)s means the same person.") % {"row": other})
        return found

    def _check_twice(self, entry: Entry, unit: Unit) -> None:
        """Two rows for one person; the same name, month and unit are told apart by ID number."""
        digest = entry.get("id_digest")
        if digest:
            same_number = self._seen[(digest,)]
            same_number.append(entry)
            if len(same_number) > 1:
                raise Doubt(
                    "身份证号",
                    _("Row %(row)s has the same ID number.") % {"row": same_number[0]["row"]},
                )
        same_person = self._seen[(entry["name"], entry["birth_month"], unit.pk)]
        same_person.append(entry)
        for earlier in same_person[:-1]:
            if not digest or not earlier.get("id_digest"):
                raise Doubt(
                    "姓名",
                    _(
                        "Row %(row)s has the same name, birth month and unit. "
                        "If they are two people, write both ID numbers."
                    )
                    % {"row": earlier["row"]},
                )

    def _by_id(self, entry: Entry) -> Cadre | None:
        found = self._by_digest.get(entry.get("id_digest"))
        if found is None:
            return None
        if not self._user.governs(found.unit):
            raise Doubt(
                "身份证号",
                _("The person with this ID number is registered by an office elsewhere."),
            )
        if found.name != entry["name"]:
            raise Doubt(
                "姓名",
                _("With this ID number the register has %(name)s. Correct one of the two.")
                % {"name": found.name},
            )
        return found

    def _by_birth_and_unit(self, entry: Entry, unit: Unit) -> Cadre | None:
        same = [
            cadre
            for cadre in self._alike(entry)
            if cadre.birth_month == entry["birth_month"] and cadre.unit_id == unit.pk
        ]
        if len(same) > 1:
            raise Doubt(
                "身份证号",
                _(
                    "The register has %(count)s people of this name and birth month in the unit. "
                    "Write the ID number."
                )
                % {"count": len(same)},
            )
        return same[0] if same else None

    def _ask_about_others(self, entry: Entry, unit: Unit) -> None:
        """Somebody of the same name elsewhere with the same month, or here without a month."""
        for cadre in self._alike(entry):
            if cadre.birth_month == entry["birth_month"]:
                raise Doubt(
                    "单位",
                    _(
                        "%(name)s, born %(month)s, is registered in %(unit)s. If that is the same "
                        "person, the ID number must stand in both; so must it for another."
                    )
                    % {
                        "name": cadre.name,
                        "month": dotted(cadre.birth_month),
                        "unit": cadre.unit.name,
                    },
                )
            if not cadre.birth_month and cadre.unit_id == unit.pk:
                raise Doubt(
                    "出生年月",
                    _("%(name)s is registered here without a birth month. Write it there first.")
                    % {"name": cadre.name},
                )

    def _alike(self, entry: Entry) -> list[Cadre]:
        """People of this name in the user's charge who may be the one: not those whose ID number
        is another."""
        digest = entry.get("id_digest")
        return [
            cadre
            for cadre in self._by_name.get(entry["name"], [])
            if not (digest and cadre.id_digest and cadre.id_digest != digest)
        ]
