"""What is said to a record: its thread, a new comment, one taken back; and all of a pair."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, signed_in
from activities import commenting, confirming
from activities.commenting import kind_of
from activities.entering import KINDS, Closed
from activities.forms import CommentForm
from activities.models import Comment, Record
from core.htmx import page_or_part
from pairings.models import Pairing
from tables.paging import page_of


def find(request: UserRequest, kind: str, pk: uuid.UUID) -> Record:
    """The record of that kind, when the user reads it; not found otherwise."""
    if kind not in KINDS:
        raise Http404
    rows = KINDS[kind].model._default_manager.readable_by(request.user).for_detail()
    found: Record = get_object_or_404(commenting.confirmed(rows, request.user), pk=pk)
    return found


def around(request: UserRequest, record: Record, form: CommentForm | None = None) -> dict[str, Any]:
    """What every page of a record shows besides it: comments, the confirmation, their forms."""
    kind = kind_of(record)
    return {
        "row": record,
        "kind": kind,
        "detail": reverse(KINDS[kind].detail, args=[record.pk]),
        "pairing": record.pairing,
        "talk": commenting.conversation(record, request.user, after=request.GET.get("after", "")),
        "comment_form": form or CommentForm(),
        "confirmation": confirming.confirmation_of(record),
        "may_confirm": confirming.may_confirm(record, request.user),
    }


@signed_in
def comments(request: UserRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """The thread of a record by itself; a comment is sent here from the record's page."""
    record = find(request, kind, pk)
    if request.method != "POST":
        return _thread(request, record)
    if not commenting.may_ever_comment(record.pairing, request.user):
        raise PermissionDenied
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _thread(request, record, form=form, status=422)
    given = form.cleaned_data
    try:
        commenting.comment(record, by=request.user, text=given["text"], key=given["client_key"])
    except Closed:
        refusal = _("Nothing was saved: the pair has ended. What you wrote is kept below.")
        return _thread(request, record, form=form, refusal=refusal, status=409)
    return _done(request, record, _("Your comment is saved."))


@signed_in
@require_POST
def withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    rows = Comment.objects.readable_by(request.user).with_records()
    said = get_object_or_404(rows, pk=pk)
    if said.created_by != request.user:
        raise PermissionDenied
    record = find(request, kind_of(said.record), said.record.pk)
    try:
        commenting.withdraw(said, by=request.user)
    except commenting.TooLate:
        refusal = _("A comment is withdrawn within 24 hours, and once. Nothing was changed.")
        return _thread(request, record, refusal=refusal, status=409)
    return _done(request, record, _("The comment is withdrawn."))


@signed_in
def of_pair(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """What was said to the records of one pair, the newest first."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)
    rows = Comment.objects.standing().filter(pairing=pairing).with_records()
    page = page_of(rows, order=("-pk",), after=request.GET.get("after", ""))
    context = {"pairing": pairing, "page": page, "items": [_item(row) for row in page.rows]}
    return render(request, "activities/pair_comments.html", context)


def _item(comment: Comment) -> dict[str, Any]:
    record, kind = comment.record, kind_of(comment.record)
    return {
        "comment": comment,
        "record": record,
        "kind_name": KINDS[kind].name,
        "detail": reverse(KINDS[kind].detail, args=[record.pk]),
    }


def _done(request: UserRequest, record: Record, sentence: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _thread(request, record, done=sentence)
    messages.success(request, sentence)
    return redirect(KINDS[kind_of(record)].detail, record.pk)


def _thread(
    request: UserRequest,
    record: Record,
    *,
    form: CommentForm | None = None,
    refusal: str = "",
    done: str = "",
    status: int = 200,
) -> HttpResponse:
    context = around(request, record, form) | {"refusal": refusal, "done": done}
    page, part = "activities/comments.html", "activities/_comments.html"
    return page_or_part(request, page, part, context, status=status)
