"""Both sides of a programme as the matching compares them, read by sets and not row by row.

Each county is an area of its own: a pair across two counties is an exception that a person makes.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from numpy.typing import NDArray

from cadres.models import MenteeQuerySet
from mentors.models import MentorQuerySet, Strength
from pairings.matching import grid
from pairings.matching.assigning import Task
from pairings.matching.scoring import MenteeSide, MentorSide
from pairings.matching.tables import Tables
from pairings.models import Pairing, PairingQuerySet, Policy
from pairings.states import Role
from programmes.models import ForbiddenPair, Origin, PlannedPair, Preference, Programme, Side
from programmes.participants import mentees_of, mentors_of
from units.models.placed import ids_of

Couple = tuple[uuid.UUID, uuid.UUID]  # the mentor's id and the mentee's as a person
People = dict[uuid.UUID, set[uuid.UUID]]
Listed = tuple[uuid.UUID, uuid.UUID, str]  # of a row: mentor, mentee, role
Numbers = NDArray[np.intp]
Block = tuple[NDArray[np.int32], NDArray[np.bool_]]
# The rows that an assignment writes, and writes anew; every other row of the list stays.
REPLACED = Q(origin=Origin.SUGGESTED, is_fixed=False, waiver="", pairing=None, role=Role.LEAD)


@dataclass
class Area:
    """The mentors and mentees of one county, and who of them must not be paired."""

    mentors: list[MentorSide] = field(default_factory=list)
    mentees: list[MenteeSide] = field(default_factory=list)
    ruled_out: list[tuple[int, int]] = field(default_factory=list)  # row, column

    @property
    def places(self) -> NDArray[np.int64]:
        return np.array([mentor.free for mentor in self.mentors], dtype=np.int64)

    def block(
        self, rows: Numbers, columns: Numbers, weights: dict[str, int], tables: Tables
    ) -> Block:
        """Points and whether they may be paired, of some mentees and some mentors."""
        mentors = [self.mentors[column] for column in columns]
        mentees = [self.mentees[row] for row in rows]
        scores = grid.totals(mentors, mentees, weights, tables)
        allowed = np.ones(scores.shape, dtype=np.bool_)
        row_at = {int(row): at for at, row in enumerate(rows)}
        column_at = {int(column): at for at, column in enumerate(columns)}
        for row, column in self.ruled_out:
            if row in row_at and column in column_at:
                allowed[row_at[row], column_at[column]] = False
        return scores, allowed

    def task(self, weights: dict[str, int], tables: Tables) -> Task:
        """The whole table; asks for memory, see `dividing.fits`."""
        rows, columns = (np.arange(len(side)) for side in (self.mentees, self.mentors))
        scores, allowed = self.block(rows, columns, weights, tables)
        return Task(scores, self.places, allowed)

    @property
    def wished(self) -> dict[int, int]:
        """The mentor whom a mentee wishes most, mutual wishes first, by row and column."""
        column_of = {mentor.pk: column for column, mentor in enumerate(self.mentors)}
        found = {}
        for row, mentee in enumerate(self.mentees):
            known = [(_eagerness(places), column_of[pk]) for pk, places in mentee.wishes.items()
                     if pk in column_of]  # fmt: skip
            if known:
                found[row] = min(known)[1]
        return found


def _eagerness(places: tuple[int, int]) -> tuple[bool, int]:
    return not all(places), sum(places)


@dataclass(frozen=True)
class Sides:
    """What an assignment of the programme is worked out from."""

    areas: dict[int, Area]  # by the county's id
    weights: dict[str, int]
    tables: Tables
    kept: frozenset[Listed]  # the rows of the list that stay
    forbidden: frozenset[Couple]

    def part(self, area: Area) -> Callable[[Numbers, Numbers], Block]:
        return lambda rows, columns: area.block(rows, columns, self.weights, self.tables)

    @property
    def mentees(self) -> int:
        return sum(len(area.mentees) for area in self.areas.values())


def fixed(programme: Programme) -> tuple[frozenset[Listed], frozenset[Couple]]:
    """The rows of the list that an assignment leaves alone, and the couples that are forbidden."""
    rows = PlannedPair.objects.filter(programme=programme).exclude(REPLACED)
    forbidden = ForbiddenPair.objects.filter(programme=programme)
    return (
        frozenset(rows.values_list("mentor", "mentee", "role")),
        frozenset(forbidden.values_list("mentor", "mentee")),
    )


def read(programme: Programme, *, only: int | None = None) -> Sides:
    """Both sides as of the first day of the pairs; `only` one county. The same number of queries
    however many people there are."""
    day = programme.from_on
    mentors = mentors_of(programme, day).filter(cadre__left_on=None)
    mentees = mentees_of(programme, day).filter(cadre__left_on=None)
    if only is not None:
        mentors, mentees = mentors.filter(county=only), mentees.filter(cadre__county=only)
    leads = Pairing.objects.open().filter(role=Role.LEAD, mentee=OuterRef("cadre"))
    mentees = mentees.filter(~Exists(leads))
    kept, forbidden = fixed(programme)
    policy = Policy.in_force(programme.unit, day)
    areas: dict[int, Area] = defaultdict(Area)
    paired = _by_mentor(Pairing.objects.open(), mentors)
    _add_mentors(areas, mentors, paired, Counter(mentor for mentor, _, _ in kept))
    settled = {mentee for _, mentee, role in kept if role == Role.LEAD}
    _add_mentees(areas, mentees, settled, _wishes(programme))
    _rule_out(areas, paired, forbidden | {(mentor, mentee) for mentor, mentee, _ in kept})
    areas = {county: area for county, area in sorted(areas.items()) if area.mentees}
    return Sides(areas, policy.all_weights, policy.all_tables, kept, forbidden)


def _by_mentor(pairs: PairingQuerySet, mentors: MentorQuerySet) -> People:
    """The mentees of each mentor as a person: of all appointments, earlier ones as well."""
    found: People = defaultdict(set)
    rows = pairs.filter(mentor_cadre__in=mentors.values("cadre"))
    for mentor, mentee in rows.values_list("mentor_cadre", "mentee"):
        found[mentor].add(mentee)
    return found


def _add_mentors(
    areas: dict[int, Area], mentors: MentorQuerySet, paired: People, planned: Counter[uuid.UUID]
) -> None:
    strengths: dict[uuid.UUID, set[str]] = defaultdict(set)
    good_at = Strength.mentors.through.objects.filter(mentor__in=mentors.values("pk"))
    for mentor, name in good_at.values_list("mentor", "strength__name"):
        strengths[mentor].add(name)
    former = _by_mentor(Pairing.objects.begun_by(timezone.localdate()), mentors)
    paths: dict[str, tuple[int, ...]] = {}
    for pk, cadre, category, capacity, born, path, kind, county in mentors.order_by(
        "cadre__unit__path", "pk"
    ).values_list(
        "pk", "cadre", "category__name", "capacity", "cadre__birth_month", "cadre__unit__path",
        "cadre__unit__kind", "county",
    ):  # fmt: skip
        if county is None:
            continue
        free = max(capacity - len(paired[cadre]) - planned[pk], 0)
        above = paths.setdefault(path, tuple(ids_of(path)))
        areas[county].mentors.append(
            MentorSide(pk, cadre, category, frozenset(strengths[pk]), capacity, free, above, kind,
                       born, frozenset(former[cadre]))
        )  # fmt: skip


def _add_mentees(
    areas: dict[int, Area],
    mentees: MenteeQuerySet,
    settled: set[uuid.UUID],
    wishes: dict[uuid.UUID, dict[uuid.UUID, tuple[int, int]]],
) -> None:
    paths: dict[str, tuple[int, ...]] = {}
    nothing: dict[uuid.UUID, tuple[int, int]] = {}
    for cadre, category, born, path, kind, county in mentees.order_by(
        "cadre__unit__path", "cadre"
    ).values_list(
        "cadre", "category__name", "cadre__birth_month", "cadre__unit__path", "cadre__unit__kind",
        "cadre__county",
    ):  # fmt: skip
        if county is not None and cadre not in settled:
            above = paths.setdefault(path, tuple(ids_of(path)))
            areas[county].mentees.append(
                MenteeSide(cadre, category, above, kind, born, wishes.get(cadre, nothing))
            )


def _wishes(programme: Programme) -> dict[uuid.UUID, dict[uuid.UUID, tuple[int, int]]]:
    """By mentee and mentor: the places on the two lists, 0 for no wish."""
    found: dict[uuid.UUID, dict[uuid.UUID, tuple[int, int]]] = defaultdict(dict)
    rows = Preference.objects.live().filter(programme=programme)
    for side, mentor, mentee, nth in rows.values_list("side", "mentor", "mentee", "nth"):
        of_mentee, of_mentor = found[mentee].get(mentor, (0, 0))
        is_mentees = side == Side.MENTEE
        found[mentee][mentor] = (nth, of_mentor) if is_mentees else (of_mentee, nth)
    return found


def _rule_out(areas: dict[int, Area], paired: People, couples: frozenset[Couple]) -> None:
    """Oneself, who is paired with the other already, and what the list says."""
    listed: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for mentor, mentee in couples:
        listed[mentor].add(mentee)
    for area in areas.values():
        row_of = {mentee.cadre_pk: row for row, mentee in enumerate(area.mentees)}
        for column, side in enumerate(area.mentors):
            people = {side.cadre_pk, *paired[side.cadre_pk], *listed[side.pk]}
            area.ruled_out += [(row_of[one], column) for one in people if one in row_of]
