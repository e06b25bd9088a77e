"""What waits for a person now: the home page, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, Count, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activities.contact import with_last_contact
from activities.models import Assignment, AssignmentState
from activities.models.assignments import TO_HAND_IN
from cadres.models import Cadre, Mentee
from pairings.coverage import GROUPS as GROUPS_OF_MENTEES
from pairings.models import Pairing, PairingQuerySet
from pairings.standing import waiting
from pairings.states import UNCONFIRMED, Actor, State
from programmes import wishing
from reminders import wording
from reminders.matters import (
    MENTEE_OWES,
    MENTOR_OWES,
    Standing,
    is_expiring,
    is_silent,
    with_quiet_since,
)
from reminders.models import Reminder, Rule

SHOWN = 5  # reminders on the home page
FIRST_FEW = 3  # pairs of each group
MOST_WORK = 30  # assignments on the home page

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


class Todo(NamedTuple):
    sentence: str
    path: str
    since: dt.date | None = None  # when the reminder was made
    reminder: UUID | None = None  # can be put aside when it is one
    is_late: bool = False
    is_notice: bool = False  # nothing to do at once: a silence, a term that ends


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
    more_todos: int = 0
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
    live = [] if desk.cadre is None else _wishes(desk.cadre, today) + _own_work(desk, user)
    # A matter that has a reminder is named once, by the reminder, which can be put aside.
    named = {reminder.path for reminder in shown if reminder.rule in _NAMED_TWICE}
    todos = [todo_of(reminder) for reminder in shown]
    todos += [todo for todo in live if todo.path not in named]
    desk.todos = sorted(todos, key=lambda todo: (todo.is_notice, not todo.is_late))
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


def _unpaired(user: User, today: dt.date) -> list[Todo]:
    """One line for all who should be paired and are not, with the list that counts the same."""
    rows = GROUPS_OF_MENTEES["unpaired"].rows(Mentee.objects.visible_to(user), today)
    if not (count := rows.count()):
        return []
    sentence = _("Due to be paired and not paired yet: %(count)d people.") % {"count": count}
    return [Todo(str(sentence), f"{reverse('mentees:list')}?state=unpaired", is_notice=True)]


def _wishes(cadre: Cadre, today: dt.date) -> list[Todo]:
    """The programmes that ask for wishes; said ones may still be changed."""
    found = []
    for programme, side, has_said in wishing.open_to(cadre, today):
        sentence = (
            _("“%(title)s”: your wishes are saved, and may be changed until %(day)s.")
            if has_said
            else _("“%(title)s”: say whom you wish, until %(day)s.")
        )
        last = date_format(programme.wishes_to_on or today, "Y年n月j日")
        words = {"title": programme.title, "day": last}
        path = reverse("programmes:wish", args=[programme.pk, side, cadre.pk])
        found.append(Todo(str(sentence) % words, path, is_notice=has_said))
    return found


def _own_work(desk: Desk, user: User) -> list[Todo]:
    """Fills in the person's pairs; what waits for the person in them."""
    is_own = Q(mentor_cadre__user=user) | Q(mentee__user=user)
    pairs = with_last_contact(Pairing.objects.open().filter(is_own)).for_list()
    todos = []
    for pairing in pairs.with_since().order_by("pk"):
        as_mentor = pairing.side_of(user) == Actor.MENTOR
        if pairing.is_running:
            (desk.mentees if as_mentor else desk.mentors).append(pairing)
        else:
            sentence = waiting(pairing, getattr(pairing, "since", None), desk.today)
            desk.waiting.append(Waiting(pairing, sentence))
        if pairing.state in (MENTOR_OWES if as_mentor else MENTEE_OWES):
            todos.append(_confirmation(pairing, "mentor" if as_mentor else "mentee"))
    return todos + [
        _work(task, user, desk.today)
        for task in Assignment.objects.at_work()
        .filter(
            Q(state=AssignmentState.SUBMITTED, pairing__mentor_cadre__user=user)
            | Q(state__in=TO_HAND_IN, pairing__mentee__user=user)
        )
        .for_list()
        .order_by("due_on", "pk")[:MOST_WORK]
    ]


def _confirmation(pairing: Pairing, to: str) -> Todo:
    words: wording.Words = {
        "to": to,
        "mentor": pairing.mentor_cadre.name,
        "mentee": pairing.mentee.name,
        "day": str(timezone.localdate(pairing.created_at)),
    }
    path = reverse("pairings:detail", args=[pairing.pk])
    return Todo(wording.sentence(Rule.TO_CONFIRM, words), path)


def _work(task: Assignment, user: User, today: dt.date) -> Todo:
    is_late = task.is_overdue(today)
    rule = Rule.ASSIGNMENT_OVERDUE if is_late else Rule.ASSIGNMENT_DUE
    words: wording.Words = {
        "to": "mentee" if task.state in TO_HAND_IN else "mentor",
        "mentee": task.pairing.mentee.name,
        "title": task.title,
        "day": str(task.due_on),
    }
    if words["to"] == "mentor":
        rule = Rule.ASSIGNMENT_DUE
    return Todo(
        wording.sentence(rule, words),
        reverse("activities:assignment_detail", args=[task.pk]),
        is_late=is_late,
    )


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
