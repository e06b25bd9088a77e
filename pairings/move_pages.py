"""The pages of a move, and of taking one back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import UserRequest, signed_in
from pairings import reversing, standing
from pairings.models import Pairing, StaleMove
from pairings.move_forms import MoveForm, ReverseForm
from pairings.reversing import Irreversible
from pairings.states import MOVES


def _pairing_or_404(request: UserRequest, pk: uuid.UUID) -> Pairing:
    return get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)


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
    context |= {"is_on_behalf": is_on_behalf, "policy": standing.policy_of(pairing)}
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
    done = event.get_to_state_display() if event.changes_state else event.label
    messages.success(request, _("Done: %(what)s.") % {"what": done})
    return redirect("pairings:detail", pk=pairing.pk)


@signed_in
def reverse(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back the last step of a pair."""
    pairing = _pairing_or_404(request, pk)
    if not pairing.may_ever("reverse", request.user):
        raise PermissionDenied
    event = reversing.last_step(pairing)
    if event is None:
        return _stale(request, pairing)
    sentence = reversing.obstacle(pairing, event, timezone.localdate())
    sent = request.POST if request.method == "POST" else None
    form = ReverseForm(sent, event=event, label=MOVES["reverse"].label)
    if form.is_valid() and not sentence:
        try:
            reversing.reverse(pairing, by=request.user, **form.cleaned_data)
        except StaleMove:
            return _stale(request, pairing)
        except Irreversible as refusal:
            sentence = str(refusal)
        else:
            messages.success(request, _("Taken back: %(what)s.") % {"what": event.label})
            return redirect("pairings:detail", pk=pairing.pk)
    context = {"pairing": pairing, "form": form, "event": event, "obstacle": sentence}
    status = 409 if sentence else 422 if form.is_bound else 200
    return render(request, "pairings/reverse.html", context, status=status)


def _stale(request: UserRequest, pairing: Pairing) -> HttpResponse:
    """Somebody was quicker, or the page was old: what stands now, by whom, and the way back."""
    pairing.refresh_from_db(fields=["state", "to_on", "ended_on"])
    last = pairing.events.select_related("actor").order_by("-at", "-pk").first()
    context = {"pairing": pairing, "last": last}
    return render(request, "pairings/stale.html", context, status=409)
