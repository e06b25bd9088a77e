"""What a pair does together: sessions, visits, assignments, and the files that belong to them."""

from activities.models.assignments import (
    Assignment,
    AssignmentState,
    Review,
    Submission,
    Wrong,
)
from activities.models.attachments import Attachment, stored_as
from activities.models.records import Method, Record, Session, Visit, Visited

__all__ = [
    "Assignment",
    "AssignmentState",
    "Attachment",
    "Method",
    "Record",
    "Review",
    "Session",
    "Submission",
    "Visit",
    "Visited",
    "Wrong",
    "stored_as",
]
