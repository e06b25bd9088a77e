"""What is decided about a checked roster: doubts, the import, its undoing, or nothing of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import UserRequest, coordinator
from rosters import batches, showing
from rosters.kinds import kind_of
from rosters.mapping_pages import stale
from rosters.states import State
from rosters.views import as_file


@coordinator
@require_POST
def answer(request: UserRequest, pk: uuid.UUID, row_pk: int) -> HttpResponse:
    batch = showing.batch_or_404(request.user, pk)
    row = get_object_or_404(batch.rows, pk=row_pk)
    try:
        batches.answer(batch, row, request.POST.get("answer", "")[:36], request.user)
    except batches.Settled:
        return stale(request, pk)
    except ValueError:
        return stale(request, pk, _("This choice is no longer offered. Look at the row again."))
    back = request.POST.get("next", "")
    here = reverse("rosters:batch", kwargs={"pk": pk})
    return redirect(f"{here}{back if back.startswith('?') else ''}")


@coordinator
@require_POST
def confirm(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    batch = showing.batch_or_404(request.user, pk)
    try:
        batches.confirm(batch, request.user, is_partial=request.POST.get("rows") == "good")
    except batches.Settled:
        return stale(request, pk)
    except batches.NotReady as why:
        return stale(request, pk, str(why))
    return redirect("rosters:batch", pk=pk)


@coordinator
@require_POST
def discard(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    batch = showing.batch_or_404(request.user, pk)
    try:
        batches.discard(batch, request.user)
    except batches.Settled:
        return stale(request, pk)
    messages.info(request, _("The upload was thrown away; nothing was imported."))
    return redirect("rosters:list")


@coordinator
def undo(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    batch = showing.batch_or_404(request.user, pk)
    blocked = showing.blocked(batch) if batch.state == State.DONE else []
    if request.method == "POST":
        try:
            batches.undo(batch, request.user, keep_blocked=request.POST.get("rows") == "others")
        except batches.Settled:
            return stale(request, pk)
        except batches.NotReady as why:
            return stale(request, pk, str(why))
        return redirect("rosters:batch", pk=pk)
    if batch.state != State.DONE:
        return redirect("rosters:batch", pk=pk)
    context = {"batch": batch, "kind": kind_of(batch.kind), "blocked": blocked}
    context["until"] = showing.until(batch)
    return render(request, "rosters/undo.html", context)


@coordinator
@require_safe
def annotated(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The same workbook back, with what is wrong in it."""
    batch = showing.batch_or_404(request.user, pk)
    found = batches.annotated(batch)
    if found is None:
        raise Http404
    return as_file(*found)
