"""The best mentors for one mentee among those whom the user sees; a person decides."""

from __future__ import annotations

import datetime as dt
import heapq
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from cadres.models import Cadre, Mentee
from mentors.models import Mentor, MentorQuerySet, Strength
from pairings.matching import reasons, scoring
from pairings.matching.scoring import MenteeSide, MentorSide, Part
from pairings.matching.weights import Feature
from pairings.models import Pairing, Policy
from units.models import Unit
from units.models.placed import ids_of

SHOWN = 10
_MENTOR = ("pk", "cadre", "category__name", "capacity", "cadre__birth_month")
_WHERE = ("cadre__unit__path", "cadre__unit__kind", "pinyin")


@dataclass(frozen=True)
class Suggestion:
    mentor: Mentor
    free: int
    reasons: list[tuple[Part, str]]

    @property
    def total(self) -> int:
        return scoring.total([part for part, _ in self.reasons])

    @property
    def telling(self) -> list[tuple[Part, str]]:
        """The parts that add or take something."""
        return [(part, words) for part, words in self.reasons if part.points]


@dataclass(frozen=True)
class Found:
    """`considered`: in office, visible to the user, with a place free and not paired with them."""

    suggestions: list[Suggestion]
    considered: int
    entry: Mentee | None
    policy: Policy


def suggest(cadre: Cadre, *, user: User, today: dt.date, most: int = SHOWN) -> Found:
    """The mentors with the most points for this person under the rule of the person's unit.

    Reads the same number of queries however many mentors there are.
    """
    policy = Policy.in_force(cadre.unit, today)
    entry = Mentee.objects.open_on(today).filter(cadre=cadre).select_related("category").first()
    mentee = MenteeSide(
        cadre.pk,
        entry.category.name if entry else "",
        tuple(ids_of(cadre.unit.path)),
        cadre.unit.kind,
        cadre.birth_month,
    )
    sides = _sides(cadre, user, today)
    weights, tables = policy.all_weights, policy.all_tables
    best = heapq.nsmallest(
        most,
        sides,
        key=lambda row: (
            -scoring.score(row[0], mentee, weights, tables),
            -row[0].free,
            row[1],
            row[0].pk,
        ),
    )
    shown = [side for side, _ in best]
    by_pk = Mentor.objects.visible_to(user).for_list().in_bulk([side.pk for side in shown])
    names = dict(Unit.objects.filter(pk__in=mentee.above).values_list("pk", "name"))
    suggestions = [
        Suggestion(
            by_pk[side.pk],
            side.free,
            [
                (part, reasons.sentence(part.feature, side, mentee, names, tables))
                for part in scoring.parts(side, mentee, weights, tables)
                # Wishes are of a programme, and private: there are none here.
                if part.feature != Feature.WISHES
            ],
        )
        for side in shown
    ]
    return Found(suggestions, len(sides), entry, policy)


def _sides(cadre: Cadre, user: User, today: dt.date) -> list[tuple[MentorSide, str]]:
    """Everybody who may be suggested, with the key that orders equals."""
    visible = Mentor.objects.visible_to(user).in_office(today)
    visible = visible.filter(cadre__left_on=None).exclude(cadre=cadre)
    pairs = Pairing.objects.filter(mentee=cadre)
    taken_by_this = pairs.open().values("mentor_cadre")
    visible = visible.exclude(cadre__in=taken_by_this)
    taken, strengths = _taken(visible), _strengths(visible)
    former = {*pairs.visible_to(user).begun_by(today).values_list("mentor_cadre", flat=True)}
    sides = []
    for pk, person, category, capacity, born, path, kind, pinyin in visible.values_list(
        *_MENTOR, *_WHERE
    ):
        if (free := capacity - taken.get(person, 0)) <= 0:
            continue
        earlier = frozenset([cadre.pk]) if person in former else frozenset[uuid.UUID]()
        above = tuple(ids_of(path))
        side = MentorSide(
            pk, person, category, frozenset(strengths[pk]), capacity, free, above, kind, born,
            earlier,
        )  # fmt: skip
        sides.append((side, pinyin))
    return sides


def _taken(mentors: MentorQuerySet) -> dict[uuid.UUID, int]:
    """Open pairs by person: those of an earlier appointment take places as well."""
    pairs = Pairing.objects.open().filter(mentor_cadre__in=mentors.values("cadre"))
    counted = pairs.order_by().values("mentor_cadre").annotate(n=Count("pk"))
    return dict(counted.values_list("mentor_cadre", "n"))


def _strengths(mentors: MentorQuerySet) -> dict[uuid.UUID, set[str]]:
    found = defaultdict(set)
    rows = Strength.mentors.through.objects.filter(mentor__in=mentors.values("pk"))
    for mentor, name in rows.values_list("mentor", "strength__name"):
        found[mentor].add(name)
    return found
