"""One assignment: its thread, handing in, the verdict."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, signed_in
from activities import handing
from activities.entering import capacities
from activities.forms import HandInForm, ReviewForm
from activities.models import Assignment, Wrong
from activities.models.assignments import VERDICTS
from activities.views.comments import around
from pairings.states import Actor


@signed_in
def detail(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _find(request, pk))


@signed_in
@require_POST
def hand_in(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    assignment = _find(request, pk)
    if Actor.MENTEE not in capacities(assignment.pairing, request.user):
        raise PermissionDenied
    form = HandInForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        form.say_files_are_lost()
        return _page(request, assignment, hand_in_form=form, status=422)
    given = form.cleaned_data
    try:
        handing.hand_in(
            assignment,
            by=request.user,
            text=given["text"],
            files=given["uploads"],
            key=given["client_key"],
        )
    except Wrong:
        return _page(request, _find(request, pk), hand_in_form=form, status=409)
    messages.success(request, _("Handed in. The mentor will see it."))
    return redirect("activities:assignment_detail", pk)


@signed_in
@require_POST
def review(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    assignment = _find(request, pk)
    if not capacities(assignment.pairing, request.user) & {Actor.MENTOR, Actor.OFFICE}:
        raise PermissionDenied
    verb = request.POST.get("verb", "")
    if verb not in VERDICTS:
        raise Http404
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, assignment, review_form=form, status=422)
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
        return _page(request, _find(request, pk), comment=given["comment"], status=409)
    messages.success(request, _("Saved."))
    return redirect("activities:assignment_detail", pk)


def _find(request: UserRequest, pk: uuid.UUID) -> Assignment:
    rows = Assignment.objects.readable_by(request.user).for_detail()
    found: Assignment = get_object_or_404(rows, pk=pk)
    return found


def _page(
    request: UserRequest,
    assignment: Assignment,
    *,
    hand_in_form: HandInForm | None = None,
    review_form: ReviewForm | None = None,
    comment: str = "",
    status: int = 200,
) -> HttpResponse:
    thread = _thread(assignment)
    newest = next((item["submission"] for item in reversed(thread) if "submission" in item), None)
    context = around(request, assignment) | {
        "thread": thread,
        "moves": assignment.moves_for(request.user),
        "hand_in_form": hand_in_form or HandInForm(user=request.user),
        "review_form": review_form
        or ReviewForm(initial={"seen": newest.pk if newest else None, "comment": comment}),
        "has_moved_on": status == 409,
        "today": timezone.localdate(),
    }
    return render(request, "activities/assignment.html", context, status=status)


def _thread(assignment: Assignment) -> list[dict[str, Any]]:
    """Submissions and reviews in the order in which they came."""
    submissions = assignment.submissions.select_related("created_by").prefetch_related("files")
    items = [{"at": row.created_at, "submission": row} for row in submissions]
    reviews = assignment.reviews.select_related("created_by")
    items += [{"at": row.created_at, "review": row} for row in reviews]
    return sorted(items, key=lambda item: item["at"])
