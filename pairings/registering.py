"""Registering pairs: each row with its first event, in one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from cadres.models import Cadre, Mentee, MenteeCategory
from core.problems import Problem, Refused, Severity, gravest_first, unsettled, waived
from mentors.models import Mentor
from pairings import problems
from pairings.circumstances import Couple
from pairings.models import Pairing, PairingEvent, Policy, StaleMove
from pairings.states import Actor, Cause, Role, State, first_state


@transaction.atomic
def register(
    mentor: Mentor,
    mentee: Cadre,
    *,
    by: User,
    from_on: dt.date,
    to_on: dt.date | None,
    method: str,
    client_key: uuid.UUID | None = None,
    role: str = Role.LEAD,
    succeeds: Pairing | None = None,
    stands_in_for: Pairing | None = None,
    needs_approval: bool | None = None,
    confirmed: Collection[Actor] = (),
    reason: str = "",
    document: str = "",
    waived: str = "",
    waiver: str = "",
) -> Pairing:
    """A new pairing with the policy in force on its first day, which says the steps it takes.

    `confirmed` are the sides whose own wish is known already; `needs_approval` overrules the
    policy where a programme was approved as a whole. Asks nobody: `propose` looks for problems
    first. IntegrityError when the two are paired already or are one person, or the mentee has
    another lead mentor then (see Pairing.Meta).
    """
    policy = Policy.in_force(mentee.unit, from_on)
    state, is_approved_last = first_state(
        policy, needs_approval=needs_approval, confirmed=confirmed
    )
    pairing = Pairing(
        mentor=mentor,
        mentee=mentee,
        policy=None if policy.is_preset else policy,
        role=role,
        succeeds=succeeds,
        stands_in_for=stands_in_for,
        method=method,
        from_on=from_on,
        to_on=to_on,
        state=state,
        needs_approval=is_approved_last,
        created_by=by,
        client_key=client_key,
    )
    pairing.save()
    today = timezone.localdate()
    PairingEvent.objects.create(
        pairing=pairing,
        actor=by,
        verb="register",
        to_state=state,
        # As an approval does: a pair that is active at once counts from its first day.
        on=min(today, from_on) if state == State.ACTIVE else today,
        reason=reason,
        document=document,
        waived=waived,
        waiver=waiver,
    )
    return pairing


def propose(
    mentor: Mentor,
    mentee: Cadre,
    *,
    by: User,
    from_on: dt.date,
    to_on: dt.date | None,
    method: str,
    client_key: uuid.UUID | None = None,
    role: str = Role.LEAD,
    waiver: str = "",
    read: Collection[str] = (),
    category: MenteeCategory | None = None,
) -> Pairing:
    """Register a pair unless something speaks against it; else Refused, with nothing saved."""
    return propose_all(
        [Couple(mentor, mentee, from_on, to_on, role)],
        by=by,
        method=method,
        client_key=client_key,
        waiver=waiver,
        read=read,
        category=category,
    )[0]


@transaction.atomic
def propose_all(
    couples: Sequence[Couple],
    *,
    by: User,
    method: str,
    client_key: uuid.UUID | None = None,
    waiver: str = "",
    read: Collection[str] = (),
    category: MenteeCategory | None = None,
    reason: str = "",
    document: str = "",
) -> list[Pairing]:
    """Register all of these pairs, or none: Refused when something speaks against one of them.

    `waiver` is the reason for which the office passes what may be waived, kept in the events;
    `read` the codes of the warnings that were shown before. With a category, those who are not
    on the register of mentees are entered there. Where a couple follows another pair
    (`instead_of`), that one ends on the same day; StaleMove when it cannot any more.
    """
    couples = _locked(couples)
    if client_key and (before := Pairing.objects.filter(created_by=by, client_key=client_key)):
        return list(before)
    _check_bases(couples)
    found = problems.find_all(couples, by=by)
    every = in_one(couples, found)
    if unsettled(every, waiver=waiver, read=read):
        raise Refused(every)
    try:
        with transaction.atomic():
            made: list[Pairing] = []
            for couple, said in zip(couples, found, strict=True):
                _enter(couple, said, category, by)
                if couple.instead_of:
                    _end(couple.instead_of, couple.from_on, by, reason, document)
                pairing = register(
                    couple.mentor,
                    couple.mentee,
                    by=by,
                    from_on=couple.from_on,
                    to_on=couple.to_on,
                    method=method,
                    client_key=None if made else client_key,
                    role=couple.role,
                    succeeds=couple.instead_of,
                    stands_in_for=couple.stands_in_for,
                    reason=reason,
                    document=document,
                    waived=waived(said),
                    waiver=waiver if waived(said) else "",
                )
                made.append(pairing)
            return made
    except IntegrityError as error:
        # Somebody who took no locks was quicker: what stands there now is said in its words.
        every = in_one(couples, problems.find_all(couples, by=by))
        if any(problem.severity == Severity.BLOCKER for problem in every):
            raise Refused(every) from error
        raise


def in_one(couples: Sequence[Couple], found: Sequence[list[Problem]]) -> list[Problem]:
    """The problems of several couples in one list, each sentence once.

    Of several, a code names the mentee besides: the warning that was read of one was not read
    of the next.
    """
    if len(couples) == 1:
        return found[0]
    told: dict[str, Problem] = {}
    for couple, problems_of_one in zip(couples, found, strict=True):
        for problem in problems_of_one:
            code = f"{problem.code}:{couple.mentee.pk}"
            told.setdefault(problem.sentence, problem._replace(code=code))
    return gravest_first(told.values())


def _locked(couples: Sequence[Couple]) -> list[Couple]:
    """The same couples, read again under locks: mentors first, mentees second, each in order.

    Locked first and counted second: of two who want the last place, the one who waited for the
    lock counts the other's pair as well; and whoever was suspended meanwhile is seen to be. Two
    who give one mentee a lead mentor at once would wait for each other inside of the exclusion
    constraint: the lock on the mentee lets one of them through first.
    """
    mentors = Mentor.objects.select_for_update(of=("self",)).order_by("pk")
    mentors = mentors.select_related("cadre__unit", "unit")
    by_mentor = {row.pk: row for row in mentors.filter(pk__in=[c.mentor.pk for c in couples])}
    mentees = Cadre.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    mentees = mentees.select_related("unit").filter(pk__in=[c.mentee.pk for c in couples])
    by_mentee = {row.pk: row for row in mentees}
    return [
        c._replace(mentor=by_mentor[c.mentor.pk], mentee=by_mentee[c.mentee.pk]) for c in couples
    ]


def _check_bases(couples: Sequence[Couple]) -> None:
    """StaleMove when a pair that a couple follows, or stands in for, has ended meanwhile."""
    bases = {pair.pk for c in couples for pair in (c.instead_of, c.stands_in_for) if pair}
    if bases and Pairing.objects.running().filter(pk__in=bases).count() != len(bases):
        raise StaleMove("the pair has ended")


def _enter(couple: Couple, found: list[Problem], category: MenteeCategory | None, by: User) -> None:
    mentee = couple.mentee
    if category and any(problem.code == problems.NOT_ENTERED for problem in found):
        day = Mentee.first_day(mentee, min(couple.from_on, timezone.localdate()))
        Mentee.register([mentee], category=category, from_on=day, by=by)


def _end(pairing: Pairing, on: dt.date, by: User, reason: str, document: str) -> None:
    """The pair that the new one follows: it ended that day, by a move and an event of its own.

    One that was approved ahead ends today, before it began.
    """
    day = min(on, timezone.localdate())
    pairing.move("terminate", by=by, on=day, cause=Cause.CHANGED, reason=reason, document=document)
