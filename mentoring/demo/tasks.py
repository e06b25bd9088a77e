"""Templates of assignments of the demo's county, and one task set for several mentees at once."""

from __future__ import annotations

import datetime as dt
import uuid

from accounts.models import User
from activities import handing, setting
from activities.models import Assignment, AssignmentTemplate, AssignmentTemplateEvent
from mentoring.demo import texts
from mentoring.demo.chance import Chance
from pairings.models import Pairing
from pairings.states import State
from units.models import Unit

_DAYS = (7, 14, 30)


def enter(county: Unit, shown: Pairing | None, *, by: User, chance: Chance) -> int:
    """Three templates, and the third of them set for all mentees of one mentor; how many."""
    templates = [
        AssignmentTemplate.objects.create(
            id=chance.uuid_at(chance.moment(chance.today - dt.timedelta(days=200))),
            unit=county,
            title=title,
            body=body,
            days=days,
            created_by=by,
        )
        for (title, body), days in zip(texts.TASKS[2:], _DAYS, strict=False)
    ]
    for template in templates:
        AssignmentTemplateEvent.objects.create(template=template, verb="create", created_by=by)
    if shown is not None:
        _set(shown, templates[-1], chance)
    return len(templates)


def _set(shown: Pairing, template: AssignmentTemplate, chance: Chance) -> None:
    """By the mentor that the demo signs in as, for all own mentees; the shown one hands in."""
    mentor, mentee = shown.mentor_cadre.user, shown.mentee.user
    rows = Pairing.objects.filter(mentor_cadre=shown.mentor_cadre, state=State.ACTIVE)
    pairs = list(rows.for_detail().order_by("pk"))
    if mentor is None or mentee is None or not pairs:
        return
    due_on = chance.today + dt.timedelta(days=template.days)
    setting.set_for(
        pairs,
        by=mentor,
        key=uuid.UUID(int=chance.randint(1, 2**64)),
        title=template.title,
        body=template.body,
        due_on=due_on,
    )
    row = Assignment.objects.for_detail().get(pairing=shown, title=template.title, due_on=due_on)
    handing.hand_in(row, by=mentee, text=texts.ANSWERS[1])
