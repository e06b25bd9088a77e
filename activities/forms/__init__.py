"""The forms of the records, one file each."""

from activities.forms.assignments import AssignmentForm, HandInForm, ReviewForm
from activities.forms.comments import CommentForm
from activities.forms.sessions import SessionForm
from activities.forms.shared import DayInput, RecordForm, WithFiles
from activities.forms.templates import AssignmentTemplateForm
from activities.forms.visits import VisitForm
from activities.models import Assignment, Record, Session, Visit

RECORD_FORMS: dict[type[Record], type[RecordForm]] = {
    Visit: VisitForm,
    Session: SessionForm,
    Assignment: AssignmentForm,
}

__all__ = [
    "RECORD_FORMS",
    "AssignmentForm",
    "AssignmentTemplateForm",
    "CommentForm",
    "DayInput",
    "HandInForm",
    "RecordForm",
    "ReviewForm",
    "SessionForm",
    "VisitForm",
    "WithFiles",
]
