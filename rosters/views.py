"""The pages of rosters: those of the office, a new one, and one from its upload to its end."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import UserRequest, coordinator
from core.htmx import page_or_part
from rosters import batches, showing
from rosters.book import Unreadable
from rosters.forms import UploadForm
from rosters.kinds import Kind, kind_of
from rosters.models import Batch
from rosters.states import WORKING, State
from tables.paging import page_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@coordinator
@require_safe
def list_(request: UserRequest) -> HttpResponse:
    rows = Batch.objects.visible_to(request.user).select_related("unit", "created_by")
    page = page_of(rows, order=("-id",), after=request.GET.get("after", ""))
    titles = {code: kind_of(code).title for code in settings.ROSTER_KINDS}
    listed = [(row, titles.get(row.kind, row.kind)) for row in page.rows]
    return render(request, "rosters/list.html", {"page": page, "listed": listed})


@coordinator
@require_safe
def choose(request: UserRequest) -> HttpResponse:
    """The first kind; the others stand beside it on the page."""
    return redirect("rosters:new", kind=next(iter(settings.ROSTER_KINDS)))


def kind_or_404(code: str) -> Kind:
    if code not in settings.ROSTER_KINDS:
        raise Http404
    return kind_of(code)


@coordinator
def new(request: UserRequest, kind: str) -> HttpResponse:
    chosen = kind_or_404(kind)
    form = UploadForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    if form.is_valid() and (made := _uploaded(chosen, form, request)):
        return redirect("rosters:batch", pk=made.pk)
    context = {
        "form": form,
        "kind": chosen,
        "kinds": [kind_of(code) for code in settings.ROSTER_KINDS],
    }
    return render(request, "rosters/new.html", context, status=422 if form.is_bound else 200)


def _uploaded(kind: Kind, form: UploadForm, request: UserRequest) -> Batch | None:
    """The new batch, or None with the form saying why the file cannot be read."""
    file, key = form.cleaned_data["file"], form.cleaned_data["client_key"]
    try:
        return batches.upload(kind.code, file.read(), file.name, request.user, key)
    except Unreadable as problem:
        form.add_error("file", str(problem))
    return None


@coordinator
@require_safe
def template(request: UserRequest, kind: str) -> HttpResponse:
    chosen = kind_or_404(kind)
    name = _("%(kind)s (template).xlsx") % {"kind": chosen.title}
    return as_file(name, chosen.template(request.user))


def as_file(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    disposition = content_disposition_header(True, name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response


@coordinator
@require_safe
def batch(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """What the batch waits for now: the worker, the user's columns or decisions, or nothing."""
    found = showing.batch_or_404(request.user, pk)
    if found.state in WORKING:
        context = showing.progress(found)
        return page_or_part(request, "rosters/working.html", "rosters/_progress.html", context)
    if request.headers.get("HX-Target") == "annotated" and found.state == State.CHECKED:
        return render(request, "rosters/_annotated.html", showing.annotation(found))
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    if found.state == State.MAPPING:
        return redirect("rosters:columns", pk=pk)
    context = showing.report(found, request.GET)
    return render(request, "rosters/report.html", context)
