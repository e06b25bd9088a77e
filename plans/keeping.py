"""The verbs of a plan: begun, written on, agreed, its steps done.

Each holds the pair's row, so that nobody ends or suspends the pair between the look and the
writing, and two verbs on one plan come one after the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from activities.entering import capacities
from activities.models import Session
from core.masking import masked
from core.months import month_of, shift
from core.once import once
from pairings.models import Pairing
from pairings.states import Role
from plans.models import Plan, PlanEvent, PlanStep, PlanTemplate, StaleMove
from plans.states import MOVES, STEP_MOVES, TO_DO, State, StepState


class Line(NamedTuple):
    """A step as the form has it; `pk` where it stands already. Without text it is left out."""

    pk: uuid.UUID | None
    month: str
    method: str
    text: str


def may_start(pairing: Pairing, user: User) -> bool:
    """Whether a plan is begun by this person: one who stands in has none of their own."""
    return pairing.role != Role.SUBSTITUTE and bool(capacities(pairing, user))


def start(
    pairing: Pairing,
    *,
    by: User,
    key: uuid.UUID | None,
    template: PlanTemplate | None = None,
    before: Plan | None = None,
) -> Plan:
    """A draft, from a template, from what `before` has left, or empty.

    The plan that the pair has, where somebody was quicker; StaleMove when the pair takes none.
    """

    def make() -> Plan:
        _hold(pairing)
        source = template or before
        plan = Plan(pairing=pairing, created_by=by, client_key=key)
        plan.goals = source.goals if source else ""
        plan.save()
        lines = _of_template(template, pairing) if template else _left_of(before, pairing)
        _write(plan, lines)
        title = template.title if template else ""
        _note(plan, "carry" if before else "start", by=by, reason=title)
        return plan

    try:
        return once(Plan, by=by, key=key, make=make)
    except IntegrityError:
        return Plan.objects.get(pairing=pairing)


def _of_template(template: PlanTemplate, pairing: Pairing) -> list[Line]:
    """Months are counted from the pair's first day; what lies beyond its term has no month."""
    first = month_of(pairing.from_on)
    last = month_of(pairing.to_on) if pairing.to_on else None
    lines = []
    for step in template.steps.all():
        month = shift(first, step.number - 1) if step.number else ""
        month = "" if last and month > last else month
        lines.append(Line(None, month, step.method, step.text))
    return lines


def _left_of(before: Plan | None, pairing: Pairing) -> list[Line]:
    """What is still to be done, not before the new pair's first month."""
    if before is None:
        return []
    first = month_of(pairing.from_on)
    rows = before.steps.to_do()
    return [Line(None, max(r.month, first) if r.month else "", r.method, r.text) for r in rows]


def edit(
    plan: Plan, *, goals: str, lines: Sequence[Line], by: User, seen: int, key: uuid.UUID | None
) -> None:
    """Write goals and open steps of the draft; StaleMove when it is not the one that was read."""

    def make() -> PlanEvent:
        _hold(plan.pairing)
        _swap(plan, "edit", by=by, seen=seen)
        Plan.objects.filter(pk=plan.pk).update(goals=masked(goals))
        _write(plan, lines)
        return _note(plan, "edit", by=by, key=key)

    _once(by, key, make)


def move(plan: Plan, verb: str, *, by: User, seen: int, key: uuid.UUID | None) -> None:
    """A verb of MOVES on the plan as it was read; StaleMove with nothing changed."""

    def make() -> PlanEvent:
        _hold(plan.pairing)
        old = plan.state
        new = _swap(plan, verb, by=by, seen=seen)
        is_on_behalf = verb != "revise" and plan.pairing.side_of(by) is None
        agreed = _snapshot(plan) if new == State.AGREED else None
        return _note(
            plan, verb, by=by, key=key, from_state=old, is_on_behalf=is_on_behalf, agreed=agreed
        )

    _once(by, key, make)


def move_step(
    step: PlanStep,
    verb: str,
    *,
    by: User,
    key: uuid.UUID | None,
    reason: str = "",
    month: str = "",
    session: Session | None = None,
) -> None:
    """A verb of STEP_MOVES; StaleMove with nothing changed. `session` is of the same pair."""

    def make() -> PlanEvent:
        _hold(step.plan.pairing)
        if verb not in step.moves_for(by):
            raise StaleMove(verb)
        old, new = StepState(step.state), STEP_MOVES[verb].path[StepState(step.state)]
        was = {"pk": step.pk, "state": old, "month": step.month}
        changes = {"state": new, "reason": reason, "session": session}
        changes["month"] = month if verb == "put_off" else step.month
        if not PlanStep.objects.filter(**was).update(**changes):
            raise StaleMove(verb)
        return _note(
            step.plan, verb, by=by, key=key, step=step, text=step.text, reason=reason,
            from_state=old, to_state=new, old_month=step.month, new_month=changes["month"],
            is_on_behalf=step.plan.pairing.side_of(by) is None,
        )  # fmt: skip

    _once(by, key, make)


def _once(by: User, key: uuid.UUID | None, make: Callable[[], PlanEvent]) -> None:
    try:
        once(PlanEvent, by=by, key=key, make=make)
    except StaleMove:
        # The same form's first sending may have moved it a moment ago.
        if key is None or not PlanEvent.objects.filter(created_by=by, client_key=key).exists():
            raise


def _hold(pairing: Pairing) -> None:
    """Hold the pair's row, or StaleMove when it takes no work now."""
    locked = Pairing.objects.select_for_update(of=("self",), no_key=True)
    if not locked.get(pk=pairing.pk).allows_records:
        raise StaleMove


def _swap(plan: Plan, verb: str, *, by: User, seen: int) -> State:
    """The next state by compare-and-swap on state and revision; StaleMove when both moved on."""
    is_open = plan.may_edit(by) if verb == "edit" else verb in plan.moves_for(by)
    if not is_open:
        raise StaleMove(verb)
    old = State(plan.state)
    new = old if verb == "edit" else MOVES[verb].path[old]
    changes: dict[str, Any] = {"state": new, "revision": seen + 1}
    if new == State.AGREED:
        changes["agreed_at"] = timezone.now()
    if verb == "revise" and old == State.AGREED:
        changes["version"] = plan.version + 1
    if not Plan.objects.filter(pk=plan.pk, state=old, revision=seen).update(**changes):
        raise StaleMove(verb)
    for name, value in changes.items():
        setattr(plan, name, value)
    return new


def _write(plan: Plan, lines: Sequence[Line]) -> None:
    """New steps, and those that are still to be done as the form has them."""
    standing = {step.pk: step for step in plan.steps.filter(state__in=TO_DO)}
    for line in lines:
        step = standing.get(line.pk) if line.pk else None
        if not line.text:
            if step:
                _leave_out(plan, step)
        elif step:
            step.month, step.method, step.text = line.month, line.method, line.text
            step.save(update_fields=["month", "method", "text"])
        elif line.pk is None:
            PlanStep.objects.create(
                plan=plan,
                month=line.month,
                method=line.method,
                text=line.text,
                since_version=plan.version,
            )


def _leave_out(plan: Plan, step: PlanStep) -> None:
    """What was never agreed goes; what was stays, as dropped by the new version."""
    if step.since_version == plan.version:
        step.delete()
        return
    step.state = StepState.DROPPED
    step.reason = _("left out when the plan was changed")
    step.save(update_fields=["state", "reason"])


def _snapshot(plan: Plan) -> dict[str, Any]:
    steps = plan.steps.exclude(state=StepState.DROPPED)
    goals = Plan.objects.values_list("goals", flat=True).get(pk=plan.pk)
    return {"goals": goals, "steps": [[step.month, step.method, step.text] for step in steps]}


def _note(
    plan: Plan, verb: str, *, by: User, key: uuid.UUID | None = None, **facts: Any
) -> PlanEvent:
    facts = {"from_state": plan.state, "to_state": plan.state, **facts}
    return PlanEvent.objects.create(
        plan=plan, verb=verb, version=plan.version, created_by=by, client_key=key, **facts
    )
