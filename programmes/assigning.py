"""The worker's side of an assignment: who goes with whom over a whole programme.

What is found is written in one transaction that ends with the run's state: whatever interrupts the
work before leaves the list as it was, the lease runs out, and the sweep begins again.
"""

from __future__ import annotations

import logging
import time
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from core import leasing
from pairings.matching import dividing
from pairings.matching.assigning import NOBODY, Draft, solve
from programmes.listing import hold
from programmes.models import (
    AssignmentRun,
    Failure,
    NotNow,
    Origin,
    PlannedPair,
    ProgrammeEvent,
    RunState,
)
from programmes.models.run import UNDER_WAY
from programmes.sides import REPLACED, Area, Sides, fixed, read
from programmes.states import ASSIGNABLE

logger = logging.getLogger(__name__)

MOST_TRIES = 3
MOST_ROUNDS = 3  # where the list is changed again and again meanwhile
READ = gettext_noop("reading both sides")
MATCH = gettext_noop("working out who goes with whom")
WRITE = gettext_noop("writing the list")
# Why somebody is left without a mentor.
NO_MENTOR, NO_CANDIDATE, NO_PLACE = "no_mentor", "no_candidate", "no_place"
_BATCH = 5_000


class Lease(leasing.Lease):
    table = "programmes_assignmentrun"
    key = "id"


class _Changed(Exception):
    """The list is not the one that the draft was worked out for."""


def run(run_id: UUID | str) -> bool:
    """Work on a run to its end; False when there was nothing to do for us."""
    pk = UUID(str(run_id))
    if not AssignmentRun.objects.filter(pk=pk, state__in=UNDER_WAY).exists():
        return False
    lease = Lease.take(pk)
    if lease is None:
        return False
    with lease:
        try:
            _work(AssignmentRun.objects.select_related("programme__unit").get(pk=pk), lease)
        except leasing.Lost:
            logger.info("assignment %s went to another worker", pk)
    return True


def left_alone() -> list[UUID]:
    """Runs under way that nobody holds a lease on."""
    rows = AssignmentRun.objects.filter(state__in=UNDER_WAY).order_by("id")
    rows = rows.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
    return list(rows.values_list("pk", flat=True))


def _work(row: AssignmentRun, lease: Lease) -> None:
    if lease.tries > MOST_TRIES:
        logger.error("assignment %s was given up", row.pk)
        row.swap(RunState.FAILED, failure=Failure.INTERRUPTED)
    if row.state == RunState.QUEUED:
        row.swap(RunState.RUNNING)
    rounds = 0
    while row.state == RunState.RUNNING:
        if row.programme.state not in ASSIGNABLE:
            row.swap(RunState.FAILED, failure=Failure.CLOSED)
        elif rounds == MOST_ROUNDS:
            row.swap(RunState.FAILED, failure=Failure.CHANGED)
        else:
            _attempt(row, lease)
            row.programme.refresh_from_db(fields=["state"])
        rounds += 1


def _attempt(row: AssignmentRun, lease: Lease) -> None:
    began = time.monotonic()
    lease.begin(READ)
    sides = read(row.programme)
    lease.begin(MATCH)
    drafts = drafted(sides, lease.progress)
    lease.begin(WRITE)
    try:
        _write(row, sides, drafts, time.monotonic() - began)
    except (_Changed, NotNow):
        logger.info("assignment %s: the list was changed meanwhile", row.pk)


def drafted(sides: Sides, tell: dividing.Told) -> dict[int, Draft]:
    """The draft of each county; `tell` hears how many mentees of all have been seen to."""
    done, found = 0, {}
    for county, area in sides.areas.items():
        number = len(area.mentees)
        tell(done, sides.mentees)
        if dividing.fits(number, area.places):
            found[county] = solve(area.task(sides.weights, sides.tables))
        else:
            within = _share(tell, done, number, sides.mentees)
            found[county] = dividing.solve_in_groups(
                sides.part(area), number, area.places, wished=area.wished, tell=within
            )
        done += number
    tell(done, sides.mentees)
    return found


def _share(tell: dividing.Told, before: int, number: int, total: int) -> dividing.Told:
    """Parts of one county as mentees of all."""
    return lambda part, whole: tell(before + number * part // whole, total)


def why_left(area: Area, row: int) -> str:
    if not area.mentors:
        return NO_MENTOR
    ruled_out = {column for other, column in area.ruled_out if other == row}
    return NO_CANDIDATE if len(ruled_out) == len(area.mentors) else NO_PLACE


@transaction.atomic
def _write(row: AssignmentRun, sides: Sides, drafts: dict[int, Draft], seconds: float) -> None:
    """The draft in place of the earlier one, and the run's end; NotNow once the list is closed."""
    programme = row.programme
    hold(programme)
    if programme.state not in ASSIGNABLE:
        raise _Changed
    if fixed(programme) != (sides.kept, sides.forbidden):
        raise _Changed
    programme.planned.filter(REPLACED).delete()
    PlannedPair.objects.bulk_create(
        [
            PlannedPair(
                programme=programme,
                mentor_id=area.mentors[column].pk,
                mentee_id=area.mentees[at].cadre_pk,
                origin=Origin.SUGGESTED,
                created_by_id=row.created_by_id,
            )
            for county, area in sides.areas.items()
            for at, column in enumerate(drafts[county].mentor_of)
            if column != NOBODY
        ],
        batch_size=_BATCH,
    )
    figures = _figures(sides, drafts, seconds)
    ProgrammeEvent.objects.create(
        programme=programme, actor_id=row.created_by_id, verb="assign",
        from_state=programme.state, to_state=programme.state,
        reason=f"{figures['placed']}/{figures['mentees']}",
    )  # fmt: skip
    if not row.swap(RunState.DONE, figures=figures):
        raise leasing.Lost


def _figures(sides: Sides, drafts: dict[int, Draft], seconds: float) -> dict[str, Any]:
    areas = sides.areas
    left = [
        [str(area.mentees[at].cadre_pk), why_left(area, at)]
        for county, area in areas.items()
        for at in drafts[county].left
    ]
    estimated = [not dividing.fits(len(area.mentees), area.places) for area in areas.values()]
    return {
        "points": sum(draft.total for draft in drafts.values()),
        "mentees": sides.mentees,
        "placed": sides.mentees - len(left),
        "mentors": sum(int(np.count_nonzero(area.places)) for area in areas.values()),
        "places": sum(int(area.places.sum()) for area in areas.values()),
        "kept": len(sides.kept),
        "counties": len(areas),
        "is_estimate": any(estimated),
        "seconds": round(seconds, 1),
        "left": left,
    }
