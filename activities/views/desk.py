"""A hand-in reviewed where it waits, on the mentor's home page: one done, the next one opens."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import UserRequest, signed_in
from activities import handing
from activities.entering import capacities
from activities.forms import ReviewForm
from activities.models import Assignment, Wrong
from pairings.states import Actor

VERBS = ("accept", "give_back")


@signed_in
def desk_review(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """For htmx alone; the assignment's own page does the same without scripts."""
    assignment = _find(request, pk)
    if not capacities(assignment.pairing, request.user) & {Actor.MENTOR, Actor.OFFICE}:
        raise PermissionDenied
    if request.method != "POST":
        if not request.headers.get("HX-Request"):
            return redirect("activities:assignment_detail", pk)
        return render(request, "activities/_desk_review.html", _opened(assignment))
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        raise Http404
    form = ReviewForm(request.POST)
    if not form.is_valid():
        context = _opened(assignment, form)
        return render(request, "activities/_desk_review.html", context, status=422)
    return _judge(request, assignment, verb, form)


def _judge(
    request: UserRequest, assignment: Assignment, verb: str, form: ReviewForm
) -> HttpResponse:
    given = form.cleaned_data
    seen = assignment.submissions.filter(pk=given["seen"]).first()
    try:
        handing.review(
            assignment,
            verb,
            by=request.user,
            comment=given["comment"],
            seen=seen,
            key=given["client_key"],
        )
    except Wrong:
        again = _find(request, assignment.pk)
        context = _opened(again, comment=given["comment"]) | {"has_moved_on": True}
        return render(request, "activities/_desk_review.html", context, status=409)
    following = Assignment.objects.waiting_for(request.user).for_detail().first()
    context = {"done": _find(request, assignment.pk)}
    if following:
        context |= _opened(following)
    return render(request, "activities/_desk_reviewed.html", context)


def _opened(
    assignment: Assignment, form: ReviewForm | None = None, *, comment: str = ""
) -> dict[str, Any]:
    """The newest submission with the form below it; no form where nothing is to be reviewed."""
    rows = assignment.submissions.select_related("created_by").prefetch_related("files")
    newest = rows.order_by("-pk").first()
    is_open = assignment.state == "submitted" and assignment.pairing.allows_records
    initial = {"seen": newest.pk if newest else None, "comment": comment}
    return {
        "row": assignment,
        "newest": newest,
        "comment": comment,
        "form": (form or ReviewForm(initial=initial)) if is_open else None,
    }


def _find(request: UserRequest, pk: uuid.UUID) -> Assignment:
    rows = Assignment.objects.readable_by(request.user).for_detail()
    found: Assignment = get_object_or_404(rows, pk=pk)
    return found
