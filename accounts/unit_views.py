"""Pages of the organisation tree. They stand above `units`, since they ask who may open them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, office, signed_in
from accounts.choosing import best_matches
from accounts.models import BUSINESS_ROLES
from accounts.unit_forms import CloseUnitForm, NewUnitForm, UnitNameForm
from core.htmx import page_or_part
from core.paging import page_of
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
    unit = get_object_or_404(Unit.objects.visible_to(request.user).select_related("parent"), pk=pk)
    context = {
        "unit": unit,
        "above": names_above([unit])[unit.pk],
        "children": unit.children.live().count(),
        "crumbs": _crumbs(request, unit),
        "events": unit.events.select_related("created_by"),
        "can_change": _may_change(request, unit),
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


@coordinator
def edit(request: UserRequest, pk: int) -> HttpResponse:
    unit = _changeable(request, pk)
    form = UnitNameForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        unit.rename(form.cleaned_data["name"], by=request.user)
        messages.success(request, _("The name is changed."))
        return redirect("units:detail", pk=pk)
    context = {"form": form, "unit": unit}
    return render(request, "units/form.html", context, status=422 if form.errors else 200)


@coordinator
def close(request: UserRequest, pk: int) -> HttpResponse:
    unit = _changeable(request, pk)
    form = CloseUnitForm(request.POST or None, unit=unit)
    if request.method == "POST" and unit.closed_on:
        unit.reopen(by=request.user)
        messages.success(request, _("The unit is in use again."))
        return redirect("units:detail", pk=pk)
    if request.method == "POST" and form.is_valid():
        unit.close(form.cleaned_data["on"], by=request.user)
        messages.success(request, _("The unit is closed; what happened there stays on record."))
        return redirect("units:detail", pk=pk)
    context = {"form": form, "unit": unit}
    return render(request, "units/close.html", context, status=422 if form.errors else 200)


@signed_in
def options(request: UserRequest) -> HttpResponse:
    """`{"results": [{"value": id, "text": name, "note": names above}]}`, 50 at most."""
    found = best_matches(request.user, request.GET.get("q", ""))
    above = names_above(found)
    results = [
        {"value": unit.pk, "text": unit.name, "note": " / ".join(above[unit.pk])} for unit in found
    ]
    return JsonResponse({"results": results})


def _changeable(request: UserRequest, pk: int) -> Unit:
    unit = get_object_or_404(Unit.objects.visible_to(request.user).select_related("parent"), pk=pk)
    if not _may_change(request, unit):
        raise PermissionDenied
    return unit


def _may_change(request: UserRequest, unit: Unit) -> bool:
    """Whoever coordinates the parent: nobody renames or closes the unit of their own grant."""
    return unit.parent is not None and request.user.governs(unit.parent)


def _may_add(request: UserRequest, unit: Unit) -> bool:
    takes = any(unit.kind in PARENTS[kind] for kind in ADDABLE)
    return takes and unit.closed_on is None and request.user.governs(unit)


def _crumbs(request: UserRequest, unit: Unit | None) -> list[Unit]:
    """From the highest unit that the user may open down to this one."""
    if unit is None:
        return []
    return list(Unit.objects.visible_to(request.user).filter(pk__in=unit.ancestor_ids))
