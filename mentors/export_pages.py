from __future__ import annotations

from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.access import UserRequest, office
from accounts.export_pages import answer
from mentors.exporting import REGISTER
from mentors.filters import FilterForm
from mentors.models import Mentor
from tables.sorting import Sorting


@office
def export(request: UserRequest) -> HttpResponseBase:
    """The register by the filter and in the order of its list."""
    form = FilterForm(request.GET, user=request.user)
    rows = form.narrow(Mentor.objects.visible_to(request.user), today=timezone.localdate())
    order = Sorting.read(form.sorts, request.GET).order
    return answer(request, REGISTER.of(form.day), rows.order_by(*order), form, as_of=form.day)
