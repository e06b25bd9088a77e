"""What a pair does together: sessions, visits, assignments, and the files that belong to them."""

from activities.methods import Method
from activities.models.assignments import (
    Assignment,
    AssignmentState,
    Review,
    Submission,
    Wrong,
)
from activities.models.attachments import Attachment, stored_as
from activities.models.comments import Comment, Confirmation
from activities.models.looking_back import LookBack
from activities.models.matters import AlreadyClosed, OpenMatter
from activities.models.records import Record, RecordQuerySet, Session, Visit, Visited
from activities.models.templates import AssignmentTemplate, AssignmentTemplateEvent

__all__ = [
    "AlreadyClosed",
    "Assignment",
    "AssignmentState",
    "AssignmentTemplate",
    "AssignmentTemplateEvent",
    "Attachment",
    "Comment",
    "Confirmation",
    "LookBack",
    "Method",
    "OpenMatter",
    "Record",
    "RecordQuerySet",
    "Review",
    "Session",
    "Submission",
    "Visit",
    "Visited",
    "Wrong",
    "stored_as",
]
