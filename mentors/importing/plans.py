"""What a row would do to the register, worked out when it is judged and carried out when saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cadres import codes
from cadres.finding import Person
from cadres.models import Mentee, MenteeCategory
from core.months import dotted
from mentors.importing.reader import TABLES
from mentors.models import Mentor, MentorCategory, Strength
from rosters.kinds import Change, Values, Verdict

# Fields that a row says and the register keeps as they are.
PLAIN = (
    "name", "gender", "birth_month", "ethnicity", "id_digest", "id_tail", "political_status",
    "party_month", "education", "later_education", "is_party_school", "work_month", "staffing",
    "phone",
)  # fmt: skip
LABELS: dict[str, str | Promise] = {
    "name": _("name"),
    "gender": _("gender"),
    "birth_month": _("birth month"),
    "ethnicity": _("ethnicity"),
    "id_digest": _("ID number"),
    "political_status": _("political status"),
    "party_month": _("joined the party"),
    "education": _("full-time education"),
    "later_education": _("in-service education"),
    "is_party_school": _("in-service education at a party school"),
    "work_month": _("started work"),
    "staffing": _("staffing"),
    "phone": _("mobile phone"),
    "unit": _("unit"),
    "title": _("post"),
    "mentor_category": _("mentor category"),
    "strengths": _("strengths"),
    "capacity": _("places"),
    "term_to_on": _("term ends"),
    "mentee_category": _("mentee category"),
    "should_pair": _("whether to be paired"),
}


@dataclass
class Plan(Verdict):
    """A verdict with what saving needs: the person as found, and old values for undoing."""

    person: Person | None = None
    fields: dict[str, Any] = field(default_factory=dict)  # new values of a known person
    moves: bool = False
    unit: int = 0
    title: str = ""
    mentor: dict[str, Any] | None = None  # the open appointment, or nothing
    appoints: dict[str, Any] | None = None  # category, capacity, strengths, from_on, term_to_on
    alters: dict[str, Any] = field(default_factory=dict)  # the same of an open appointment
    mentee: dict[str, Any] | None = None  # the open entry, or nothing
    enters: int | None = None  # the category of a new entry
    since: Any = None
    exempts: str = ""  # the reason

    def tell(self, name: str, old: str, new: str) -> None:
        self.changes.append(Change(field=name, label=str(LABELS[name]), old=old, new=new))


class Lists:
    """The open lists by id, for words in sentences; read once."""

    def __init__(self) -> None:
        self.categories = dict(MentorCategory.objects.values_list("pk", "name"))
        self.strengths = dict(Strength.objects.values_list("pk", "name"))
        self.mentees = dict(MenteeCategory.objects.values_list("pk", "name"))

    def strong(self, keys: Iterable[int]) -> str:
        return "、".join(self.strengths.get(key, "") for key in keys)


def open_mentors(people: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The open appointment of each, with its strengths' ids in order."""
    rows = Mentor.objects.filter(cadre__in=people, to_on=None)
    names = ("pk", "cadre_id", "category_id", "capacity", "state", "from_on", "term_to_on",
             "unit__path")  # fmt: skip
    found = {row["cadre_id"]: {**row, "strengths": []} for row in rows.values(*names)}
    by_pk = {row["pk"]: row for row in found.values()}
    through = Mentor.strengths.through.objects.filter(mentor__in=by_pk)
    for mentor, strength in through.order_by("strength").values_list("mentor", "strength"):
        by_pk[mentor]["strengths"].append(strength)
    return found


def open_mentees(people: Iterable[UUID], today: Any) -> dict[UUID, dict[str, Any]]:
    """The open entry of each with whether it is exempt today; else the last day of a closed one."""
    rows = Mentee.objects.filter(cadre__in=people)
    exempt = set(rows.exempt_on(today).values_list("pk", flat=True))
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows.order_by("to_on").values("pk", "cadre_id", "category_id", "to_on"):
        found[row["cadre_id"]] = {**row, "is_exempt": row["pk"] in exempt}
    return found


def shown(name: str, value: Any) -> str:
    """A plain value in words."""
    if name in TABLES:
        return codes.name(TABLES[name], value) if value else ""
    if name in ("birth_month", "party_month", "work_month"):
        return dotted(value)
    if name == "is_party_school":
        return "是" if value else "否"
    if name == "phone":
        return f"{value[:3]}****{value[-4:]}" if len(value) >= 8 else value
    return str(value)


def compare(plan: Plan, values: Values, person: Mapping[str, Any]) -> None:
    """Put down which plain fields the row says otherwise than the register."""
    for name in PLAIN:
        if name not in values or values[name] == person[name]:
            continue
        plan.fields[name] = values[name]
        if name == "id_digest":
            plan.tell(name, _tail(person["id_tail"]), _tail(values["id_tail"]))
        elif name != "id_tail":
            plan.tell(name, shown(name, person[name]), shown(name, values[name]))


def _tail(tail: str) -> str:
    return f"····{tail}" if tail else ""
