"""The records of all pairs that the user may see, and those of one pair."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import UserRequest, signed_in
from accounts.models import User
from activities import confirming
from activities.commenting import counted
from activities.coverage import of_pair
from activities.entering import KINDS, Kind, open_kinds
from activities.filters import RecordFilter
from activities.models import Assignment, Session, Visit
from core.htmx import page_or_part
from pairings.models import Pairing
from pairings.states import Actor, State
from tables.paging import page_of

LATEST = 3
ORDERS = {
    "visit": ("-happened_on", "-id"),
    "session": ("-happened_on", "-id"),
    "assignment": ("-due_on", "-id"),
}
START = {
    "visit": "activities:log_visit",
    "session": "activities:log_session",
    "assignment": "activities:assign",
}


@signed_in
def list_(request: UserRequest) -> HttpResponse:
    sides = _sides(request.user)
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        kind = "assignment" if sides == {Actor.MENTOR} else "visit"
    form = RecordFilter(request.GET, kind=kind, user=request.user)
    rows = KINDS[kind].model.objects.visible_to(request.user).for_list()
    rows = counted(rows, request.user)
    page = page_of(form.apply(rows), order=ORDERS[kind], after=request.GET.get("after", ""))
    context = {
        "form": form,
        "kind": kind,
        "kinds": {name: found.name for name, found in KINDS.items()},
        "page": page,
        "today": timezone.localdate(),
        "starts": _starts(sides),
    }
    return page_or_part(request, "activities/list.html", "activities/_records.html", context)


def _sides(user: User) -> set[Actor]:
    """Whether the user is a mentor, a mentee or both, in pairs that work now."""
    own = Q(mentor_cadre__user=user) | Q(mentee__user=user)
    pairs = Pairing.objects.filter(own, state=State.ACTIVE)
    found = set()
    for mentor, mentee in pairs.values_list("mentor_cadre__user", "mentee__user").distinct():
        found |= {Actor.MENTOR} if mentor == user.pk else set()
        found |= {Actor.MENTEE} if mentee == user.pk else set()
    return found


def _starts(sides: set[Actor]) -> list[tuple[Kind, str]]:
    """The buttons of the page, the main one first."""
    order = (
        ["visit", "session", "assignment"] if Actor.MENTEE in sides else ["assignment", "session"]
    )
    return [(KINDS[kind], START[kind]) for kind in order if KINDS[kind].by & sides]


@signed_in
def panel(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """For the page of the pairing: its latest records, what is open, and the buttons."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)
    today, is_own = timezone.localdate(), pairing.side_of(request.user) is not None
    groups = [
        _group(kind, rows.filter(pairing=pairing), request.user)
        for kind, rows in (
            ("visit", Visit.objects.for_list()),
            ("session", Session.objects.for_list()),
            ("assignment", Assignment.objects.all()),
        )
    ]
    waiting = Assignment.objects.filter(pairing=pairing).at_work().for_list()
    context = {
        "pairing": pairing,
        "groups": groups,
        "buttons": [KINDS[kind] for kind in open_kinds(pairing, request.user)],
        "open_assignments": list((waiting.to_hand_in() | waiting.to_review()).order_by("due_on")),
        "today": today,
        "coverage": of_pair(pairing, today),
        "is_own": is_own,
        "waits": confirming.waiting_for(request.user, today, pairing) if is_own else [],
        "may_confirm": True,
    }
    return render(request, "activities/_panel.html", context)


def _group(kind: str, rows: Any, user: User) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": KINDS[kind].name,
        "detail": KINDS[kind].detail,
        "rows": list(counted(rows, user).order_by(*ORDERS[kind])[:LATEST]),
        "total": rows.count(),
    }
