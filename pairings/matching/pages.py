"""The page of suggestions for one mentee."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, coordinator
from cadres.models import Cadre
from pairings.matching.suggesting import suggest


@coordinator
@require_safe
def mentors(request: UserRequest, cadre_pk: UUID) -> HttpResponse:
    rows = Cadre.objects.visible_to(request.user).select_related("unit")
    cadre = get_object_or_404(rows, pk=cadre_pk)
    if not request.user.governs(cadre.unit):
        raise PermissionDenied
    if cadre.left_on:  # nobody to be paired any more
        return render(request, "pairings/suggestions.html", {"cadre": cadre}, status=409)
    found = suggest(cadre, user=request.user, today=timezone.localdate())
    context = {"cadre": cadre, "found": found, "choose": _chosen_at(request)}
    return render(request, "pairings/suggestions.html", context)


def _chosen_at(request: UserRequest) -> str:
    """Where a mentor is chosen: the form of a new pair, or that of a change of mentor."""
    try:
        changed = UUID(request.GET.get("instead_of", ""))
    except ValueError:
        return reverse("pairings:create")
    return reverse("pairings:change", kwargs={"pk": changed})
