"""Pages of the organisation tree. They stand above `units`, since they ask who may open them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, office, signed_in
from accounts.choosing import best_matches, places_for, successors_for
from accounts.models import BUSINESS_ROLES
from accounts.unit_change_views import may_change
from accounts.unit_forms import NewUnitForm
from core.htmx import page_or_part
from tables.paging import page_of
from units import chronicle
from units.models import ADDABLE, PARENTS, Unit
from units.naming import lines, names_above


@office
def unit_list(request: UserRequest) -> HttpResponse:
    """The children of a unit (`at`), or what `q` finds below it; at first one's own units."""
    own = [grant.unit for grant in request.user.live_grants if grant.role in BUSINESS_ROLES]
    visible = Unit.objects.visible_to(request.user)
    asked, text = request.GET.get("at", ""), request.GET.get("q", "").strip()
    at = get_object_or_404(visible, pk=asked) if asked.isdecimal() else None
    if at is None and len({unit.pk for unit in own}) == 1:
        at = own[0]
    rows = visible.within(at) if at else visible
    if text:
        rows = rows.search(text)
    elif at:
        rows = visible.filter(parent=at)
    else:
        rows = visible.filter(pk__in=[unit.pk for unit in own])
    if "closed" not in request.GET:
        rows = rows.live()
    page = page_of(rows, order=("pk",), after=request.GET.get("after", ""))
    context = {
        "at": at,
        "crumbs": _crumbs(request, at),
        "page": page,
        "lines": lines(page.rows),
        "q": text,
        "can_add": at is not None and _may_add(request, at),
    }
    return page_or_part(request, "units/list.html", "units/_rows.html", context)


@office
def detail(request: UserRequest, pk: int) -> HttpResponse:
    visible = Unit.objects.visible_to(request.user)
    unit = get_object_or_404(visible.select_related("parent", "successor"), pk=pk)
    context = {
        "unit": unit,
        "above": names_above([unit])[unit.pk],
        "children": unit.children.live().count(),
        "crumbs": _crumbs(request, unit),
        "former_names": unit.former_names.all(),
        "entries": chronicle.entries(unit),
        "sees_successor": visible.filter(merged_units=unit).exists(),
        "can_change": may_change(request.user, unit),
        "can_add": _may_add(request, unit),
    }
    return render(request, "units/detail.html", context)


@coordinator
def create(request: UserRequest) -> HttpResponse:
    below = request.GET.get("below")
    form = NewUnitForm(request.POST or None, user=request.user, initial={"parent": below})
    if request.method == "POST" and form.is_valid():
        unit = form.save()
        messages.success(request, _("%(name)s stands in the tree now.") % {"name": unit.name})
        return redirect(f"{reverse('units:list')}?at={unit.parent_id}")
    return render(request, "units/form.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
def options(request: UserRequest) -> HttpResponse:
    """`{"results": [{"value": id, "text": name, "note": names above}]}`, 50 at most.

    `moves` names a unit: only where it can be moved to; `merges`: only what can succeed it.
    """
    among = None
    for name, choice in (("moves", places_for), ("merges", successors_for)):
        if (asked := request.GET.get(name, "")).isdecimal():
            subject = get_object_or_404(Unit.objects.visible_to(request.user), pk=asked)
            among = choice(request.user, subject)
    found = best_matches(request.user, request.GET.get("q", ""), among)
    above = names_above(found)
    results = [
        {"value": unit.pk, "text": unit.name, "note": " / ".join(above[unit.pk])} for unit in found
    ]
    return JsonResponse({"results": results})


def _may_add(request: UserRequest, unit: Unit) -> bool:
    takes = any(unit.kind in PARENTS[kind] for kind in ADDABLE)
    return takes and unit.closed_on is None and request.user.governs(unit)


def _crumbs(request: UserRequest, unit: Unit | None) -> list[Unit]:
    """From the highest unit that the user may open down to this one."""
    if unit is None:
        return []
    return list(Unit.objects.visible_to(request.user).filter(pk__in=unit.ancestor_ids))
