from __future__ import annotations

import datetime as dt

from django import template

from activities.models import Assignment

register = template.Library()


@register.simple_tag
def overdue_days(assignment: Assignment, today: dt.date) -> int:
    """Days since the due date of work not handed in; 0 when none, or when the pair rests."""
    if not assignment.pairing.allows_records or not assignment.is_overdue(today):
        return 0
    return (today - assignment.due_on).days
