"""Proposing and appointing: the row and its events in one transaction, after the rule was asked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import Cadre
from core.months import end_of_term
from core.problems import Problem, Refused, Severity, gravest_first, unsettled, waived
from mentors import eligibility
from mentors.models import Mentor, MentorCategory, MentorEvent, MentorPolicy, Strength
from mentors.states import State


class Terms(NamedTuple):
    """From when to when, by which document; no last day is a term without an agreed end."""

    on: dt.date
    term_to_on: dt.date | None = None
    document: str = ""
    reason: str = ""


def problems(cadre: Cadre, *, by: User, on: dt.date, mentor: Mentor | None = None) -> list[Problem]:
    """Everything that speaks against appointing this person from that day; blockers first."""
    policy = MentorPolicy.in_force(mentor.unit if mentor else cadre.unit, on)
    return gravest_first(
        [
            *_of_the_register(cadre, by),
            *eligibility.of_person(cadre, policy, on),
            *eligibility.of_notice(mentor, policy, on),
        ]
    )


def _of_the_register(cadre: Cadre, by: User) -> list[Problem]:
    found = []
    if cadre.left_on is not None:
        found.append(("left", _("%(name)s has left the register.") % {"name": cadre.name}))
    if cadre.user_id == by.pk:
        found.append(("oneself", _("Nobody appoints themselves: the office above does.")))
    return [Problem(code, Severity.BLOCKER, "cadre", sentence) for code, sentence in found]


def term_of(policy: MentorPolicy, on: dt.date) -> dt.date | None:
    """The last day of a term that begins on that day, by the rule; None where it sets none."""
    return end_of_term(on, policy.term_months) if policy.term_months else None


@transaction.atomic
def propose(
    cadre: Cadre,
    *,
    category: MentorCategory,
    capacity: int,
    strengths: Iterable[Strength] = (),
    by: User,
    client_key: uuid.UUID | None = None,
    reason: str = "",
) -> Mentor:
    """A new proposal by the cadre's unit; IntegrityError while an appointment is open.

    Refused for who has left the register, and for oneself.
    """
    if blockers := _of_the_register(cadre, by):
        raise Refused(blockers)
    mentor = Mentor(
        cadre=cadre,
        unit=cadre.unit,
        category=category,
        capacity=capacity,
        state=State.PROPOSED,
        from_on=None,
        created_by=by,
        client_key=client_key,
    )
    mentor.save()
    mentor.strengths.set(strengths)
    MentorEvent.objects.create(
        mentor=mentor,
        actor=by,
        verb="propose",
        to_state=State.PROPOSED,
        on=timezone.localdate(),
        reason=reason,
    )
    return mentor


@transaction.atomic
def appoint(mentor: Mentor, terms: Terms, *, by: User, waiver: str = "") -> MentorEvent:
    """From a proposal to office, unless the rule speaks against it: then Refused.

    `waiver` is the reason for which the office passes what may be waived; the event keeps it
    beside the sentences. StaleMove as `Mentor.move` raises it.
    """
    found = problems(mentor.cadre, by=by, on=terms.on, mentor=mentor)
    if unsettled(found, waiver=waiver, read=()):
        raise Refused(found)
    passed = waived(found)
    return mentor.move(
        "appoint",
        by=by,
        **terms._asdict(),
        waived=passed,
        waiver=waiver if passed else "",
    )


@transaction.atomic
def appoint_at_once(
    cadre: Cadre, terms: Terms, *, by: User, waiver: str = "", **fields: Any
) -> Mentor:
    """Propose and appoint in one go, as offices without a notice do; both events are written."""
    mentor = propose(cadre, by=by, **fields)
    appoint(mentor, terms, by=by, waiver=waiver)
    return mentor
