"""Rounds of pairing: programmes, the wishes of both sides, the list that becomes pairs."""

from programmes.models.event import ProgrammeEvent
from programmes.models.planned import ForbiddenPair, Origin, PlannedPair
from programmes.models.preference import Preference, Side
from programmes.models.programme import NotNow, Programme, ProgrammeQuerySet, StaleMove
from programmes.models.run import AssignmentRun, Failure, RunState

__all__ = [
    "AssignmentRun",
    "Failure",
    "ForbiddenPair",
    "NotNow",
    "Origin",
    "PlannedPair",
    "Preference",
    "Programme",
    "ProgrammeEvent",
    "ProgrammeQuerySet",
    "RunState",
    "Side",
    "StaleMove",
]
