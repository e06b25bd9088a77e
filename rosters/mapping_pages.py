"""Which column is what: proposed by the reader, seen and corrected by the user, remembered."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, coordinator
from rosters import batches, headings, showing
from rosters.book import Unreadable
from rosters.forms import MappingForm
from rosters.kinds import kind_of
from rosters.models import Batch
from rosters.states import State


@coordinator
def columns(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    batch = showing.batch_or_404(request.user, pk)
    if batch.state != State.MAPPING:
        return redirect("rosters:batch", pk=pk) if request.method != "POST" else stale(request, pk)
    kind = kind_of(batch.kind)
    sent = request.POST if request.method == "POST" else None
    form = MappingForm(sent, mapping=batch.mapping, kind=kind)
    try:
        if form.is_valid() and _taken(form, batch, request):
            return redirect("rosters:batch", pk=pk)
    except batches.Settled:
        return stale(request, pk)
    context = {"batch": batch, "kind": kind, "form": form, "doubts": batch.mapping.get("doubts")}
    return render(request, "rosters/columns.html", context, status=422 if form.errors else 200)


def _taken(form: MappingForm, batch: Batch, request: UserRequest) -> bool:
    """Confirm the columns, or look at the file again where its headings stand elsewhere."""
    if not form.is_to_be_read_again:
        with transaction.atomic():
            batches.confirm_mapping(batch, form.result, request.user)
            headings.remember(batch.unit, batch.kind, form.corrections, request.user)
        return True
    kind, content = kind_of(batch.kind), batches.original(batch)
    if content is None:
        raise batches.Settled
    try:
        mapping = headings.again(content, kind, batch.unit, form.result, form.heading_rows)
    except Unreadable as problem:
        form.add_error(None, str(problem))
        return False
    if not Batch.objects.filter(pk=batch.pk, state=State.MAPPING).update(mapping=mapping):
        raise batches.Settled
    messages.info(request, _("The headings were read again. Look at the columns once more."))
    return True


@coordinator
@require_POST
def reopen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """From the report back to the columns."""
    batch = showing.batch_or_404(request.user, pk)
    try:
        batches.reopen_mapping(batch, request.user)
    except batches.Settled:
        return stale(request, pk)
    return redirect("rosters:columns", pk=pk)


def stale(request: UserRequest, pk: uuid.UUID, sentence: str = "") -> HttpResponse:
    """Somebody was quicker, or the page was old: what stands now, and the way back."""
    batch = showing.batch_or_404(request.user, pk)
    context = {"batch": batch, "sentence": sentence}
    return render(request, "rosters/stale.html", context, status=409)
