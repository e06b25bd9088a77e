"""The templates of assignments that an office keeps."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, office
from activities import templating
from activities.forms import AssignmentTemplateForm
from activities.models import AssignmentTemplate
from tables.paging import page_of


@office
def list_(request: UserRequest) -> HttpResponse:
    rows = AssignmentTemplate.objects.visible_to(request.user).standing()
    rows = rows.select_related("unit", "mentee_category")
    page = page_of(rows, order=("-id",), after=request.GET.get("after", ""))
    for row in page.rows:
        row.is_ours = request.user.governs(row.unit)
    return render(request, "activities/templates.html", {"page": page})


@coordinator
def create(request: UserRequest) -> HttpResponse:
    return _form_page(request, AssignmentTemplate())


@coordinator
def edit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _form_page(request, _governed(request, pk))


@coordinator
def withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    template = _governed(request, pk)
    if request.method != "POST":
        return render(request, "activities/template_withdraw.html", {"template": template})
    try:
        templating.withdraw(template, by=request.user)
    except templating.HasChanged:
        return render(request, "activities/template_stale.html", status=409)
    messages.success(request, _("Withdrawn. What was set from it stays as it is."))
    return redirect("activities:templates")


def _form_page(request: UserRequest, template: AssignmentTemplate) -> HttpResponse:
    if template.withdrawn_at and request.method != "POST":
        return render(request, "activities/template_stale.html", status=409)
    is_new = template._state.adding
    sent = request.POST if request.method == "POST" else None
    initial = {"seen": template.revision}
    form = AssignmentTemplateForm(sent, instance=template, user=request.user, initial=initial)
    status = _save(request, form) if sent is not None else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("activities:templates")
    context: dict[str, Any] = {
        "form": form,
        "status": status,
        "title": _("New template") if is_new else _("Change the template"),
        "template": None if is_new else template,
    }
    return render(request, "activities/template_form.html", context, status=status)


def _save(request: UserRequest, form: AssignmentTemplateForm) -> int:
    """302 when saved, 422 for what cannot be read, 409 when somebody was quicker."""
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    try:
        templating.save(form.instance, by=request.user, seen=given["seen"], key=given["client_key"])
    except templating.HasChanged:
        return 409
    except IntegrityError:
        form.add_error("title", _("This unit has a template of this title."))
        return 422
    return 302


def _governed(request: UserRequest, pk: uuid.UUID) -> AssignmentTemplate:
    rows = AssignmentTemplate.objects.visible_to(request.user).select_related("unit")
    template: AssignmentTemplate = get_object_or_404(rows, pk=pk)
    if not request.user.governs(template.unit):
        raise PermissionDenied
    return template
