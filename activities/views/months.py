"""Records by month, for the timeline of a pair."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, signed_in
from activities import monthly
from core.htmx import page_or_part
from pairings.models import Pairing


@signed_in
@require_safe
def months(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    visible = Pairing.objects.visible_to(request.user).select_related("mentor_cadre", "mentee")
    pairing = get_object_or_404(visible, pk=pk)
    context = {"pairing": pairing, "years": monthly.of_pair(pairing)}
    return page_or_part(request, "activities/months.html", "activities/_months.html", context)
