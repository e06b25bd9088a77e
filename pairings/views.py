"""The pages of pairings: the list, and the pair itself."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, coordinator, signed_in
from accounts.models import BUSINESS_ROLES
from pairings import changing, reversing, standing, succession, timeline
from pairings.filters import FilterForm
from pairings.models import Pairing
from pairings.past import shown_as_then
from tables.paging import page_of


@signed_in
def pairing_list(request: UserRequest) -> HttpResponse:
    form = FilterForm(request.GET, user=request.user)
    rows = form.narrow(Pairing.objects.visible_to(request.user))
    after = request.GET.get("after", "")
    page = page_of(rows.for_list().with_since(), order=("-id",), after=after)
    if form.day:
        shown_as_then(page.rows, form.day)
    context = {"form": form, "page": page, "today": timezone.localdate(), "as_of": form.day}
    return render(request, "pairings/list.html", context, status=form.status)


@coordinator
@require_safe
def import_upload(request: UserRequest) -> HttpResponse:
    """An address of earlier versions: rosters have pages of their own."""
    return redirect("rosters:new", kind="pairings")


def _pairing_or_404(request: UserRequest, pk: uuid.UUID) -> Pairing:
    return get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)


@signed_in
def detail(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    pairing = _pairing_or_404(request, pk)
    today = timezone.localdate()
    rows = pairing.events.select_related("actor", "reversed_by__actor")
    events = list(rows.order_by("-at", "-pk"))
    reads = {
        side: request.user.governs(person.unit, roles=BUSINESS_ROLES)
        for side, person in (("mentor", pairing.mentor_cadre), ("mentee", pairing.mentee))
    }
    policy = standing.policy_of(pairing)
    may_reverse = pairing.may_ever("reverse", request.user)
    context = {
        "pairing": pairing,
        "policy": policy,
        "sentence": standing.sentence(pairing, policy, standing.since(events), today),
        "notes": standing.notes(pairing, today) + succession.notes(pairing),
        "is_party": bool(pairing.actors(request.user)),
        "may_change": changing.may_change(pairing, request.user),
        "buttons": standing.buttons(pairing, policy, request.user, today),
        "reversible": reversing.last_of(events, policy, today) if may_reverse else None,
        "events": events,
        "timeline": timeline.of_pair(pairing, events, request.user),
        "reads": reads,
        # Its sentences name other mentors, and what the register holds of age and party.
        "reads_waivers": request.user.governs(pairing.unit, roles=BUSINESS_ROLES),
    }
    return render(request, "pairings/detail.html", context)
