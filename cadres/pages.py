"""What the pages about one person share: finding the row in scope, the form page, the refusal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.access import UserRequest
from cadres.models import Cadre


def visible(request: UserRequest, pk: UUID) -> Cadre:
    return get_object_or_404(Cadre.objects.visible_to(request.user).for_detail(), pk=pk)


def governed(request: UserRequest, pk: UUID) -> Cadre:
    """The row, when the user coordinates its unit; the own row alone opens nothing."""
    cadre = visible(request, pk)
    if not request.user.governs(cadre.unit):
        raise PermissionDenied
    return cadre


def form_page(
    request: UserRequest, form: Any, title: str, cadre: Cadre | None = None, **more: Any
) -> HttpResponse:
    context = {"form": form, "title": title, "cadre": cadre, **more}
    status = 422 if form.errors else 200
    return render(request, "cadres/form.html", context, status=status)


def closed(request: UserRequest, cadre: Cadre, why: str = "") -> HttpResponse:
    """409: the state of the row forbids it, with a sentence."""
    return render(request, "cadres/closed.html", {"cadre": cadre, "why": why}, status=409)


def merged_since(request: UserRequest, cadre: Cadre) -> HttpResponse:
    """409: the form was open while somebody merged the record."""
    why = _("This record was merged into another one meanwhile; nothing was changed in it.")
    return closed(request, cadre, why)
