"""What waits for a person now: the home page, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Case, Count, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activities.contact import with_last_contact
from cadres.models import Cadre, Mentee
from pairings.coverage import GROUPS as GROUPS_OF_MENTEES
from pairings.models import Pairing, PairingQuerySet
from pairings.standing import waiting
from pairings.states import UNCONFIRMED, Actor, State
from reminders.matters import Standing, is_expiring, is_silent, with_quiet_since
from reminders.models import Reminder, Rule
from reminders.waiting import More, Person, Todo, in_order, of_person

SHOWN = 5  # reminders on the home page
FIRST_FEW = 3  # pairs of each group

GROUPS: dict[str, str | Promise] = {
    "unconfirmed": _("Waiting for confirmation"),
    "to_approve": _("Waiting for approval"),
    "silent": _("Long without a record"),
    "expiring": _("Term ends soon"),
}

ORDERS: dict[str, tuple[str, ...]] = {
    "unconfirmed": ("created_at", "pk"),
    "to_approve": ("created_at", "pk"),
    "silent": ("quiet_since", "pk"),
    "expiring": ("to_on", "pk"),
}


class Waiting(NamedTuple):
    """An own pair that waits for somebody, oneself or another."""

    pairing: Pairing
    sentence: str


class Group(NamedTuple):
    slug: str
    label: str | Promise
    size: int
    first: list[Pairing]


@dataclass
class Desk:
    """Everything that the home page shows to one person on one day."""

    today: dt.date
    cadre: Cadre | None = None
    todos: list[Todo] = field(default_factory=list)
    more_todos: int = 0  # reminders
    more: list[More] = field(default_factory=list)
    mentees: list[Pairing] = field(default_factory=list)
    mentors: list[Pairing] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @property
    def is_learning(self) -> bool:
        return any(pairing.allows_records for pairing in self.mentors)

    @property
    def is_clear(self) -> bool:
        """Whether nothing waits, here or in the area that an office looks after."""
        return not self.todos and not any(group.size for group in self.groups)

    @property
    def is_guiding(self) -> bool:
        return any(pairing.allows_records for pairing in self.mentees)


def desk_of(user: User, now: dt.datetime | None = None) -> Desk:
    """The desk at `now` (aware, the present when empty)."""
    today = timezone.localdate(now)
    desk = Desk(today, cadre=Cadre.objects.select_related("unit").filter(user=user).first())
    reminders = Reminder.objects.open().visible_to(user).order_by(_NOTICES_LAST, "due_on", "pk")
    shown = list(reminders[:SHOWN])
    desk.more_todos = reminders.count() - len(shown)
    live: list[Todo] = []
    if desk.cadre is not None:
        pairs = _own_pairs(desk, user)
        live, desk.more = of_person(Person(user, desk.cadre, today, pairs))
    desk.todos = in_order(_merged(shown, live), today)
    if user.is_coordinator:
        desk.todos += _unpaired(user, today)
    if user.is_office:
        desk.groups = _groups(user, Standing.on(today))
    return desk


_NAMED_TWICE = {Rule.ASSIGNMENT_DUE, Rule.ASSIGNMENT_OVERDUE, Rule.TO_CONFIRM}
_NOTICES = (Rule.SILENT, Rule.EXPIRING, Rule.PUBLISHED, Rule.APPOINTMENT_ENDS, Rule.COMMENTED)
_NOTICES_LAST = Case(When(rule__in=_NOTICES, then=Value(1)), default=Value(0))


def todo_of(reminder: Reminder) -> Todo:
    return Todo(
        sentence=reminder.sentence,
        path=reminder.path,
        since=timezone.localdate(reminder.created_at),
        reminder=reminder.pk,
        is_late=reminder.rule == Rule.ASSIGNMENT_OVERDUE,
        is_notice=reminder.rule in _NOTICES,
    )


def _merged(reminders: list[Reminder], live: list[Todo]) -> list[Todo]:
    """A matter that has a reminder is named once, and can be put aside by it."""
    named = {row.path: row for row in reminders if row.rule in _NAMED_TWICE}
    todos, taken = [], set()
    for todo in live:
        if reminder := named.get(todo.path):
            taken.add(reminder.pk)
            made = timezone.localdate(reminder.created_at)
            todo = todo._replace(reminder=reminder.pk, since=made)
        todos.append(todo)
    return [*todos, *(todo_of(row) for row in reminders if row.pk not in taken)]


def _unpaired(user: User, today: dt.date) -> list[Todo]:
    """One line for all who should be paired and are not, with the list that counts the same."""
    rows = GROUPS_OF_MENTEES["unpaired"].rows(Mentee.objects.visible_to(user), today)
    if not (count := rows.count()):
        return []
    sentence = _("Due to be paired and not paired yet: %(count)d people.") % {"count": count}
    return [Todo(str(sentence), f"{reverse('mentees:list')}?state=unpaired", is_notice=True)]


def _own_pairs(desk: Desk, user: User) -> list[Pairing]:
    """Fills in the person's pairs, those that run and those that wait for somebody."""
    is_own = Q(mentor_cadre__user=user) | Q(mentee__user=user)
    rows = with_last_contact(Pairing.objects.open().filter(is_own)).for_list()
    pairs = list(rows.with_since().order_by("pk"))
    for pairing in pairs:
        if pairing.is_running:
            is_mentor = pairing.side_of(user) == Actor.MENTOR
            (desk.mentees if is_mentor else desk.mentors).append(pairing)
        else:
            sentence = waiting(pairing, getattr(pairing, "since", None), desk.today)
            desk.waiting.append(Waiting(pairing, sentence))
    return pairs


def _groups(user: User, standing: Standing) -> list[Group]:
    counts = with_quiet_since(Pairing.objects.filter(user.rows_q())).aggregate(
        **{slug: Count("pk", filter=which) for slug, which in _conditions(standing).items()}
    )
    return [
        Group(slug, label, counts[slug], list(group_rows(user, slug, standing)[:FIRST_FEW]))
        for slug, label in GROUPS.items()
    ]


def _conditions(standing: Standing) -> dict[str, Q]:
    return {
        "unconfirmed": Q(state__in=UNCONFIRMED),
        "to_approve": Q(state=State.AGREED),
        "silent": is_silent(standing),
        "expiring": is_expiring(standing),
    }


def group_rows(user: User, slug: str, standing: Standing) -> PairingQuerySet:
    """The pairs of a group of GROUPS in the user's subtrees, the most pressing first."""
    rows = with_quiet_since(Pairing.objects.filter(user.rows_q()))
    return rows.filter(_conditions(standing)[slug]).with_since().for_list().order_by(*ORDERS[slug])
