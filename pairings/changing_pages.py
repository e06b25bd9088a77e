"""The pages of a change of mentor and of a substitute."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator
from core.once import once
from pairings import changing
from pairings.changing_forms import ChangeForm, SubstituteForm
from pairings.models import Pairing, StaleMove
from pairings.registering import Refused


@coordinator
def change(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, pk, ChangeForm, changing.change_mentor, "pairings/change.html")


@coordinator
def substitute(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, pk, SubstituteForm, changing.substitute, "pairings/substitute.html")


def _page(
    request: UserRequest,
    pk: uuid.UUID,
    form_class: type[ChangeForm | SubstituteForm],
    verb: Callable[..., Pairing],
    template: str,
) -> HttpResponse:
    visible = Pairing.objects.visible_to(request.user)
    pairing = get_object_or_404(visible.for_detail(), pk=pk)
    if not changing.may_ever_change(pairing, request.user):
        raise PermissionDenied
    # Another page, that of the suggestions, leads here with the mentor chosen.
    chosen = {"mentor": request.GET["mentor"]} if "mentor" in request.GET else {}
    sent = request.POST if request.method == "POST" else None
    form = form_class(sent, pairing=pairing, user=request.user, initial=chosen)
    try:
        if form.is_valid() and (made := _made(request, pairing, form, verb)):
            said = {"state": made.get_state_display()}
            messages.success(request, _("The new pair is registered: %(state)s.") % said)
            return redirect("pairings:detail", pk=made.pk)
        if not pairing.is_running:
            raise StaleMove
    except StaleMove:
        return _stale(request, pairing)
    context = {"pairing": pairing, "form": form}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _made(
    request: UserRequest,
    pairing: Pairing,
    form: ChangeForm | SubstituteForm,
    verb: Callable[..., Pairing],
) -> Pairing | None:
    """The new pair, or None with the form saying why not."""
    names = ("mentor", "reason", "document", "client_key", "to_on", form.days[0])
    given: dict[str, Any] = {name: form.cleaned_data[name] for name in names} | form.settled
    try:
        return once(
            Pairing,
            by=request.user,
            key=given["client_key"],
            make=lambda: verb(pairing, by=request.user, **given),
        )
    except Refused as refusal:
        form.show(refusal.problems)
    except ValueError:  # the day no longer fits: something was entered meanwhile
        form.add_error(None, _("The days no longer fit: look at the pair again."))
    return None


def _stale(request: UserRequest, pairing: Pairing) -> HttpResponse:
    pairing.refresh_from_db(fields=["state", "to_on", "ended_on"])
    last = pairing.events.select_related("actor").order_by("-at", "-pk").first()
    context = {"pairing": pairing, "last": last}
    return render(request, "pairings/stale.html", context, status=409)
