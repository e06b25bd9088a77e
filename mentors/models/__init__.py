"""The register of mentors: appointments with their events, and the lists that they choose from."""

from mentors.models.category import MentorCategory, Strength
from mentors.models.event import MentorEvent
from mentors.models.mentor import Mentor, StaleMove, StillPaired
from mentors.models.policy import PRESET_BASIS, MentorPolicy
from mentors.models.queries import OCCUPYING, MentorQuerySet

__all__ = [
    "OCCUPYING",
    "PRESET_BASIS",
    "Mentor",
    "MentorCategory",
    "MentorEvent",
    "MentorPolicy",
    "MentorQuerySet",
    "StaleMove",
    "StillPaired",
    "Strength",
]
