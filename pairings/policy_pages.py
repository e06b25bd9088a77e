"""The rules of a unit: what holds today, what held before, and a new version from a day on."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import UserRequest, office
from core.once import once
from pairings.forms import PolicyForm
from pairings.models import Policy
from units.models import Unit


@office
def policy(request: UserRequest) -> HttpResponse:
    unit = _unit(request)
    may_write = request.user.governs(unit)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    versions = list(unit.policies.select_related("created_by").order_by("-from_on"))
    in_force = Policy.in_force(unit, timezone.localdate())
    # A new version starts from the numbers in force; its document is a new one.
    numbers = PolicyForm.numbers_of(in_force)
    latest = versions[0] if versions else None
    sent = request.POST if request.method == "POST" else None
    form = PolicyForm(sent, latest=latest, initial=numbers)
    if form.is_valid() and _put_in_force(request, unit, form):
        messages.success(request, _("The new version is in force from its day on."))
        return redirect(f"{reverse('pairings:policy')}?unit={unit.pk}")
    context = {
        "unit": unit,
        "in_force": in_force,
        "versions": versions,
        "today": timezone.localdate(),
    }
    context |= {"form": form if may_write else None}
    return render(request, "pairings/policy.html", context, status=422 if form.is_bound else 200)


def _unit(request: UserRequest) -> Unit:
    """The unit of the address, or the first that the user has a role over."""
    wanted = request.GET.get("unit", "")
    if not wanted:
        return Unit.objects.visible_to(request.user).order_by("path")[0]
    found = Unit.objects.visible_to(request.user).filter(pk=wanted) if wanted.isdecimal() else None
    if not found:
        raise Http404
    return found[0]


def _put_in_force(request: UserRequest, unit: Unit, form: PolicyForm) -> bool:
    made = form.save(commit=False)
    made.unit, made.created_by = unit, request.user
    made.client_key = form.cleaned_data["client_key"]

    def make() -> Policy:
        made.save()
        return made

    try:
        once(Policy, by=request.user, key=made.client_key, make=make)
    except IntegrityError:
        form.add_error("from_on", _("A version from this day on is there already."))
        return False
    return True
