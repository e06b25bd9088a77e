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
from pairings import policy_words
from pairings.models import Policy
from pairings.policy_form import PolicyForm
from units.models import Unit


@office
def policy(request: UserRequest) -> HttpResponse:
    unit = unit_of(request)
    may_write = request.user.governs(unit)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    versions = list(unit.policies.select_related("created_by").order_by("-from_on"))
    today = timezone.localdate()
    in_force, latest = Policy.in_force(unit, today), versions[0] if versions else None
    # A new version starts from the newest numbers, also where they are to hold later; its
    # document is a new one.
    base = latest if latest and latest.from_on > today else in_force
    sent = request.POST if request.method == "POST" else None
    form = PolicyForm(sent, latest=latest, initial=PolicyForm.numbers_of(base))
    if form.is_valid() and _put_in_force(request, unit, form, base):
        messages.success(request, _("The new version is in force from its day on."))
        return redirect(f"{reverse('pairings:policy')}?unit={unit.pk}")
    context = {
        "unit": unit,
        "in_force": in_force,
        "facts": policy_words.facts(in_force),
        "versions": policy_words.versions(versions),
        "today": today,
        "form": form if may_write else None,
    }
    return render(request, "pairings/policy.html", context, status=422 if form.is_bound else 200)


def unit_of(request: UserRequest) -> Unit:
    """The unit of the address, or the first that the user has a role over."""
    wanted = request.GET.get("unit", "")
    if not wanted:
        return Unit.objects.visible_to(request.user).order_by("path")[0]
    found = Unit.objects.visible_to(request.user).filter(pk=wanted) if wanted.isdecimal() else None
    if not found:
        raise Http404
    return found[0]


def _put_in_force(request: UserRequest, unit: Unit, form: PolicyForm, base: Policy) -> bool:
    made = form.save(commit=False)
    made.tables = base.tables  # they have a page of their own
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
