"""The office's board: which mentor has room, and who is with whom."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, office
from pairings import board
from pairings.board_forms import BoardForm, sorts
from tables.paging import page_of
from tables.sorting import Sorting, is_narrowed


@office
@require_safe
def places(request: UserRequest) -> HttpResponse:
    today = timezone.localdate()
    form = BoardForm(request.GET, user=request.user)
    day = form.day
    mentors = form.narrow(board.mentors_on(request.user, today, day))
    sorting = Sorting.read(sorts(day), request.GET)
    page = page_of(
        mentors.for_list().prefetch_related("strengths"),
        order=sorting.order,
        after=request.GET.get("after", ""),
        size=sorting.size,
    )
    context = {
        "form": form,
        "page": page,
        "rows": board.rows_of(page.rows, request.user, day),
        "sums": board.sums(mentors, day),
        "sorting": sorting,
        "is_filtered": is_narrowed(request.GET),
        "day": day or today,
        "as_of": day,
    }
    return render(request, "pairings/board.html", context, status=form.status)
