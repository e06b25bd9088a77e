"""Setting an assignment, for one mentee or several, and those set together side by side."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import UserRequest, signed_in
from activities import setting
from activities.entering import KINDS, Closed, may_enter
from activities.forms import AssignmentForm
from activities.models import Assignment, AssignmentTemplate
from activities.views.entry import choose, closed
from core.htmx import page_or_part
from pairings.models import Pairing


@signed_in
def assign(request: UserRequest) -> HttpResponse:
    """A mentor sets it for any of the own mentees at once; an office says first for which pair."""
    own = setting.own_pairs(request.user)
    has_typed = request.method == "POST" and Pairing.objects.filter(mentor_cadre__user=request.user)
    if not own and not has_typed:
        return choose(request, ["assignment"])
    return _page(request, offered=own)


@signed_in
def create(request: UserRequest, pairing: uuid.UUID) -> HttpResponse:
    rows = Pairing.objects.visible_to(request.user).for_detail()
    fixed = get_object_or_404(rows, pk=pairing)
    if not may_enter("assignment", fixed, request.user):
        raise PermissionDenied
    if not fixed.allows_records:
        return closed(request, fixed)
    return _page(request, fixed=fixed, offered=setting.beside(fixed, request.user))


@signed_in
def together(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    rows = setting.set_together(pk, request.user)
    if not rows:
        raise Http404
    context = {"rows": rows, "first": rows[0], "today": timezone.localdate()}
    return render(request, "activities/together.html", context)


def _page(
    request: UserRequest, *, offered: Sequence[Pairing], fixed: Pairing | None = None
) -> HttpResponse:
    pairs = [*([fixed] if fixed else []), *offered]
    given: dict[str, Any] = {
        "fixed": fixed,
        "offered": offered,
        "templates": list(AssignmentTemplate.objects.for_pairs(pairs)),
        "instance": Assignment(),
        "user": request.user,
    }
    if request.method != "POST":
        return _show(request, _filled(request.GET, given))
    if "step" in request.POST:
        typed = {**request.POST.dict(), "pairs": request.POST.getlist("pairs")}
        return _show(request, _filled(typed, given))
    form = AssignmentForm(request.POST, **given)
    if not form.is_valid():
        return _show(request, form, status=422)
    return _save(request, form)


def _filled(typed: Any, given: dict[str, Any]) -> AssignmentForm:
    """An unbound form of what was typed, with the chosen template filled in."""
    templates = given["templates"]
    named = typed.get("template", "")
    found = next((one for one in templates if str(one.pk) == named), None)
    values = {name: typed[name] for name in AssignmentForm.base_fields if name in typed}
    if found:
        values |= setting.filled(found, typed, templates, timezone.localdate())
    form = AssignmentForm(initial=values, **given)
    form.is_template_gone = bool(named and not found)
    return form


def _save(request: UserRequest, form: AssignmentForm) -> HttpResponse:
    given, pairs = form.cleaned_data, form.chosen()
    task = {name: given[name] for name in ("title", "body", "due_on")}
    try:
        row = setting.set_for(pairs, by=request.user, key=given["client_key"], **task)
    except Closed:
        sentence = _("Nothing was saved: not all of those chosen take assignments now.")
        form.add_error(None, sentence)
        return _show(request, form, status=409)
    messages.success(request, _("Saved."))
    if row.set_together:
        return redirect("activities:together", row.set_together)
    return redirect("activities:assignment_detail", row.pk)


def _show(request: UserRequest, form: AssignmentForm, *, status: int = 200) -> HttpResponse:
    fixed = form.fixed
    context = {
        "form": form,
        "pairing": fixed,
        "title": KINDS["assignment"].action,
        "is_on_behalf": fixed is not None and fixed.side_of(request.user) is None,
    }
    page, part = "activities/assign.html", "activities/_task.html"
    return page_or_part(request, page, part, context, status=status)
