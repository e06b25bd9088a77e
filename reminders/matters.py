"""What is due today, by rule and for whom. Read only; `sweeping` writes it down.

Each matter is known by (user, rule, subject, period), and the period never changes while the
matter stays the same: a due date, the day on which a silence or a state began, the end of a term.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    DateField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, Role
from activities.contact import with_last_contact
from activities.models import Assignment
from activities.models.assignments import AssignmentQuerySet
from pairings.models import Pairing, PairingEvent, PairingQuerySet, Policy
from pairings.states import RUNNING, WAITING, State
from pairings.states import Role as PairingRole
from reminders.models import Rule
from reminders.wording import Words

CHUNK = 500
MENTOR_OWES = (State.PROPOSED, State.MENTEE_AGREED)
MENTEE_OWES = (State.PROPOSED, State.MENTOR_AGREED)


class Matter(NamedTuple):
    """One to-do of one person; turned into a Reminder row at most once."""

    user_id: int
    county_id: int
    rule: Rule
    subject: object  # UUID of the pairing or the assignment
    period: str
    words: Words
    due_on: dt.date
    path: str


@dataclass
class Standing:
    """What every rule needs, read once: the policies in force and who coordinates where."""

    today: dt.date
    policies: list[Policy] = field(default_factory=list)  # all of them
    in_force: list[Policy] = field(default_factory=list)  # one a unit, deepest units first
    coordinators: dict[int, list[int]] = field(default_factory=dict)  # unit id: user ids

    @classmethod
    def on(cls, today: dt.date) -> Standing:
        policies = list(Policy.objects.select_related("unit").order_by("from_on"))
        newest = {policy.unit_id: policy for policy in policies if policy.from_on <= today}
        in_force = sorted(newest.values(), key=lambda policy: -len(policy.unit.path))
        grants = Grant.objects.live(today).filter(role=Role.COORDINATOR, user__is_active=True)
        coordinators = defaultdict(list)
        for unit_id, user_id in grants.order_by("user_id").values_list("unit_id", "user_id"):
            coordinators[unit_id].append(user_id)
        return cls(today, policies, in_force, dict(coordinators))

    def days(self, name: str, prefix: str = "") -> Case:
        """The policy's number of days for a pairing: its own policy's, else the nearest unit's.

        `name` is a field of Policy; `prefix` leads to the pairing ("pairing__"). The policies are
        written into the query: a join in a filter would drop the pairs that have none.
        """
        by_number = defaultdict(list)
        for policy in self.policies:
            by_number[getattr(policy, name)].append(policy.pk)
        own = [
            When(Q(**{f"{prefix}policy__in": ids}), then=Value(number))
            for number, ids in by_number.items()
        ]
        nearest = [
            When(
                Q(**{f"{prefix}unit__path__startswith": policy.unit.path}),
                then=Value(getattr(policy, name)),
            )
            for policy in self.in_force
        ]
        return Case(*own, *nearest, default=Value(getattr(Policy(), name)))

    def shifted(self, name: str, sign: int, prefix: str = "") -> ExpressionWrapper:
        """Today, so many of the policy's days later (sign 1) or earlier (sign -1)."""
        span = self.days(name, prefix) * Value(dt.timedelta(days=sign))
        return ExpressionWrapper(
            Value(self.today, output_field=DateField()) + span, output_field=DateField()
        )

    def office_of(self, pairing: Pairing) -> list[int]:
        """Users who coordinate the pairing's unit at the nearest level where somebody does.

        The two themselves are left out: nobody decides on a pair of their own.
        """
        sides = {pairing.mentor_cadre.user_id, pairing.mentee.user_id}
        for unit_id in reversed(pairing.unit.ancestor_ids):
            if users := [user for user in self.coordinators.get(unit_id, []) if user not in sides]:
                return users
        return []


def all_matters(standing: Standing) -> Iterator[Matter]:
    return chain(
        due_assignments(standing),
        overdue_assignments(standing),
        confirmations(standing),
        silences(standing),
        ends_of_term(standing),
        ends_of_suspensions(standing),
    )


def due_assignments(standing: Standing) -> Iterator[Matter]:
    rows = (
        _at_hand()
        .at_work()
        .to_hand_in()
        .filter(
            due_on__gte=standing.today,
            due_on__lte=standing.shifted("due_soon_days", 1, "pairing__"),
        )
    )
    return (_of_assignment(row, Rule.ASSIGNMENT_DUE) for row in rows.iterator(CHUNK))


def overdue_assignments(standing: Standing) -> Iterator[Matter]:
    rows = _at_hand().overdue(standing.today)
    return (_of_assignment(row, Rule.ASSIGNMENT_OVERDUE) for row in rows.iterator(CHUNK))


# A step that was taken back has made no pair wait.
_AGREED = Q(events__to_state=State.AGREED, events__reverses=None, events__reversed_by=None)


def confirmations(standing: Standing) -> Iterator[Matter]:
    rows = _loaded(Pairing.objects.filter(state__in=WAITING)).annotate(
        agreed_at=Max("events__at", filter=_AGREED),
        deadline=standing.days("confirm_days"),
    )
    for pairing in rows.iterator(CHUNK):
        began = timezone.localdate(pairing.agreed_at or pairing.created_at)
        due_on = began + dt.timedelta(days=pairing.deadline)
        for to, users in _who_must_confirm(pairing, standing):
            for user in users:
                yield _of_pairing(
                    pairing, Rule.TO_CONFIRM, user, to, f"{to}:{began}", due_on, began
                )


def _who_must_confirm(pairing: Pairing, standing: Standing) -> Iterator[tuple[str, list[int]]]:
    if pairing.state == State.AGREED:
        yield "approve", standing.office_of(pairing)
        return
    absent = False
    for to, states, cadre in (
        ("mentor", MENTOR_OWES, pairing.mentor_cadre),
        ("mentee", MENTEE_OWES, pairing.mentee),
    ):
        if pairing.state in states:
            if cadre.user and cadre.user.is_active:
                yield to, [cadre.user.pk]
            else:
                absent = True
    if absent:
        yield "behalf", standing.office_of(pairing)


def is_silent(standing: Standing) -> Q:
    """Active and without a record for longer than the policy allows; needs `quiet_since`.

    A pair without an agreed term goes on as the two like: no rhythm is asked of it.
    """
    quiet = standing.shifted("silence_days", -1)
    return Q(state=State.ACTIVE, to_on__isnull=False, quiet_since__lt=quiet)


def is_expiring(standing: Standing) -> Q:
    """Running, and the term ends within the policy's days or has ended undecided.

    A substitute ends by itself: nobody decides about it.
    """
    ends = Q(state__in=RUNNING, to_on__lte=standing.shifted("expiring_days", 1))
    return ends & ~Q(role=PairingRole.SUBSTITUTE)


def silences(standing: Standing) -> Iterator[Matter]:
    rows = _loaded(with_quiet_since(Pairing.objects.all()).filter(is_silent(standing)))
    for pairing in rows.iterator(CHUNK):
        since = pairing.quiet_since
        for to, user in _everybody(pairing, standing):
            yield _of_pairing(pairing, Rule.SILENT, user, to, str(since), since, since)


def ends_of_term(standing: Standing) -> Iterator[Matter]:
    rows = _loaded(Pairing.objects.filter(is_expiring(standing)))
    for pairing in rows.iterator(CHUNK):
        end = pairing.to_on
        for to, user in _everybody(pairing, standing):
            yield _of_pairing(pairing, Rule.EXPIRING, user, to, str(end), end, end)


def ends_of_suspensions(standing: Standing) -> Iterator[Matter]:
    """For the office alone: it is hers to resume a pair, and nothing happens by itself."""
    rows = _loaded(Pairing.objects.filter(state=State.SUSPENDED, resumes_on__lte=standing.today))
    for pairing in rows.iterator(CHUNK):
        day = pairing.resumes_on
        for user in standing.office_of(pairing):
            yield _of_pairing(pairing, Rule.RESUME_DUE, user, "office", str(day), day, day)


def _everybody(pairing: Pairing, standing: Standing) -> Iterator[tuple[str, int]]:
    for to, cadre in (("mentor", pairing.mentor_cadre), ("mentee", pairing.mentee)):
        if cadre.user and cadre.user.is_active:
            yield to, cadre.user.pk
    for user in standing.office_of(pairing):
        yield "office", user


def with_quiet_since(rows: PairingQuerySet) -> PairingQuerySet:
    """Adds `quiet_since`: the last contact, else the first day; never before the pair was
    approved or resumed, since no record could be entered until then."""
    events = PairingEvent.objects.standing().changing_state()
    resumed = Subquery(
        events.filter(pairing=OuterRef("pk"), to_state=State.ACTIVE)
        .order_by("-on")
        .values("on")[:1]
    )
    return with_last_contact(rows).annotate(quiet_since=Greatest("silent_from", resumed))


def _loaded(rows: PairingQuerySet) -> QuerySet[Any]:
    return rows.select_related("mentor_cadre__user", "mentee__user", "unit").order_by("pk")


def _at_hand() -> AssignmentQuerySet:
    rows: AssignmentQuerySet = Assignment.objects.filter(pairing__mentee__user__is_active=True)
    return rows.annotate(receiver=F("pairing__mentee__user_id")).order_by("pk")


def _of_assignment(row: Any, rule: Rule) -> Matter:
    return Matter(
        user_id=row.receiver,
        county_id=row.county_id,
        rule=rule,
        subject=row.pk,
        period=str(row.due_on),
        words={"to": "mentee", "title": row.title, "day": str(row.due_on)},
        due_on=row.due_on,
        path=reverse("activities:assignment_detail", args=[row.pk]),
    )


def _of_pairing(
    pairing: Pairing, rule: Rule, user_id: int, to: str, period: str, due_on: dt.date, day: dt.date
) -> Matter:
    return Matter(
        user_id=user_id,
        county_id=pairing.county_id,
        rule=rule,
        subject=pairing.pk,
        period=period,
        words={
            "to": to,
            "mentor": pairing.mentor_cadre.name,
            "mentee": pairing.mentee.name,
            "day": str(day),
        },
        due_on=due_on,
        path=reverse("pairings:detail", args=[pairing.pk]),
    )
