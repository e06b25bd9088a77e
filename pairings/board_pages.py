"""The office's board: which mentor has room, and who is with whom."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, office
from mentors.models import Mentor
from pairings import board
from pairings.board_forms import SORTS, BoardForm
from tables.paging import page_of
from tables.sorting import Sorting, is_narrowed


@office
@require_safe
def places(request: UserRequest) -> HttpResponse:
    today = timezone.localdate()
    form = BoardForm(request.GET, user=request.user)
    standing = Mentor.objects.visible_to(request.user).appointed(today).with_places()
    mentors = form.narrow(standing)
    sorting = Sorting.read(SORTS, request.GET)
    page = page_of(
        mentors.for_list().prefetch_related("strengths"),
        order=sorting.order,
        after=request.GET.get("after", ""),
        size=sorting.size,
    )
    context = {
        "form": form,
        "page": page,
        "rows": board.rows_of(page.rows, request.user),
        "sums": board.sums(mentors),
        "sorting": sorting,
        "is_filtered": is_narrowed(request.GET),
        "day": today,
    }
    return render(request, "pairings/board.html", context)
