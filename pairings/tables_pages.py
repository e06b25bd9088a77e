"""The page of the tables that suggestions are graded by: a part of a unit's rule."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import UserRequest, office
from core.once import once
from pairings.models import Policy
from pairings.policy_pages import unit_of
from pairings.tables_form import TablesForm
from units.models import Unit


@office
def tables(request: UserRequest) -> HttpResponse:
    unit = unit_of(request)
    may_write = request.user.governs(unit)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    latest = unit.policies.order_by("-from_on").first()
    today = timezone.localdate()
    # What a new version replaces: one that is to begin later counts already.
    base = Policy.in_force(unit, max(today, latest.from_on) if latest else today)
    sent = request.POST if request.method == "POST" else None
    form = TablesForm(sent, tables=base.all_tables, latest=latest)
    if form.is_valid() and _put_in_force(request, unit, form):
        messages.success(request, _("The new version is in force from its day on."))
        return redirect(f"{reverse('pairings:tables')}?unit={unit.pk}")
    context = {"unit": unit, "base": base, "shown": _shown(form), "today": today}
    context |= {"form": form if may_write else None}
    return render(request, "pairings/tables.html", context, status=422 if form.is_bound else 200)


def _shown(form: TablesForm) -> list[tuple[str, list[tuple[str, int | None]], str]]:
    """For each category of mentees: the grades by mentor category, and the needs in words."""
    said = form.tables
    return [
        (
            mentee.name,
            [(row.name, said.fit.get((row.name, mentee.name))) for row in form.mentors],
            "、".join(said.needs.get(mentee.name, ())),
        )
        for mentee in form.mentees
    ]


def _put_in_force(request: UserRequest, unit: Unit, form: TablesForm) -> bool:
    given = form.cleaned_data
    made = Policy.in_force(unit, given["from_on"]).next_version(
        unit, from_on=given["from_on"], basis=given["basis"], tables=form.stored
    )
    made.created_by, made.client_key = request.user, given["client_key"]

    def make() -> Policy:
        made.save()
        return made

    try:
        once(Policy, by=request.user, key=made.client_key, make=make)
    except IntegrityError:
        form.add_error("from_on", _("A version from this day on is there already."))
        return False
    return True
