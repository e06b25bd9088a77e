"""The pages of many handbooks: asking for them, the progress, the file. Each person's own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import Error
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import UserRequest, coordinator
from accounts.models import Export, Format
from core.htmx import page_or_part
from handbooks.forms import ManyForm
from handbooks.models import HandbookRun
from handbooks.runs import standing, start
from tables.paging import page_of

_CHUNK = 1024 * 1024


@coordinator
def runs(request: UserRequest) -> HttpResponse:
    """Ask for many handbooks, and find again those that were asked for."""
    form = ManyForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        key = form.cleaned_data["client_key"]
        made = start(form.save(commit=False), by=request.user, key=key)
        return redirect("handbooks:run", pk=made.pk)
    rows = (
        HandbookRun.objects.visible_to(request.user).select_related("unit").defer("pairs", "grants")
    )
    page = page_of(rows, order=("-id",), after=request.GET.get("after", ""))
    context = {"form": form, "page": page}
    return render(request, "handbooks/runs.html", context, status=422 if form.is_bound else 200)


@coordinator
@require_safe
def run(request: UserRequest, pk: UUID) -> HttpResponse:
    found = own(request, pk)
    context: dict[str, Any] = {"run": found}
    if found.is_under_way:
        # An empty msgid is the head of the catalogue.
        context["step"] = _(found.step) if found.step else found.get_state_display()
        return page_or_part(request, "handbooks/run.html", "handbooks/_progress.html", context)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    return _ended(request, found)


def _ended(request: UserRequest, found: HandbookRun, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"run": found, "standing": standing(found, request.user)}
    if context["standing"].may_ask_again:
        context["again"] = ManyForm(instance=found, user=request.user)
    return render(request, "handbooks/run.html", context, status=status)


@coordinator
@require_POST
def download(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """The ZIP from wherever the storage has it; each time it leaves is on record."""
    found = own(request, pk)
    if not standing(found, request.user).may_take:
        return _ended(request, found, status=409)
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    export = Export.objects.create(
        by=request.user,
        register=_("Handbook"),
        scope=found.unit.name[:300],
        filters=str(found.get_among_display()),
        columns=_("Handbook"),
        format=Format.PDF,
        is_masked=False,
        purpose=found.purpose,
    )
    return _file(found, _recorded(content, export, found.made))


def _file(found: HandbookRun, content: Iterator[bytes]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type="application/zip")
    day = timezone.localdate(found.ended_at)
    name = f"帮带手册_{found.unit.name}_{day:%Y%m%d}.zip"
    header = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Content-Length"] = str(found.size)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def own(request: UserRequest, pk: UUID) -> HandbookRun:
    rows = HandbookRun.objects.visible_to(request.user).select_related("unit")
    return get_object_or_404(rows, pk=pk)


def _recorded(content: File[bytes], export: Export, made: int) -> Iterator[bytes]:
    """The bytes; the record is closed when the last has left, or none can any more."""
    try:
        with content:
            yield from content.chunks(_CHUNK)
    except BaseException:
        with contextlib.suppress(Error):  # a server that is gone keeps the record open
            export.fail(0)
        raise
    export.finish(made)
