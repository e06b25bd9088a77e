"""Months of a pair and of a person, and the meetings that are planned in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, signed_in
from activities.entering import capacities
from calendars import arranging
from calendars.forms import MeetingForm, MoveForm
from calendars.gathering import month_page, own_pairs
from calendars.models import PlannedMeeting, StaleMove
from calendars.states import MOVES
from core.months import month_of, parse_month
from pairings.models import Pairing

COMING = 5


@signed_in
@require_safe
def month(request: UserRequest) -> HttpResponse:
    """One's own pairs; there is no page of everybody's."""
    pairs = list(own_pairs(request.user))
    able = [pair for pair in pairs if pair.allows_records]
    return render(request, "calendars/month.html", {**_month(request, pairs), "able": able})


@signed_in
@require_safe
def pair(request: UserRequest, pk: UUID) -> HttpResponse:
    pairing = _pairing(request, pk)
    able = [pairing] if _may_plan(request, pairing) else []
    context = {**_month(request, [pairing]), "pairing": pairing, "able": able}
    return render(request, "calendars/month.html", context)


def _month(request: UserRequest, pairs: list[Pairing]) -> dict[str, Any]:
    today = timezone.localdate()
    try:
        asked = parse_month(request.GET.get("month", ""))
    except ValueError:
        asked = month_of(today)
    return {"page": month_page(pairs, asked, today), "this_month": month_of(today)}


@signed_in
@require_safe
def panel(request: UserRequest, pk: UUID) -> HttpResponse:
    """For the page of the pair: what is planned next."""
    pairing = _pairing(request, pk)
    rows = PlannedMeeting.objects.filter(pairing=pairing).coming(timezone.localdate())
    context = {
        "pairing": pairing,
        "meetings": list(rows[:COMING]),
        "may_plan": _may_plan(request, pairing),
    }
    return render(request, "calendars/_panel.html", context)


@signed_in
def create(request: UserRequest, pk: UUID) -> HttpResponse:
    pairing = _pairing(request, pk)
    if not capacities(pairing, request.user):
        raise PermissionDenied
    if not pairing.allows_records and request.method != "POST":
        return _stale(request, pairing)
    sent = request.POST if request.method == "POST" else None
    given = {"day": request.GET.get("day", "")}
    form = MeetingForm(sent, instance=PlannedMeeting(pairing=pairing), initial=given)
    if form.is_valid():
        key = form.cleaned_data["client_key"]
        try:
            row = arranging.plan(form.instance, by=request.user, key=key)
        except StaleMove:
            return _stale(request, pairing)
        messages.success(request, _("Saved."))
        return redirect("calendars:meeting", row.pk)
    context = {"form": form, "pairing": pairing, "is_office": not pairing.side_of(request.user)}
    return render(request, "calendars/create.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_safe
def meeting(request: UserRequest, pk: UUID) -> HttpResponse:
    row = _meeting(request, pk)
    verbs = row.moves_for(request.user, timezone.localdate())
    hold = MoveForm(verb="hold", initial={"seen": row.revision}) if "hold" in verbs else None
    context = {
        "meeting": row,
        "pairing": row.pairing,
        "moves": [(verb, MOVES[verb].label) for verb in verbs if verb != "hold"],
        "hold": hold,
        "record": _record(row) if row.state == "held" and verbs else "",
        "events": row.events.select_related("created_by").order_by("-created_at", "-pk"),
    }
    return render(request, "calendars/meeting.html", context)


@signed_in
def move(request: UserRequest, pk: UUID, verb: str) -> HttpResponse:
    row = _meeting(request, pk)
    if verb not in MOVES:
        raise Http404
    if not capacities(row.pairing, request.user):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    if sent is None and verb not in row.moves_for(request.user, timezone.localdate()):
        return _stale(request, row.pairing)
    form = MoveForm(sent, verb=verb, initial={"seen": row.revision, "time": row.time})
    if form.is_valid():
        given = form.cleaned_data
        key = given.pop("client_key")
        try:
            arranging.move(row, verb, by=request.user, key=key, **given)
        except StaleMove:
            return _stale(request, row.pairing)
        messages.success(request, _("Saved."))
        return redirect(_record(row) if verb == "hold" else reverse("calendars:meeting", args=[pk]))
    context = {"meeting": row, "form": form, "title": MOVES[verb].label}
    return render(request, "calendars/move.html", context, status=422 if form.is_bound else 200)


def _record(row: PlannedMeeting) -> str:
    """The form of the record of this meeting, with what was planned filled in."""
    filled = {"method": row.method, "topic": row.topic, "day": row.day.isoformat()}
    return f"{reverse('activities:session_create', args=[row.pairing_id])}?{urlencode(filled)}"


def _may_plan(request: UserRequest, pairing: Pairing) -> bool:
    return pairing.allows_records and bool(capacities(pairing, request.user))


def _pairing(request: UserRequest, pk: UUID) -> Pairing:
    return get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)


def _meeting(request: UserRequest, pk: UUID) -> PlannedMeeting:
    rows = PlannedMeeting.objects.visible_to(request.user).for_detail()
    found: PlannedMeeting = get_object_or_404(rows, pk=pk)
    return found


def _stale(request: UserRequest, pairing: Pairing) -> HttpResponse:
    """Nothing was done: what stands now, and the way back."""
    pairing = Pairing.objects.for_detail().get(pk=pairing.pk)
    return render(request, "calendars/stale.html", {"pairing": pairing}, status=409)
