"""The plan of a pair: read, begun, written on, agreed, its steps done."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import UserRequest, signed_in
from accounts.models import User
from activities.entering import capacities
from core.months import month_of
from pairings.models import Pairing
from plans import keeping, progress
from plans.forms import MORE, PlanForm, SeenForm, StartForm, StepMoveForm, step_forms
from plans.models import Plan, PlanStep, PlanTemplate, StaleMove
from plans.states import MOVES, STEP_MOVES
from tables.paging import page_of


@signed_in
@require_safe
def detail(request: UserRequest, pk: UUID) -> HttpResponse:
    pairing = _pairing(request, pk)
    plan = Plan.objects.filter(pairing=pairing).first()
    if plan is None:
        context = {"pairing": pairing, **_offers(request, pairing)}
        return render(request, "plans/start.html", context)
    plan.pairing = pairing
    return render(request, "plans/detail.html", _shown(request, plan))


def _shown(request: UserRequest, plan: Plan) -> dict[str, Any]:
    steps = list(plan.steps.select_related("session"))
    for row in steps:
        row.plan = plan
    steps.sort(key=lambda row: row.month or "9999")  # those of no fixed month come last
    side = plan.pairing.side_of(request.user)
    return {
        "plan": plan,
        "pairing": plan.pairing,
        "months": [
            (month, [(row, _buttons(row, request.user)) for row in rows])
            for month, rows in groupby(steps, lambda row: row.month)
        ],
        "progress": progress.of_plan(plan, timezone.localdate()),
        "this_month": month_of(timezone.localdate()),
        "moves": [(verb, MOVES[verb].label) for verb in plan.moves_for(request.user)],
        "may_edit": plan.may_edit(request.user),
        "is_office": side is None,
        "seen_form": SeenForm(initial={"seen": plan.revision}),
        "events": plan.events.select_related("created_by").order_by("-created_at", "-pk"),
    }


def _buttons(step: PlanStep, user: User) -> list[tuple[str, Any]]:
    return [(verb, STEP_MOVES[verb].label) for verb in step.moves_for(user)]


def _offers(request: UserRequest, pairing: Pairing) -> dict[str, Any]:
    if not (pairing.allows_records and keeping.may_start(pairing, request.user)):
        return {"may_start": False}
    templates = PlanTemplate.objects.for_pairing(pairing).prefetch_related("steps")
    return {
        "may_start": True,
        "templates": list(templates),
        "before": _before(pairing),
        "form": StartForm(),
    }


def _before(pairing: Pairing) -> Plan | None:
    """The plan of the pair that this one goes on with after a change of mentor."""
    if pairing.succeeds_id is None:
        return None
    found: Plan | None = Plan.objects.filter(pairing=pairing.succeeds_id).first()
    return found


@signed_in
@require_POST
def start(request: UserRequest, pk: UUID) -> HttpResponse:
    pairing = _pairing(request, pk)
    if not keeping.may_start(pairing, request.user):
        raise PermissionDenied
    form = StartForm(request.POST)
    if not form.is_valid():
        raise Http404
    given, template = form.cleaned_data, None
    if given["template"]:
        offered = PlanTemplate.objects.for_pairing(pairing)
        template = get_object_or_404(offered, pk=given["template"])
    before = _before(pairing) if given["carry"] else None
    try:
        keeping.start(
            pairing, by=request.user, key=given["client_key"], template=template, before=before
        )
    except StaleMove:
        return _stale(request, pairing)
    messages.success(request, _("The draft is there: change what does not fit, then both agree."))
    return redirect("plans:detail", pk)


@signed_in
def edit(request: UserRequest, pk: UUID) -> HttpResponse:
    plan = _plan(request, pk)
    if not capacities(plan.pairing, request.user):
        raise PermissionDenied
    # What was written for a draft that is one no longer is kept: see below.
    if request.method != "POST" and not plan.may_edit(request.user):
        return _stale(request, plan.pairing)
    months = progress.months_of(plan.pairing, timezone.localdate())
    sent = request.POST if request.method == "POST" else None
    more = MORE if sent is not None and "more" in sent else 0
    form = PlanForm(sent, instance=plan, initial={"seen": plan.revision})
    rows = step_forms(plan, months, sent, more=more)
    status = 200
    if sent is not None and not more:
        if form.is_valid() and rows.is_valid():
            if _save(request, plan, form, rows):
                messages.success(request, _("Saved."))
                return redirect("plans:detail", pk)
            status = 409
        else:
            status = 422
    context = {"plan": plan, "pairing": plan.pairing, "form": form, "rows": rows, "status": status}
    return render(request, "plans/edit.html", context, status=status)


def _save(request: UserRequest, plan: Plan, form: PlanForm, rows: Any) -> bool:
    given = form.cleaned_data
    lines = [row.line for row in rows if row.cleaned_data]
    try:
        keeping.edit(
            plan,
            goals=given["goals"],
            lines=lines,
            by=request.user,
            seen=given["seen"],
            key=given["client_key"],
        )
    except StaleMove:
        return False
    return True


@signed_in
@require_POST
def move(request: UserRequest, pk: UUID, verb: str) -> HttpResponse:
    plan = _plan(request, pk)
    if verb not in MOVES:
        raise Http404
    if not capacities(plan.pairing, request.user) & {*MOVES[verb].by}:
        raise PermissionDenied
    form = SeenForm(request.POST)
    if not form.is_valid():
        return _stale(request, plan.pairing)
    given = form.cleaned_data
    try:
        keeping.move(plan, verb, by=request.user, seen=given["seen"], key=given["client_key"])
    except StaleMove:
        return _stale(request, plan.pairing)
    if verb == "revise":
        return redirect("plans:edit", pk)
    messages.success(request, _("Saved."))
    return redirect("plans:detail", pk)


@signed_in
def step(request: UserRequest, pk: UUID, verb: str) -> HttpResponse:
    row = _step(request, pk, verb)
    pairing = row.plan.pairing
    months = progress.months_of(pairing, timezone.localdate())
    sent = request.POST if request.method == "POST" else None
    if sent is None and verb not in row.moves_for(request.user):
        return _stale(request, pairing)
    form = StepMoveForm(sent, step=row, verb=verb, months=months)
    if form.is_valid():
        given = form.cleaned_data
        key = given.pop("client_key")
        try:
            keeping.move_step(row, verb, by=request.user, key=key, **given)
        except StaleMove:
            return _stale(request, pairing)
        messages.success(request, _("Saved."))
        return redirect("plans:detail", pairing.pk)
    context = {"step": row, "pairing": pairing, "form": form, "title": STEP_MOVES[verb].label}
    return render(request, "plans/step.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_safe
def panel(request: UserRequest, pk: UUID) -> HttpResponse:
    """For the page of the pair: how far its plan is, and the steps up to this month."""
    pairing = _pairing(request, pk)
    plan = Plan.objects.filter(pairing=pairing).first()
    context: dict[str, Any] = {"pairing": pairing, "plan": plan}
    if plan:
        plan.pairing = pairing
        month = month_of(timezone.localdate())
        now = plan.steps.to_do().exclude(month="").filter(month__lte=month)
        context |= {
            "progress": progress.of_plan(plan, timezone.localdate()),
            "now": list(now) if plan.agreed_at else [],
        }
    else:
        context["may_start"] = pairing.allows_records and keeping.may_start(pairing, request.user)
    return render(request, "plans/_panel.html", context)


@signed_in
@require_safe
def mine(request: UserRequest) -> HttpResponse:
    """For the mentee's home: this month's steps, and those of earlier months still to do."""
    month = month_of(timezone.localdate())
    steps = list(PlanStep.objects.for_mentee(request.user, month))
    return render(request, "plans/_mine.html", {"steps": steps, "this_month": month})


@signed_in
@require_safe
def of_mentees(request: UserRequest) -> HttpResponse:
    """What the plans of a mentor's pairs say for this month, all of it."""
    month = month_of(timezone.localdate())
    rows = PlanStep.objects.for_mentor(request.user, month)
    order = ("plan__pairing__mentee__pinyin", "pk")
    page = page_of(rows, order=order, after=request.GET.get("after", ""))
    return render(request, "plans/of_mentees.html", {"page": page, "month": month})


def _pairing(request: UserRequest, pk: UUID) -> Pairing:
    return get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)


def _step(request: UserRequest, pk: UUID, verb: str) -> PlanStep:
    """The step, when its verbs are this user's; who only reads is forbidden."""
    rows = PlanStep.objects.visible_to(request.user).select_related(
        "plan__pairing__unit", "plan__pairing__mentor_cadre", "plan__pairing__mentee"
    )
    row: PlanStep = get_object_or_404(rows, pk=pk)
    if verb not in STEP_MOVES:
        raise Http404
    if not capacities(row.plan.pairing, request.user):
        raise PermissionDenied
    return row


def _plan(request: UserRequest, pk: UUID) -> Plan:
    pairing = _pairing(request, pk)
    plan: Plan = get_object_or_404(Plan, pairing=pairing)
    plan.pairing = pairing
    return plan


def _stale(request: UserRequest, pairing: Pairing) -> HttpResponse:
    """Nothing was done: what stands now, and the way back."""
    pairing = Pairing.objects.for_detail().get(pk=pairing.pk)
    return render(request, "plans/stale.html", {"pairing": pairing}, status=409)
