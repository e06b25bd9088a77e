"""Several visits of one day on one page."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import UserRequest, signed_in
from activities.entering import Closed, enter_all, may_enter
from activities.forms.visits import MOST, SPARE, DayForm, Visits, visit_rows
from activities.matters import beside
from activities.models import AlreadyClosed
from activities.places import near
from activities.views.entry import closed
from pairings.models import Pairing


@signed_in
def visit_day(request: UserRequest, pairing: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pairing)
    if not may_enter("visit", found, request.user):
        raise PermissionDenied
    if not found.allows_records:
        return closed(request, found)
    if "more" in request.GET:
        return _one_more(request, found)
    is_sent = request.method == "POST"
    more = SPARE if is_sent and "more" in request.POST else 0
    data = (request.POST, request.FILES) if is_sent else ()
    day = DayForm(*data[:1], pairing=found, user=request.user)
    rows = visit_rows(*data, more=more, **_about(request, found))
    if is_sent and not more:
        try:
            if day.is_valid() & rows.is_valid():
                return _save(request, found, day, rows)
        except AlreadyClosed as quicker:
            day.say_settled(quicker.matter)
        rows.say_files_are_lost()
    return _page(request, found, day, rows, status=422 if is_sent and not more else 200)


def _about(request: UserRequest, pairing: Pairing) -> dict[str, Any]:
    return {
        "pairing": pairing,
        "user": request.user,
        "form_kwargs": {"nearby": near(pairing)},
    }


def _page(
    request: UserRequest, pairing: Pairing, day: DayForm, rows: Visits, *, status: int
) -> HttpResponse:
    context = {
        "form": day,
        "rows": rows,
        "pairing": pairing,
        "most": MOST,
        "is_on_behalf": pairing.side_of(request.user) is None,
    }
    return render(request, "activities/visit_day.html", context, status=status)


def _one_more(request: UserRequest, pairing: Pairing) -> HttpResponse:
    """The next empty row alone, for the page that has all the others."""
    sent = request.GET.get("visits-TOTAL_FORMS", "")
    if not sent.isdecimal() or int(sent) > MOST:
        raise Http404
    rows = visit_rows(rows=min(int(sent) + 1, MOST), **_about(request, pairing))
    row = rows.forms[int(sent)] if int(sent) < MOST else None
    context = {"rows": rows, "row": row, "most": MOST}
    return render(request, "activities/_visit_row_more.html", context)


def _save(request: UserRequest, pairing: Pairing, day: DayForm, rows: Visits) -> HttpResponse:
    given, user = day.cleaned_data, request.user
    entries, left_open = [], []
    for row in rows.filled:
        row.instance.happened_on = given["happened_on"]
        entries.append((row.instance, row.cleaned_data["uploads"]))
        left_open.append(row.cleaned_data["left_open"])
    key = given["client_key"]
    along = beside(left_open, day.settled, by=user, key=key)
    try:
        first = enter_all(entries, by=user, key=key, along=along)
    except Closed:
        return closed(request, Pairing.objects.for_detail().get(pk=pairing.pk))
    messages.success(request, _("Saved."))
    if len(entries) == 1:
        return redirect("activities:visit_detail", first.pk)
    return redirect(_list_of(first))


def _list_of(visit: Any) -> str:
    """The visits of that day; of a form sent again, those that its first sending made."""
    day = f"{visit.happened_on}"
    asked = {"kind": "visit", "pairing": visit.pairing_id, "first": day, "last": day}
    return f"{reverse('activities:list')}?{urlencode(asked)}"
