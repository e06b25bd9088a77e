"""The templates of plans that an office keeps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, office
from plans import templating
from plans.forms import MORE, TemplateForm, template_step_forms
from plans.models import PlanTemplate, StaleMove
from tables.paging import page_of


@office
def list_(request: UserRequest) -> HttpResponse:
    rows = PlanTemplate.objects.visible_to(request.user).standing()
    rows = rows.select_related("unit", "mentee_category").annotate(step_count=Count("steps"))
    page = page_of(rows, order=("-id",), after=request.GET.get("after", ""))
    for row in page.rows:
        row.is_ours = request.user.governs(row.unit)
    return render(request, "plans/templates.html", {"page": page})


@coordinator
def create(request: UserRequest) -> HttpResponse:
    return _form_page(request, PlanTemplate())


@coordinator
def edit(request: UserRequest, pk: UUID) -> HttpResponse:
    return _form_page(request, _governed(request, pk))


@coordinator
def withdraw(request: UserRequest, pk: UUID) -> HttpResponse:
    template = _governed(request, pk)
    if request.method != "POST":
        return render(request, "plans/template_withdraw.html", {"template": template})
    try:
        templating.withdraw(template, by=request.user)
    except StaleMove:
        return render(request, "plans/template_stale.html", status=409)
    messages.success(request, _("Withdrawn. Plans that began from it stay as they are."))
    return redirect("plans:templates")


def _form_page(request: UserRequest, template: PlanTemplate) -> HttpResponse:
    if template.withdrawn_at:
        return render(request, "plans/template_stale.html", status=409)
    is_new = template._state.adding
    sent = request.POST if request.method == "POST" else None
    more = MORE if sent is not None and "more" in sent else 0
    steps = [] if is_new else list(template.steps.all())
    initial = {"seen": template.revision}
    form = TemplateForm(sent, instance=template, user=request.user, initial=initial)
    rows = template_step_forms(steps, sent, more=more)
    status = 200
    if sent is not None and not more:
        status = _save(request, form, rows)
        if status == 302:
            messages.success(request, _("Saved."))
            return redirect("plans:templates")
    title = _("New template") if is_new else _("Change the template")
    context: dict[str, Any] = {"form": form, "rows": rows, "title": title, "status": status}
    context["template"] = None if is_new else template
    return render(request, "plans/template_form.html", context, status=status)


def _save(request: UserRequest, form: TemplateForm, rows: Any) -> int:
    """302 when saved, 422 for what cannot be read, 409 when somebody was quicker."""
    if not (form.is_valid() and rows.is_valid()):
        return 422
    given = form.cleaned_data
    lines = [row.cleaned_data for row in rows if row.cleaned_data.get("text")]
    try:
        templating.save(
            form.instance, lines, by=request.user, seen=given["seen"], key=given["client_key"]
        )
    except StaleMove:
        return 409
    except IntegrityError:
        form.add_error("title", _("This unit has a template of this title."))
        return 422
    return 302


def _governed(request: UserRequest, pk: UUID) -> PlanTemplate:
    rows = PlanTemplate.objects.visible_to(request.user).select_related("unit")
    template: PlanTemplate = get_object_or_404(rows, pk=pk)
    if not request.user.governs(template.unit):
        raise PermissionDenied
    return template
