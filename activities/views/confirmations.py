"""确认属实: the button, and the records of the other side that wait for it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, signed_in
from activities import confirming
from activities.commenting import kind_of
from activities.entering import KINDS, Closed
from activities.views.comments import find
from core.htmx import page_or_part
from pairings.models import Pairing


@signed_in
def to_confirm(request: UserRequest) -> HttpResponse:
    """For the home page, or by `?pairing=` for one pair: nothing at all when nothing waits."""
    pairing, named = None, request.GET.get("pairing", "")
    if named:
        seen = Pairing.objects.visible_to(request.user)
        pairing = get_object_or_404(seen, pk=_uuid(named))
    found = confirming.waiting_for(request.user, timezone.localdate(), pairing)
    context = {
        "waits": found,
        "may_confirm": True,
        "is_full": len(found) == confirming.MOST,
    }
    page, part = "activities/to_confirm.html", "activities/_to_confirm.html"
    return page_or_part(request, page, part, context)


@signed_in
@require_POST
def confirm(request: UserRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    record = find(request, kind, pk)
    try:
        made = confirming.confirm(record, by=request.user)
    except confirming.NotTheirs:
        raise PermissionDenied from None
    except Closed:
        refusal = _("Nothing was changed: the pair has ended.")
        return _mark(request, record, {"refusal": refusal}, status=409)
    if request.headers.get("HX-Request"):
        return _mark(request, record, {"confirmation": made})
    messages.success(request, _("Thank you: the record is confirmed."))
    if request.POST.get("back") == "list":
        return redirect("activities:to_confirm")
    return redirect(KINDS[kind].detail, record.pk)


def _mark(
    request: UserRequest, record: Any, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    kind = kind_of(record)
    context |= {
        "row": record,
        "kind": kind,
        "detail": reverse(KINDS[kind].detail, args=[record.pk]),
    }
    page, part = "activities/refused.html", "activities/_confirmation.html"
    return page_or_part(request, page, part, context, status=status)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
