"""The page of the regular reports: which unit has them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import UserRequest, coordinator
from accounts.models import User
from snapshots import ordering
from snapshots.models import ReportOrder, Rhythm
from units.models import Unit


@coordinator
@require_safe
def orders(request: UserRequest) -> HttpResponse:
    return render(request, "snapshots/orders.html", {"rows": _rows(request.user)})


@coordinator
@require_POST
def order(request: UserRequest, unit: int, rhythm: str) -> HttpResponse:
    """Switch on or off; a button pressed twice, or by two, switches once."""
    if rhythm not in Rhythm:
        raise Http404
    governed = Unit.objects.filter(request.user.units_q(roles=("coordinator",)))
    found = get_object_or_404(governed, pk=unit, closed_on=None)
    on = request.POST.get("on") == "1"
    ordering.switch(found, rhythm, on=on, by=request.user)
    said = _("The regular report is switched on.") if on else _("The regular report is off.")
    messages.success(request, said)
    return redirect("snapshots:orders")


def _rows(user: User) -> list[dict[str, Any]]:
    units = ordering.own_units(user)
    orders = ReportOrder.objects.visible_to(user).filter(unit__in=units, is_on=True)
    on = set(orders.values_list("unit", "rhythm"))
    return [
        {"unit": unit, "rhythm": rhythm, "is_on": (unit.pk, rhythm.value) in on}
        for unit in units
        for rhythm in Rhythm
    ]
