"""One assignment: its thread, handing in, the verdict."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, signed_in
from activities import handing, setting
from activities.entering import capacities
from activities.forms import HandInForm, ReviewForm
from activities.models import Assignment, Review, Submission, Wrong
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
    versions, withdrawal = _versions(assignment)
    newest = versions[-1].submission.pk if versions else None
    context = around(request, assignment) | {
        "versions": versions,
        "withdrawal": withdrawal,
        "moves": assignment.moves_for(request.user),
        "hand_in_form": hand_in_form or HandInForm(user=request.user),
        "review_form": review_form or ReviewForm(initial={"seen": newest, "comment": comment}),
        "has_moved_on": status == 409,
        "may_compare": assignment.set_together is not None
        and bool(setting.set_together(assignment.set_together, request.user)),
        "today": timezone.localdate(),
    }
    return render(request, "activities/assignment.html", context, status=status)


class Version(NamedTuple):
    """What was handed in at one time, and what was said to it."""

    number: int
    submission: Submission
    reviews: list[Review]
    days_late: int


def _versions(assignment: Assignment) -> tuple[list[Version], Review | None]:
    """The versions in the order in which they came, and the withdrawal if there was one."""
    submissions = assignment.submissions.select_related("created_by").prefetch_related("files")
    reviews = list(assignment.reviews.select_related("created_by"))
    versions = [
        Version(
            number,
            submission,
            [review for review in reviews if review.submission_id == submission.pk],
            # Only the first is late: the others were asked for when the first was returned.
            assignment.days_late if number == 1 else 0,
        )
        for number, submission in enumerate(submissions, start=1)
    ]
    return versions, next((one for one in reviews if one.submission_id is None), None)
