"""The pages of pairings: list, registration, the pair itself and its moves."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, coordinator, signed_in
from accounts.models import BUSINESS_ROLES
from cadres.models import Cadre
from pairings import standing
from pairings.filters import FilterForm
from pairings.forms import MoveForm
from pairings.models import Pairing, StaleMove
from pairings.past import shown_as_then
from pairings.states import MOVES
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
    events = list(pairing.events.select_related("actor").order_by("-at", "-pk"))
    reads = {
        side: request.user.governs(person.unit, roles=BUSINESS_ROLES)
        for side, person in (("mentor", pairing.mentor_cadre), ("mentee", pairing.mentee))
    }
    policy = standing.policy_of(pairing)
    since = next((event.at for event in events if event.changes_state), None)
    context = {
        "pairing": pairing,
        "policy": policy,
        "sentence": standing.sentence(pairing, policy, since, today),
        "notes": standing.notes(pairing, today),
        "buttons": standing.buttons(pairing, policy, request.user, today),
        "events": events,
        "reads": reads,
    }
    return render(request, "pairings/detail.html", context)


@signed_in
def move(request: UserRequest, pk: uuid.UUID, verb: str) -> HttpResponse:
    pairing = _pairing_or_404(request, pk)
    if verb not in MOVES:
        raise Http404
    if not pairing.may_ever(verb, request.user):
        raise PermissionDenied
    if verb not in pairing.moves_for(request.user):
        return _stale(request, pairing)
    is_on_behalf = verb in standing.ON_BEHALF and not pairing.side_of(request.user)
    label = standing.ON_BEHALF[verb] if is_on_behalf else MOVES[verb].label
    sent = request.POST if request.method == "POST" else None
    form = MoveForm(sent, pairing=pairing, verb=verb, label=label)
    if form.is_valid() and (response := _moved(request, pairing, form)):
        return response
    context = {"pairing": pairing, "form": form, "label": label, "verb": verb}
    context["is_on_behalf"] = is_on_behalf
    return render(request, "pairings/move.html", context, status=422 if form.is_bound else 200)


def _moved(request: UserRequest, pairing: Pairing, form: MoveForm) -> HttpResponse | None:
    """The answer to a move, or None with the form saying why it cannot be."""
    try:
        event = pairing.move(form.verb, by=request.user, **form.cleaned_data)
    except StaleMove:
        return _stale(request, pairing)
    except ValueError:
        form.add_error(None, _("The days no longer fit: look at the pair again."))
        return None
    messages.success(request, _("Done: %(what)s.") % {"what": event.get_to_state_display()})
    return redirect("pairings:detail", pk=pairing.pk)


def _stale(request: UserRequest, pairing: Pairing) -> HttpResponse:
    """Somebody was quicker, or the page was old: what stands now, and the way back."""
    pairing.refresh_from_db(fields=["state", "to_on", "ended_on"])
    return render(request, "pairings/stale.html", {"pairing": pairing}, status=409)


@signed_in
def panel(request: UserRequest, cadre_pk: uuid.UUID) -> HttpResponse:
    """A person's pairs on both sides, as far as the user may see them; the others as a number."""
    cadre = get_object_or_404(Cadre.objects.visible_to(request.user), pk=cadre_pk)
    both = Q(mentor_cadre=cadre) | Q(mentee=cadre)
    seen = list(
        Pairing.objects.visible_to(request.user).filter(both).for_list().order_by("-from_on", "-id")
    )
    context = {
        "cadre": cadre,
        "as_mentor": [pairing for pairing in seen if pairing.mentor_cadre_id == cadre.pk],
        "as_mentee": [pairing for pairing in seen if pairing.mentee_id == cadre.pk],
        "elsewhere": Pairing.objects.filter(both).count() - len(seen),
    }
    return render(request, "pairings/_panel.html", context)
