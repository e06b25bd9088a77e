"""未了事项 of a pair, and of all the pairs that somebody works in."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, signed_in
from activities.entering import Closed
from activities.forms.settling import CloseForm
from activities.matters import carriers, close_by_hand, may_close, of_pair
from activities.models import AlreadyClosed, OpenMatter
from activities.views.entry import closed
from core.htmx import page_or_part
from pairings.models import Pairing
from pairings.states import State
from pairings.succession import history_ids
from tables.paging import page_of


@signed_in
@require_safe
def of_one_pair(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Those of one pair, the open first; for the page of the pair, the open ones alone."""
    pairing = _find(request, pk)
    rows = of_pair(pairing, request.user)
    context = {
        "pairing": pairing,
        "open": [row for row in rows if row.is_open],
        "closed": [row for row in rows if not row.is_open],
        "may_close": pairing.allows_records and may_close(pairing, request.user),
    }
    return page_or_part(request, "activities/matters.html", "activities/_matters.html", context)


@signed_in
@require_safe
def mine(request: UserRequest) -> HttpResponse:
    """All open matters of the pairs that the user works in now, the oldest first."""
    own = Q(mentor_cadre__user=request.user) | Q(mentee__user=request.user)
    pairs = {row.pk: row for row in Pairing.objects.filter(own, state=State.ACTIVE).for_list()}
    carrier = carriers(pairs.values())
    rows = OpenMatter.objects.of(carrier).open().for_list()
    page = page_of(rows, order=("raised_on", "pk"), after=request.GET.get("after", ""))
    found = [(row, pairs[carrier[row.pairing_id]]) for row in page.rows]
    return render(request, "activities/my_matters.html", {"page": page, "found": found})


@signed_in
def close(request: UserRequest, pairing: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Closing one by hand, with a note of what became of it."""
    found = _find(request, pairing)
    rows = OpenMatter.objects.of(history_ids(found)).for_list().told(request.user)
    matter = get_object_or_404(rows, pk=pk)
    if not may_close(found, request.user):
        raise PermissionDenied
    if not found.allows_records:
        return closed(request, found)
    form = CloseForm(request.POST or None)
    if form.is_valid():
        return _close(request, found, matter, form)
    status = 422 if form.is_bound else 200
    return _page(request, found, matter, form, status=status if matter.is_open else 409)


def _close(
    request: UserRequest, pairing: Pairing, matter: OpenMatter, form: CloseForm
) -> HttpResponse:
    note, key = form.cleaned_data["note"], form.cleaned_data["client_key"]
    try:
        close_by_hand(matter, pairing, by=request.user, note=note, key=key)
    except Closed:
        return closed(request, _find(request, pairing.pk))
    except AlreadyClosed:
        matter = OpenMatter.objects.for_list().told(request.user).get(pk=matter.pk)
        return _page(request, pairing, matter, form, status=409)
    messages.success(request, _("Saved."))
    return redirect("activities:matters", pairing.pk)


def _page(
    request: UserRequest, pairing: Pairing, matter: OpenMatter, form: CloseForm, *, status: int
) -> HttpResponse:
    context = {"matter": matter, "pairing": pairing, "form": form}
    return render(request, "activities/matter_close.html", context, status=status)


def _find(request: UserRequest, pk: uuid.UUID) -> Pairing:
    visible = Pairing.objects.visible_to(request.user)
    return get_object_or_404(visible.for_detail(), pk=pk)
