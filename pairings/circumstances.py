"""What is on record about the people of planned pairs, read at once however many they are."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Value, When
from django.utils import timezone

from accounts.models import User
from cadres.models import Cadre, Exemption, Mentee, Posting
from mentors.models import Mentor, MentorPolicy
from pairings.models import PRESET_BASIS, Pairing, Policy
from pairings.states import CALLED_OFF, Role
from units.models import Unit
from units.models.placed import ids_of


class Couple(NamedTuple):
    """Two people who are to become a pair; the mentor with the person, both with their units."""

    mentor: Mentor
    mentee: Cadre
    from_on: dt.date
    to_on: dt.date | None = None
    role: str = Role.LEAD
    instead_of: Pairing | None = None  # of a change of mentor: the pair that ends on `from_on`
    stands_in_for: Pairing | None = None  # of a substitute


Rule = TypeVar("Rule", Policy, MentorPolicy)


@dataclass(frozen=True)
class Circumstances:
    """By person (the key of a Cadre) unless it says otherwise. Seven queries."""

    pairs: dict[UUID, list[Pairing]]  # of each mentee, what was called off left out
    seen: frozenset[UUID]  # the pairs among them whose mentor the user may be told
    taken: dict[UUID, int]  # the mentors' open pairs, of earlier appointments as well
    asked: Counter[UUID]  # how many of these couples ask for a place of each mentor
    planned: dict[UUID, list[Couple]]  # these couples by mentee
    entries: dict[UUID, Mentee]
    exemptions: dict[UUID, Exemption]  # by entry
    posts: dict[UUID, tuple[int, str]]  # unit and title of the open main post
    policies: list[Policy]
    mentor_policies: list[MentorPolicy]

    @classmethod
    def of(cls, couples: Sequence[Couple], user: User) -> Circumstances:
        mentees = {couple.mentee.pk for couple in couples}
        mentors = {couple.mentor.cadre_id for couple in couples}
        pairs = _pairs(mentees, user)
        entries = {
            row.cadre_id: row for row in Mentee.objects.filter(cadre__in=mentees, to_on=None)
        }
        exemptions = Exemption.objects.on(timezone.localdate()).filter(mentee__in=entries.values())
        posts = Posting.objects.filter(cadre__in=mentees | mentors, is_main=True, to_on=None)
        taken = Pairing.objects.open().filter(mentor_cadre__in=mentors).order_by()
        counted = taken.values("mentor_cadre").annotate(n=Count("pk"))
        return cls(
            pairs=_by_mentee(pairs),
            seen=frozenset(row.pk for row in pairs if row.is_seen),  # type: ignore[attr-defined]
            taken=dict(counted.values_list("mentor_cadre", "n")),
            asked=Counter(couple.mentor.cadre_id for couple in couples),
            planned=_planned(couples),
            entries=entries,
            exemptions={row.mentee_id: row for row in exemptions},
            posts={row.cadre_id: (row.unit_id, row.title) for row in posts},
            policies=_above(Policy, {couple.mentee.unit for couple in couples}),
            mentor_policies=_above(MentorPolicy, {couple.mentor.unit for couple in couples}),
        )

    def policy(self, couple: Couple) -> Policy:
        """As `Policy.in_force` says it."""
        unit, day = couple.mentee.unit, couple.from_on
        preset = Policy(unit=unit, from_on=day, basis=PRESET_BASIS)
        return _nearest(self.policies, unit, day) or preset

    def mentor_policy(self, couple: Couple) -> MentorPolicy:
        unit, day = couple.mentor.unit, couple.from_on
        preset = MentorPolicy(unit=unit, from_on=day, basis=PRESET_BASIS)
        return _nearest(self.mentor_policies, unit, day) or preset


def _pairs(mentees: set[UUID], user: User) -> list[Pairing]:
    is_seen = Case(
        When(user.rows_q(), then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    rows = Pairing.objects.exclude(state__in=CALLED_OFF).filter(mentee__in=mentees)
    return list(
        rows.annotate(is_seen=is_seen).select_related("mentor_cadre").order_by("from_on", "pk")
    )


def _by_mentee(pairs: list[Pairing]) -> dict[UUID, list[Pairing]]:
    found = defaultdict(list)
    for pairing in pairs:
        found[pairing.mentee_id].append(pairing)
    return dict(found)


def _planned(couples: Sequence[Couple]) -> dict[UUID, list[Couple]]:
    found = defaultdict(list)
    for couple in couples:
        found[couple.mentee.pk].append(couple)
    return dict(found)


def _above(model: Any, units: Iterable[Unit]) -> list[Any]:
    """Every version of the rules that hold for these units, by their own or of a unit above."""
    ids = {pk for unit in units for pk in ids_of(unit.path)}
    return list(model.objects.filter(unit__in=ids).select_related("unit"))


def _nearest(rules: list[Rule], unit: Unit, day: dt.date) -> Rule | None:
    held = [r for r in rules if r.from_on <= day and unit.path.startswith(r.unit.path)]
    return max(held, key=lambda rule: (len(rule.unit.path), rule.from_on), default=None)
