"""One mentor beside one mentee: a grade for each feature, without the database.

A grade is a whole number from 0 to 10, or -10 for what speaks against the two; points are grade
times weight. `grid.py` says the same of many at once, and a test holds the two equal.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from pairings.matching.tables import EXAMPLE, MIDDLE, Tables
from pairings.matching.weights import Feature

FULL = 10
A_STEP = 2  # taken off for each step between the units
ONE_SIDED = 5
LEAST_MUTUAL = 6  # however far down the two have it


@dataclass(frozen=True, slots=True)
class MentorSide:
    """What is compared of a mentor; `above` are the unit's ids from the top down to itself."""

    pk: uuid.UUID
    cadre_pk: uuid.UUID
    category: str
    strengths: frozenset[str]
    capacity: int
    free: int
    above: tuple[int, ...]
    kind: str
    birth_month: str
    former: frozenset[uuid.UUID] = frozenset()  # people who were this mentor's mentees before


@dataclass(frozen=True, slots=True)
class MenteeSide:
    """What is compared of a mentee; the category is empty for who is not on the register."""

    cadre_pk: uuid.UUID
    category: str
    above: tuple[int, ...]
    kind: str
    birth_month: str
    # In a programme, by the mentor's id: the places on the mentee's list and on the mentor's,
    # from 1; 0 where the one has not wished for the other.
    wishes: Mapping[uuid.UUID, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One feature's share of the total."""

    feature: Feature
    grade: int
    weight: int

    @property
    def points(self) -> int:
        return self.grade * self.weight


def parts(
    mentor: MentorSide, mentee: MenteeSide, weights: Mapping[str, int], tables: Tables = EXAMPLE
) -> list[Part]:
    """A part for each feature, in their order, also where it adds nothing."""
    found = grades(mentor, mentee, tables)
    return [Part(feature, found[feature], weights[feature]) for feature in Feature]


def total(of: list[Part]) -> int:
    return sum(part.points for part in of)


def score(
    mentor: MentorSide, mentee: MenteeSide, weights: Mapping[str, int], tables: Tables = EXAMPLE
) -> int:
    """The total of the parts, without them: most mentors of a page are not shown."""
    return sum(weights[name] * grade for name, grade in grades(mentor, mentee, tables).items())


def grades(mentor: MentorSide, mentee: MenteeSide, tables: Tables = EXAMPLE) -> dict[Feature, int]:
    return {
        Feature.PLACES: of_places(mentor.free, mentor.capacity),
        Feature.CATEGORY: tables.fit.get((mentor.category, mentee.category), MIDDLE),
        Feature.STRENGTHS: of_strengths(mentor.strengths, tables.needs.get(mentee.category, ())),
        Feature.WORK_LINE: FULL if mentor.kind == mentee.kind else 0,
        Feature.DISTANCE: of_steps(steps(mentor.above, mentee.above)),
        Feature.AGE_GAP: of_age_gap(age_gap(mentor.birth_month, mentee.birth_month), tables.span),
        Feature.EARLIER: -FULL if mentee.cadre_pk in mentor.former else 0,
        Feature.SAME_UNIT: -FULL if mentor.above[-1] == mentee.above[-1] else 0,
        Feature.WISHES: of_wishes(*mentee.wishes.get(mentor.pk, (0, 0))),
    }


def of_places(free: int, capacity: int) -> int:
    return FULL * max(free, 0) // capacity if capacity else 0


def of_strengths(strengths: frozenset[str], needs: tuple[str, ...]) -> int:
    """By how many of the needs the mentor is good at."""
    return FULL * len(strengths.intersection(needs)) // len(needs) if needs else 0


def shared(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How many units from the top down the two have in common."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def steps(one: tuple[int, ...], other: tuple[int, ...]) -> int | None:
    """Steps from unit to unit by way of the lowest unit above both; None in two trees."""
    common = shared(one, other)
    return len(one) + len(other) - 2 * common if common else None


def of_steps(number: int | None) -> int:
    return 0 if number is None else max(FULL - A_STEP * number, 0)


def age_gap(mentor_month: str, mentee_month: str) -> int | None:
    """Full years by which the mentor is older (below 0: younger); None where one is unknown."""
    if not (mentor_month and mentee_month):
        return None
    return (_months(mentee_month) - _months(mentor_month)) // 12


def of_wishes(of_mentee: int, of_mentor: int) -> int:
    """In full where each has the other first; a mutual wish always beats a one-sided one."""
    if of_mentee and of_mentor:
        return max(FULL + 2 - of_mentee - of_mentor, LEAST_MUTUAL)
    return max(ONE_SIDED + 1 - (of_mentee or of_mentor), 1) if of_mentee or of_mentor else 0


def of_age_gap(years: int | None, span: tuple[int, int]) -> int:
    if years is None:
        return 0
    least, most = span
    return max(FULL - max(least - years, years - most, 0), 0)


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
