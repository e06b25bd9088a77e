from __future__ import annotations

from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.access import UserRequest, office
from accounts.export_pages import answer
from cadres.models import Mentee
from pairings.exporting import MENTEES, PAIRS
from pairings.filters import FilterForm
from pairings.mentee_filters import MenteeFilterForm
from pairings.models import Pairing
from tables.sorting import Sorting


@office
def export(request: UserRequest) -> HttpResponseBase:
    """The pairs by the filter and in the order of their list."""
    form = FilterForm(request.GET, user=request.user)
    rows = form.narrow(Pairing.objects.visible_to(request.user))
    return answer(request, PAIRS.of(form.day), rows.order_by("-id"), form, as_of=form.day)


@office
def export_mentees(request: UserRequest) -> HttpResponseBase:
    """The register of mentees by the filter and in the order of its list."""
    form = MenteeFilterForm(request.GET, user=request.user)
    rows = form.narrow(Mentee.objects.visible_to(request.user), today=timezone.localdate())
    order = Sorting.read(form.sorts, request.GET).order
    return answer(request, MENTEES.of(form.day), rows.order_by(*order), form, as_of=form.day)
