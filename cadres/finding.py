"""Which person of the register a roster's row means: by ID number, else by name, birth month
and unit, never by name alone.

Where a row might mean somebody and might not, the office is asked, with both side by side. Only
people in the user's charge are shown; of somebody elsewhere it is said that there is somebody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.utils.translation import gettext as _

from accounts.models import Role, User
from cadres.models import Cadre, Posting
from core.months import dotted

Person = dict[str, Any]  # the columns of PERSON, and "post" once it was asked for

PERSON = (
    "pk", "name", "gender", "birth_month", "ethnicity", "id_digest", "id_tail",
    "political_status", "party_month", "education", "later_education", "is_party_school",
    "work_month", "staffing", "phone", "unit_id", "unit__name", "unit__path", "left_on",
    "merged_into_id", "user_id",
)  # fmt: skip


class Sought(NamedTuple):
    """What a row says of a person; empty where it says nothing."""

    sheet: int
    number: int
    name: str
    birth_month: str
    unit_id: int | None
    unit_name: str
    title: str | None
    id_digest: str
    id_tail: str
    answer: str = ""


@dataclass
class Found:
    """The person, or nobody; a fault where the row cannot stand, candidates where it is asked."""

    person: Person | None = None
    fault: tuple[str, str] | None = None  # column and sentence
    doubt: tuple[str, str] | None = None
    candidates: list[Person] = field(default_factory=list)


class Finder:
    """Finds chunk by chunk, with a fixed number of queries for each, and remembers what rows
    meant, so that two rows for one person are told."""

    def __init__(self, by: User, *, takes_new: bool = True) -> None:
        self._takes_new = takes_new
        self._prefixes = tuple(
            grant.unit.path for grant in by.live_grants if grant.role == Role.COORDINATOR
        )
        self._inside: Q = by.rows_q(roles=(Role.COORDINATOR,))
        self._numbers: dict[int, tuple[int, int]] = {}  # by ID number
        self._alike: dict[int, tuple[tuple[int, int, bool], ...]] = {}  # by name, month and unit
        self._meant: dict[UUID, tuple[int, int]] = {}

    def find(self, rows: Sequence[Sought]) -> list[Found]:
        """One for each row, in their order. People who left the register are found as well."""
        by_digest = self._read_by_digest({row.id_digest for row in rows if row.id_digest})
        by_name = self._read_by_name(rows)
        found = [self._one(row, by_digest, by_name) for row in rows]
        self._read_posts(found)
        return found

    # -- reading -------------------------------------------------------------------------------

    def _read_by_digest(self, digests: set[str]) -> dict[str, Person]:
        if not digests:
            return {}
        people = Cadre.objects.filter(_any_of("id_digest", digests)).values(*PERSON)
        found = {person["id_digest"]: person for person in people}
        merged = {p["merged_into_id"] for p in found.values() if p["merged_into_id"]}
        if merged:
            kept = {p["pk"]: p for p in Cadre.objects.filter(pk__in=merged).values(*PERSON)}
            for digest, person in found.items():
                if person["merged_into_id"] in kept:
                    # The number stands in the record that was absorbed, and is the same person's.
                    number = {name: person[name] for name in ("id_digest", "id_tail")}
                    found[digest] = kept[person["merged_into_id"]] | number
        return found

    def _read_by_name(self, rows: Sequence[Sought]) -> dict[str, list[Person]]:
        names = {row.name for row in rows}
        months = {"", *(row.birth_month for row in rows)}
        people = Cadre.objects.filter(self._inside, _any_of("name", names), merged_into=None)
        if all(row.birth_month for row in rows):
            people = people.filter(_any_of("birth_month", months))
        found: dict[str, list[Person]] = defaultdict(list)
        for person in people.order_by("pk").values(*PERSON):
            found[person["name"]].append(person)
        return found

    def _read_posts(self, found: Iterable[Found]) -> None:
        """The open main post of each person met, as (id, title, from_on) in "post"."""
        people = [p for one in found for p in [one.person, *one.candidates] if p]
        posts = Posting.objects.filter(
            cadre__in={p["pk"] for p in people}, is_main=True, to_on=None
        )
        rows = posts.order_by().values_list("cadre", "pk", "title", "from_on")
        by_cadre = {cadre: (pk, title, from_on) for cadre, pk, title, from_on in rows}
        for person in people:
            person["post"] = by_cadre.get(person["pk"])

    # -- judging -------------------------------------------------------------------------------

    def _one(
        self, row: Sought, by_digest: dict[str, Person], by_name: dict[str, list[Person]]
    ) -> Found:
        found = self._seen_before(row) or self._by_number(row, by_digest)
        if found is None:
            found = self._by_name(row, by_name.get(row.name, []))
        return self._answered(row, found)

    def _answered(self, row: Sought, found: Found) -> Found:
        """What the office said of a doubtful row; then whether the person can be meant."""
        if found.doubt and row.answer:
            chosen = [p for p in found.candidates if str(p["pk"]) == row.answer]
            same_number = any(
                row.id_digest and p["id_digest"] == row.id_digest for p in found.candidates
            )
            if chosen:
                found.person, found.doubt = chosen[0], None
            elif row.answer == "new" and self._takes_new and not same_number:
                found.doubt = None
        if found.person is None or found.doubt or found.fault:
            return found
        if found.person["left_on"] is not None:
            message = _("This person left the register on %(day)s. Correct that there first.")
            found.fault = "name", message % {"day": found.person["left_on"].isoformat()}
            return found
        place = row.sheet, row.number
        other = self._meant.setdefault(found.person["pk"], place)
        if other != place:
            message = _("Row %(row)s means the same person.")
            found.fault = "name", message % {"row": _place(other, row)}
        return found

    def _seen_before(self, row: Sought) -> Found | None:
        """Two rows for one person; equal name, month and unit are told apart by ID number."""
        place = row.sheet, row.number
        if row.id_digest:
            other = self._numbers.setdefault(_key(row.id_digest), place)
            if other != place:
                message = _("Row %(row)s has the same ID number.")
                return Found(fault=("id_number", message % {"row": _place(other, row)}))
        if row.unit_id is None or not row.birth_month:
            return None
        key = _key(row.name, row.birth_month, row.unit_id)
        same = self._alike.get(key, ())
        self._alike[key] = (*same, (*place, bool(row.id_digest)))
        earlier = [each[:2] for each in same if not row.id_digest or not each[2]]
        if not earlier or row.answer == "new":
            return None
        message = _(
            "Row %(row)s has the same name, birth month and unit. "
            "If they are two people, write both ID numbers."
        )
        return Found(fault=("name", message % {"row": _place(earlier[0], row)}))

    def _by_number(self, row: Sought, by_digest: dict[str, Person]) -> Found | None:
        person = by_digest.get(row.id_digest)
        if person is None:
            return None
        if not person["unit__path"].startswith(self._prefixes):
            message = _("The person with this ID number is registered by an office elsewhere.")
            return Found(fault=("id_number", message))
        if person["name"] == row.name:
            return Found(person, candidates=[])
        message = _("With this ID number the register has %(name)s. Is that the same person?")
        return Found(doubt=("name", message % {"name": person["name"]}), candidates=[person])

    def _by_name(self, row: Sought, people: list[Person]) -> Found:
        """Not those whose ID number is another one."""
        alike = [
            person
            for person in people
            if not (row.id_digest and person["id_digest"] and person["id_digest"] != row.id_digest)
        ]
        if not alike:
            return Found()
        here = [p for p in alike if p["unit_id"] == row.unit_id]
        same = [p for p in here if row.birth_month and p["birth_month"] == row.birth_month]
        if len(same) == 1:
            return Found(same[0])
        if same:
            message = _(
                "The register has %(count)s people of this name and birth month in the unit."
            )
            return Found(doubt=("name", message % {"count": len(same)}), candidates=same)
        maybe = [p for p in alike if not row.birth_month or p["birth_month"] == row.birth_month]
        maybe += [p for p in here if not p["birth_month"] and p not in maybe]
        if not maybe:
            return Found()
        return Found(doubt=(_why(row, maybe)), candidates=maybe)


def _why(row: Sought, people: list[Person]) -> tuple[str, str]:
    first = people[0]
    if not row.birth_month:
        message = _("%(name)s is registered in %(unit)s. Without a birth month nobody is sure.")
        return "birth_month", message % {"name": first["name"], "unit": first["unit__name"]}
    if not first["birth_month"]:
        message = _("%(name)s is registered here without a birth month. Is it the same person?")
        return "birth_month", message % {"name": first["name"]}
    message = _("%(name)s, born %(month)s, is registered in %(unit)s. Is it the same person?")
    return "unit", message % {
        "name": first["name"],
        "month": dotted(first["birth_month"]),
        "unit": first["unit__name"],
    }


def candidates(row: Sought, people: list[Person]) -> list[dict[str, Any]]:
    """For the page: who is asked about, beside what the file says."""
    return [
        {
            "id": str(person["pk"]),
            "name": person["name"],
            "apart": " · ".join(
                filter(None, [person["unit__name"], dotted(person["birth_month"])])
            ),
            "facts": [
                [_("unit"), row.unit_name, person["unit__name"]],
                [_("birth month"), dotted(row.birth_month), dotted(person["birth_month"])],
                [_("ID number ends in"), row.id_tail, person["id_tail"]],
                [_("post"), row.title or "", (person["post"] or ("", "", None))[1]],
            ],
        }
        for person in people
    ]


def _any_of(column: str, values: Iterable[str]) -> Func:
    """As `column__in`, with one parameter: thousands of them cost more than the search."""
    return Func(
        F(column),
        Value([*values], output_field=ArrayField(TextField())),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def _key(*parts: object) -> int:
    """Instead of the values themselves: a roster of 100,000 rows remembers them all."""
    return hash(parts)


def _place(place: tuple[int, int], row: Sought) -> str:
    """The number of another row, with its sheet when that is another one."""
    sheet, number = place
    if sheet == row.sheet:
        return str(number)
    return _("%(number)s of sheet %(sheet)s") % {"number": number, "sheet": sheet + 1}
