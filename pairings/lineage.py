"""Lineage 师承: who was taught by whom, over generations, from pairs that had begun by a day.

Teaching is no tree: a mentee may have several mentors, and two people may have taught each other
in turn. Drawn is a tree all the same: everybody stands below the mentor of their earliest pair,
and is named once more, as a reference, with each further mentor. A tie that would close a circle
is a reference, too, so the one who taught first stands above.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import BUSINESS_ROLES, User
from cadres.models import Cadre
from core.text import person_name, squeeze
from pairings.models import Pairing, PairingQuerySet
from pairings.states import Role
from units.models import Unit

DEPTH, DEEPEST = 3, 12  # generations shown each way from a person, at first and at most
READ_MOST = 20_000  # pairs of a unit; above it nobody could read the tree anyway


class Tie(NamedTuple):
    """One person taught another; keys are ids of people, or of somebody who has no name here."""

    mentor: str
    mentee: str
    since: dt.date
    role: str = Role.LEAD


@dataclass(eq=False)
class Node:
    """A person where they stand in the tree, or somebody from elsewhere without a name."""

    key: str
    name: str
    unit: str = ""
    apart: str = ""  # what tells homonyms apart on the screen
    pk: UUID | None = None
    is_ambiguous: bool = False  # somebody else in this tree has the same name
    may_open: bool = False
    is_focus: bool = False
    generation: int = 0
    mentor: Node | None = None
    since: dt.date | None = None  # the day on which that mentor's teaching began
    others: list[Node] = field(default_factory=list)  # further mentors
    roles: dict[str, str] = field(default_factory=dict)  # by the mentor's key, where not lead
    children: list[Node] = field(default_factory=list)
    references: list[Node] = field(default_factory=list)  # mentees who stand below another
    goes_up: bool = False  # there are mentors above who are not shown
    goes_down: bool = False
    below: int = 0  # people further down whom a page has folded away

    @property
    def told(self) -> str:
        """The name, with what tells it apart where two in the tree have the same."""
        return f"{self.name}（{self.apart}）" if self.is_ambiguous else self.name

    @property
    def is_person(self) -> bool:
        """Not one of the nameless partners that stand for people elsewhere."""
        return ":" not in self.key

    @property
    def mentors(self) -> list[Node]:
        return [*filter(None, [self.mentor]), *self.others]

    @property
    def taught_by(self) -> list[tuple[Node, str]]:
        """The mentors, each with the role in words, empty for a lead mentor."""
        return [(mentor, self.role_of(mentor)) for mentor in self.mentors]

    def role_of(self, mentor: Node) -> str:
        role = self.roles.get(mentor.key)
        return str(Role(role).label) if role else ""

    def line(self) -> Iterator[Node]:
        """This person and all below, each before those they taught."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    @property
    def generations(self) -> int:
        return max(node.generation for node in self.line())


@dataclass(frozen=True)
class Lineage:
    as_of: dt.date
    roots: list[Node]
    is_too_large: bool = False

    @cached_property
    def rows(self) -> list[Node]:
        return [node for root in self.roots for node in root.line()]

    @property
    def people(self) -> int:
        return sum(node.is_person for node in self.rows)

    @property
    def generations(self) -> int:
        return max((root.generations for root in self.roots), default=0)

    @property
    def became_mentors(self) -> int:
        """People of this tree who were taught and taught others."""
        return sum(bool(node.mentors and (node.children or node.references)) for node in self.rows)


def of_unit(unit: Unit, user: User, day: dt.date, *, least: int = 1) -> Lineage:
    """What was taught in the unit's subtree; on top those whom nobody taught there. One query.

    `least` leaves out lineages of fewer generations. Nobody has a name yet: a county has
    thousands, and a page names those it shows (`give_names`).
    """
    pairs = _begun(user, day).filter(unit.rows_q()).order_by("from_on", "pk")
    ties = _ties(pairs[: READ_MOST + 1])
    if len(ties) > READ_MOST:
        return Lineage(day, [], is_too_large=True)
    roots = arrange(ties)
    if least > 2:  # a tie is two generations already
        roots = [root for root in roots if root.generations >= least]
    return Lineage(day, roots)


def of_person(cadre: Cadre, user: User, day: dt.date, depth: int = DEPTH) -> Lineage:
    """Those who taught a person, and those whom the person taught, `depth` generations each way.

    Four queries, and nobody has a name yet (`give_names`). Who of another area stands in no pair
    that the user may see has no name here.
    """
    steps = _walk(cadre, user, day, depth + 1)
    near = {pk for pk, step in steps.items() if step <= depth}
    pairs = _begun(user, day).order_by("from_on", "pk")
    ties = _ties(pairs.filter(mentor_cadre__in=steps, mentee__in=steps))
    shown = [tie for tie in ties if {UUID(tie.mentor), UUID(tie.mentee)} <= near]
    hidden = _hidden(near, user, day)
    people = arrange([*shown, *hidden], also=str(cadre.pk))
    lineage = Lineage(day, people)
    nodes = {node.key: node for node in lineage.rows}
    nodes[str(cadre.pk)].is_focus = True
    for tie in ties:
        if tie.mentor not in nodes:
            nodes[tie.mentee].goes_up = True
        elif tie.mentee not in nodes:
            nodes[tie.mentor].goes_down = True
    return lineage


def arrange(ties: Iterable[Tie], *, also: str = "") -> list[Node]:
    """The trees of these ties, each person once, whatever circles they close.

    Those who began first stand first. `also` is somebody who is there without any tie.
    """
    nodes: dict[str, Node] = {}
    if also:
        nodes[also] = Node(also, "")
    seen: set[tuple[str, str]] = set()
    for tie in sorted(ties, key=lambda tie: (tie.since, tie.mentor, tie.mentee)):
        mentor = nodes.setdefault(tie.mentor, Node(tie.mentor, ""))
        mentee = nodes.setdefault(tie.mentee, Node(tie.mentee, ""))
        if (tie.mentor, tie.mentee) in seen:
            continue
        seen.add((tie.mentor, tie.mentee))
        if mentee.mentor is None and mentee not in _above(mentor):
            mentee.mentor, mentee.since = mentor, tie.since
            mentor.children.append(mentee)
        else:
            mentee.others.append(mentor)
            mentor.references.append(mentee)
        if tie.role != Role.LEAD:
            mentee.roles[tie.mentor] = tie.role
    roots = [node for node in nodes.values() if node.mentor is None]
    for root in roots:
        for node in root.line():
            node.generation = node.mentor.generation + 1 if node.mentor else 1
    return roots


def _above(node: Node | None) -> Iterator[Node]:
    """The person and everybody above."""
    while node is not None:
        yield node
        node = node.mentor


def _begun(user: User, day: dt.date) -> PairingQuerySet:
    return _teaching(Pairing.objects.visible_to(user), day)


def _teaching(pairs: PairingQuerySet, day: dt.date) -> PairingQuerySet:
    """Pairs that had begun; who stood in for a mentor for a time founded no line."""
    return pairs.begun_by(day).counted()


def _ties(pairs: Any) -> list[Tie]:
    found = pairs.values_list("mentor_cadre", "mentee", "from_on", "role")
    return [Tie(str(mentor), str(mentee), since, role) for mentor, mentee, since, role in found]


# UNION drops what was reached by as many steps already, so circles end with the depth and many
# ways to one person do not multiply.
_WALK = """
    WITH RECURSIVE up (person, step) AS (
        SELECT %s::uuid, 0
        UNION
        SELECT tie.mentor, up.step + 1
        FROM up JOIN ({ties}) AS tie (mentor, mentee) ON tie.mentee = up.person
        WHERE up.step < %s
    ), down (person, step) AS (
        SELECT %s::uuid, 0
        UNION
        SELECT tie.mentee, down.step + 1
        FROM down JOIN ({ties}) AS tie (mentor, mentee) ON tie.mentor = down.person
        WHERE down.step < %s
    )
    SELECT person, min(step)
    FROM (TABLE up UNION ALL TABLE down) AS reached GROUP BY person"""


def _walk(cadre: Cadre, user: User, day: dt.date, depth: int) -> dict[UUID, int]:
    """Who is reached from a person up or down along pairs in sight, by the fewest steps."""
    pairs = _begun(user, day).order_by().values_list("mentor_cadre", "mentee")
    try:
        sql, given = pairs.query.sql_with_params()
    except EmptyResultSet:  # somebody without a grant and without a row of the register
        return {cadre.pk: 0}
    with connection.cursor() as cursor:
        cursor.execute(_WALK.format(ties=sql), [cadre.pk, *given, depth, cadre.pk, *given, depth])
        return dict(cursor.fetchall())


def _hidden(people: set[UUID], user: User, day: dt.date) -> list[Tie]:
    """Ties of the user's own people to somebody elsewhere whose pair the user may not see.

    One nameless partner a person and side: who, and what lies beyond, is known to the offices
    there.
    """
    own = Cadre.objects.visible_to(user).filter(pk__in=people).values("pk")
    seen = Pairing.objects.visible_to(user).values("pk")
    unseen = _teaching(Pairing.objects.exclude(pk__in=seen), day).order_by()
    taught = unseen.filter(mentee__in=own).values_list("mentee", flat=True)
    teaching = unseen.filter(mentor_cadre__in=own).values_list("mentor_cadre", flat=True)
    # After all ties with a name, so that these decide where everybody stands.
    return [
        *(Tie(f"{MENTOR_ELSEWHERE}{pk}", str(pk), dt.date.max) for pk in taught.distinct()),
        *(Tie(str(pk), f"{MENTEE_ELSEWHERE}{pk}", dt.date.max) for pk in teaching.distinct()),
    ]


MENTOR_ELSEWHERE, MENTEE_ELSEWHERE = "above:", "below:"


def give_names(nodes: Iterable[Node], user: User) -> None:
    """Names for these people of pairs in sight, and for all that stands beside them; one query.

    Whose own pages the user may open gets a link.
    """
    shown: dict[str, Node] = {}
    for node in nodes:
        shown |= {each.key: each for each in (node, *node.mentors, *node.references)}
    # Partners are read through pairs that the user sees, not through the register.
    wanted = [key for key, node in shown.items() if node.is_person]
    people = {
        str(each.pk): each for each in Cadre.objects.filter(pk__in=wanted).select_related("unit")
    }
    own = getattr(user, "cadre", None)
    for node in shown.values():
        if node.key.startswith(MENTOR_ELSEWHERE):
            node.name = _("mentor of another unit")
        elif node.key.startswith(MENTEE_ELSEWHERE):
            node.name = _("mentees of other units")
        else:
            person = people[node.key]
            node.pk, node.name = person.pk, person.name
            node.unit, node.apart = person.unit.name, person.told_apart
            is_near = person == own or user.governs(person.unit, roles=BUSINESS_ROLES)
            node.may_open = is_near and person.merged_into_id is None
        if node.since == dt.date.max:
            node.since = None
    times = Counter(node.name for node in shown.values() if node.pk)
    for node in shown.values():
        node.is_ambiguous = times[node.name] > 1


def called(lineage: Lineage, words: str) -> list[Node]:
    """The people of a lineage by name, whole pinyin or its initials, as they stand; one query."""
    words = squeeze(words).replace("\0", "")
    keys = [node.key for node in lineage.rows if node.is_person]
    condition = Q(name__contains=person_name(words))
    if words.isascii():
        key = "".join(words.lower().split())
        condition |= Q(pinyin__startswith=key) | Q(initials__startswith=key)
    found = Cadre.objects.filter(condition, pk__in=keys).values_list("pk", flat=True)
    hits = {str(pk) for pk in found}
    return [node for node in lineage.rows if node.key in hits]
