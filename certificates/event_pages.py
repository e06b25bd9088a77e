"""What was issued and voided, for the timeline of a pair."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, signed_in
from accounts.models import BUSINESS_ROLES
from certificates.models import Certificate
from core.htmx import page_or_part
from pairings.models import Pairing


@signed_in
@require_safe
def events(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    rows = Pairing.objects.visible_to(request.user).select_related("mentor_cadre", "mentee", "unit")
    pairing = get_object_or_404(rows, pk=pk)
    issued = pairing.certificates.for_list().select_related("issued_by", "voided_by")
    context = {
        "pairing": pairing,
        "events": _happened(list(issued)),
        # Why one was voided is the office's to know, as on the certificate's own page.
        "reads_void": request.user.governs(pairing.unit, roles=BUSINESS_ROLES),
    }
    return page_or_part(request, "certificates/events.html", "certificates/_events.html", context)


def _happened(issued: list[Certificate]) -> list[dict[str, object]]:
    """Each issue and each voiding, newest first."""
    found = [
        (one.issued_on, one.issued_at, {"certificate": one, "is_void": False}) for one in issued
    ]
    found += [
        (timezone.localdate(one.voided_at), one.voided_at, {"certificate": one, "is_void": True})
        for one in issued
        if one.voided_at
    ]
    found.sort(key=lambda row: row[:2], reverse=True)
    return [{"day": day, **event} for day, _moment, event in found]
