"""The register of mentors: appointments with their events, and the lists that they choose from."""

from mentors.models.category import MentorCategory
from mentors.models.event import MentorEvent
from mentors.models.mentor import (
    OCCUPYING,
    AlreadyEnded,
    Mentor,
    MentorQuerySet,
    StillPaired,
)
from mentors.models.roster_batch import RosterBatch

__all__ = [
    "OCCUPYING",
    "AlreadyEnded",
    "Mentor",
    "MentorCategory",
    "MentorEvent",
    "MentorQuerySet",
    "RosterBatch",
    "StillPaired",
]
