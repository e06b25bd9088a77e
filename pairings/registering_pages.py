"""The page that registers pairs: the problems first, everything typed kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator
from core.once import once
from pairings.models import Pairing
from pairings.pairing_form import PairingForm
from pairings.registering import Refused, propose_all


@coordinator
def create(request: UserRequest) -> HttpResponse:
    # Other pages lead here with one of the two chosen already, and the mentor's role.
    chosen: dict[str, Any] = {
        name: request.GET[name] for name in ("mentor", "role") if name in request.GET
    }
    chosen["mentee"] = request.GET.getlist("mentee")
    sent = request.POST if request.method == "POST" else None
    form = PairingForm(sent, user=request.user, initial=chosen)
    if form.is_valid():
        pairing = _propose(form, request)
        if pairing is not None:
            return _registered(request, form, pairing)
    status = 422 if form.is_bound else 200
    return render(request, "pairings/create.html", {"form": form}, status=status)


def _propose(form: PairingForm, request: UserRequest) -> Pairing | None:
    """The new pair, the first one of several, or None with the form saying why not."""
    given = form.cleaned_data
    key = given["client_key"]
    words = {"method": given["method"], "category": given["category"], **form.settled}
    try:
        return once(
            Pairing,
            by=request.user,
            key=key,
            make=lambda: propose_all(form.couples, by=request.user, client_key=key, **words)[0],
        )
    except Refused as refusal:
        form.show(refusal.problems)
    return None


def _registered(request: UserRequest, form: PairingForm, pairing: Pairing) -> HttpResponse:
    number = len(form.cleaned_data["mentee"])
    if number > 1:
        messages.success(request, _("%(number)d pairs are registered.") % {"number": number})
        return redirect("mentors:detail", pk=pairing.mentor_id)
    said = {"state": pairing.get_state_display()}
    messages.success(request, _("The pair is registered: %(state)s.") % said)
    return redirect("pairings:detail", pk=pairing.pk)
