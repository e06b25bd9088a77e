"""Rounds of pairing: programmes, the wishes of both sides, the list that becomes pairs."""

from programmes.models.event import ProgrammeEvent
from programmes.models.planned import ForbiddenPair, Origin, PlannedPair
from programmes.models.preference import Preference, Side
from programmes.models.programme import Programme, ProgrammeQuerySet, StaleMove

__all__ = [
    "ForbiddenPair",
    "Origin",
    "PlannedPair",
    "Preference",
    "Programme",
    "ProgrammeEvent",
    "ProgrammeQuerySet",
    "Side",
    "StaleMove",
]
