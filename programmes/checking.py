"""What speaks against each row of a list, as if the rows were registered now, all together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import MenteeQuerySet
from core.problems import Problem, Severity, gravest_first
from pairings import problems
from pairings.models import Pairing
from pairings.states import Role
from programmes.models import PlannedPair, Programme
from programmes.participants import mentees_of


@dataclass
class Line:
    """A row of the list with what speaks against it."""

    planned: PlannedPair
    problems: list[Problem]

    @property
    def open(self) -> list[Problem]:
        """What keeps the list from being checked: blockers, and what nobody has waived."""
        return [
            problem
            for problem in self.problems
            if problem.severity == Severity.BLOCKER
            or (problem.severity == Severity.WAIVABLE and not self.planned.waiver)
        ]

    @property
    def waivable(self) -> list[Problem]:
        return [row for row in self.problems if row.severity == Severity.WAIVABLE]

    @property
    def warnings(self) -> list[Problem]:
        return [row for row in self.problems if row.severity == Severity.WARNING]


@dataclass
class Checked:
    """The whole list, in the order of the mentees' units and names."""

    lines: list[Line]
    over: int  # rows beyond the places that the mentors have

    @property
    def open(self) -> list[Line]:
        return [line for line in self.lines if line.open]

    @property
    def mentors(self) -> int:
        return len({line.planned.mentor_id for line in self.lines})

    @property
    def mentees(self) -> int:
        return len({line.planned.mentee_id for line in self.lines})


def check(programme: Programme, *, by: User) -> Checked:
    """Every row with its problems, in a fixed number of queries.

    A row that has become a pair has none any more. What only says that somebody does not govern
    a unit is no news to whoever reads the list without governing it.
    """
    rows = in_order(programme)
    planned = [row for row in rows if row.pairing_id is None]
    couples = [
        problems.Couple(row.mentor, row.mentee, programme.from_on, programme.to_on, row.role)
        for row in planned
    ]
    found = dict(
        zip((row.pk for row in planned), problems.find_all(couples, by=by), strict=True)
        if couples
        else ()
    )
    forbidden = _forbidden(programme)
    governs = by.governs(programme.unit)
    lines = []
    for row in rows:
        against = [p for p in found.get(row.pk, []) if governs or p.code != "not_governed"]
        if row.pairing_id is None:
            against += _about_the_programme(row, programme, forbidden)
        lines.append(Line(row, gravest_first(against)))
    return Checked(lines, _over(planned))


def in_order(programme: Programme) -> list[PlannedPair]:
    """The rows with both people and their units."""
    return list(
        programme.planned.select_related(
            "mentor__cadre__unit", "mentor__unit", "mentor__category", "mentee__unit",
            "mentee__township", "waived_by", "pairing",
        ).order_by("mentee__unit__path", "mentee__pinyin", "mentee_id", "id")
    )  # fmt: skip


def without_mentor(programme: Programme) -> MenteeQuerySet:
    """Who should be paired and has no lead mentor: neither one already, nor one on the list."""
    listed = PlannedPair.objects.filter(
        programme=programme, mentee=OuterRef("cadre"), role=Role.LEAD
    )
    led = Pairing.objects.open().filter(mentee=OuterRef("cadre"), role=Role.LEAD)
    rows: MenteeQuerySet = mentees_of(programme, programme.from_on).filter(
        ~Exists(listed), ~Exists(led)
    )
    return rows


def by_name(rows: MenteeQuerySet) -> MenteeQuerySet:
    return rows.select_related("cadre__unit", "cadre__township", "category").order_by(
        "cadre__pinyin", "id"
    )


def _forbidden(programme: Programme) -> dict[tuple[UUID, UUID], str]:
    rows = programme.forbidden.values_list("mentor", "mentee", "reason")
    return {(mentor, mentee): reason for mentor, mentee, reason in rows}


def _about_the_programme(
    row: PlannedPair, programme: Programme, forbidden: dict[tuple[UUID, UUID], str]
) -> list[Problem]:
    names = {"mentor": row.mentor.cadre.name, "mentee": row.mentee.name}
    found = []
    if not row.mentee.unit.path.startswith(programme.unit.path):
        found.append(("outside", _("%(mentee)s does not belong to the unit of this programme.")))
    if reason := forbidden.get((row.mentor_id, row.mentee_id)):
        names["reason"] = reason
        text = _("%(mentor)s and %(mentee)s are not to be paired here: %(reason)s.")
        found.append(("forbidden", text))
    return [Problem(code, Severity.BLOCKER, "mentee", text % names) for code, text in found]


def _over(planned: list[PlannedPair]) -> int:
    asked = Counter(row.mentor.cadre_id for row in planned)
    capacity = {row.mentor.cadre_id: row.mentor.capacity for row in planned}
    taken = dict(
        Pairing.objects.open()
        .filter(mentor_cadre__in=asked)
        .order_by()
        .values("mentor_cadre")
        .annotate(n=Count("pk"))
        .values_list("mentor_cadre", "n")
    )
    return sum(
        min(number, max(0, taken.get(person, 0) + number - capacity[person]))
        for person, number in asked.items()
    )
