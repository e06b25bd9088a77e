"""Plain functions that make this room's rows."""

from __future__ import annotations

import uuid

from django.utils import timezone

from accounts.models import User
from core.months import month_of
from plans import keeping
from plans.keeping import Line
from plans.models import Plan, PlanStep, PlanTemplate
from units.models import Unit


def again(user: User) -> User:
    """The user as a request of its own would read them, without kept grants."""
    return User.objects.get(pk=user.pk)


def reread(plan: Plan) -> Plan:
    return Plan.objects.select_related(
        "pairing__unit", "pairing__mentor_cadre", "pairing__mentee"
    ).get(pk=plan.pk)


def make_draft(cast, *, steps: int = 1) -> Plan:
    """A draft of the cast's pair with so many steps of this month."""
    if found := Plan.objects.filter(pairing=cast.pairing).first():
        return reread(found)
    plan = keeping.start(cast.pairing, by=again(cast.mentee), key=uuid.uuid4())
    add_steps(plan, steps)
    return reread(plan)


def add_steps(plan: Plan, count: int) -> None:
    for number in range(count):
        PlanStep.objects.create(
            plan=plan, month=month_of(timezone.localdate()), text=f"走村{number}"
        )


def make_agreed(cast, *, steps: int = 1) -> Plan:
    plan = make_draft(cast, steps=steps)
    if plan.agreed_at is None:
        agree(plan, "agree_mentor", cast.mentor)
        agree(plan, "agree_mentee", cast.mentee)
    return reread(plan)


def agree(plan: Plan, verb: str, by: User) -> None:
    plan = reread(plan)
    keeping.move(plan, verb, by=again(by), seen=plan.revision, key=uuid.uuid4())


def make_template(*, unit: Unit, title: str = "新进乡镇干部", **fields) -> PlanTemplate:
    found = PlanTemplate.objects.filter(unit=unit, title=title).first()
    if found:
        return found
    made = PlanTemplate.objects.create(unit=unit, title=title, goals="会做群众工作", **fields)
    made.steps.create(number=1, text="走遍全村")
    made.steps.create(number=3, text="主持一次村民会", method="practice")
    made.steps.create(number=None, text="读完村志")
    return made


def lines_of(plan: Plan) -> list[Line]:
    return [Line(s.pk, s.month, s.method, s.text) for s in plan.steps.to_do()]
