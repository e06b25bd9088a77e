"""Paper handed in: stacks and their reading, what waits for a pair, the pages of a pair."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import UserRequest, signed_in
from activities.entering import KINDS, capacities, open_kinds
from core.htmx import page_or_part
from pairings.models import Pairing
from papers import handing, placing, stacks
from papers.forms import AssignForm, HandInForm, WithdrawForm
from papers.models import PaperPage, Stack, StaleMove
from papers.states import State
from tables.paging import page_of

_PANEL_MONTHS = 3


@signed_in
@require_safe
def list_(request: UserRequest) -> HttpResponse:
    """What this person handed in: pages that wait for a pair, and the latest stacks."""
    waiting = PaperPage.objects.waiting_for(request.user)
    context = {
        "page": page_of(waiting, order=("-id",), after=request.GET.get("after", ""), size=24),
        "stacks": Stack.objects.visible_to(request.user)[:10],
    }
    return render(request, "papers/list.html", context)


@signed_in
def hand_in(request: UserRequest) -> HttpResponse:
    if not placing.pairs_of(request.user).exists():
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "papers/hand_in.html", {"form": HandInForm()})
    form = HandInForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = handing.hand_in(given["papers"], by=request.user, key=given["client_key"])
        except handing.NoRoom as full:
            form.say_no_room(full.left)
        else:
            return redirect("papers:stack", pk=made.pk)
    form.say_files_are_lost()
    return render(request, "papers/hand_in.html", {"form": form}, status=422)


@signed_in
@require_safe
def stack(request: UserRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Stack.objects.visible_to(request.user), pk=pk)
    context: dict[str, Any] = {"stack": found}
    if found.is_under_way:
        return page_or_part(request, "papers/stack.html", "papers/_progress.html", context)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    context |= stacks.outcome(found, request.user)
    return render(request, "papers/stack.html", context)


@signed_in
@require_safe
def panel(request: UserRequest, pk: UUID) -> HttpResponse:
    """The pages of a pair by month, the latest months first."""
    visible = Pairing.objects.visible_to(request.user).for_detail()
    pairing = get_object_or_404(visible, pk=pk)
    rows = PaperPage.objects.placed().filter(pairing=pairing)
    rows = rows.order_by("-month", "page_no", "-version", "pk")
    months = [(month, list(pages)) for month, pages in groupby(rows, lambda row: row.month)]
    is_whole = not request.headers.get("HX-Request")
    context = {
        "pairing": pairing,
        "months": months if is_whole else months[:_PANEL_MONTHS],
        "is_whole": is_whole,
        "has_more": not is_whole and len(months) > _PANEL_MONTHS,
        "may_hand_in": bool(capacities(pairing, request.user)),
    }
    return page_or_part(request, "papers/pages.html", "papers/_panel.html", context)


@signed_in
@require_safe
def page(request: UserRequest, pk: UUID) -> HttpResponse:
    row = _visible(request, pk)
    context: dict[str, Any] = {"row": row, "pairing": row.pairing}
    if row.pairing:
        same = PaperPage.objects.placed().filter(pairing=row.pairing, month=row.month)
        same = same.filter(page_no=row.page_no).exclude(page_no=0)
        context["versions"] = same.order_by("version")
        context["may_withdraw"] = row.may_withdraw(request.user, timezone.now())
        kinds = [kind for kind in open_kinds(row.pairing, request.user) if kind != "assignment"]
        context["kinds"] = [KINDS[kind] for kind in kinds]
    return render(request, "papers/page.html", context)


@signed_in
@require_safe
def picture(request: UserRequest, pk: UUID, size: str) -> Any:
    """The page as it was drawn anew, or small; to who may see it."""
    row = get_object_or_404(PaperPage.objects.visible_to(request.user), pk=pk)
    made = row.small if size == "small" else row.file
    try:
        content = made.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type="image/jpeg", filename=f"{row.position}.jpg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@signed_in
def assign(request: UserRequest, pk: UUID) -> HttpResponse:
    """To a pair and month by hand; the search for the pair works without JavaScript."""
    row = _own(request, pk)
    if row.state != State.WAITING:
        return _stale(request)
    given = request.POST if request.method == "POST" else None
    query = request.GET.get("q", "").strip()
    form = AssignForm(given, user=request.user, query=query)
    if form.is_valid():
        pairing, month = form.cleaned_data["pairing"], form.cleaned_data["month"]
        try:
            placing.assign(row, to=pairing, month=month, page_no=form.page_no, by=request.user)
        except StaleMove:
            return _stale(request)
        except placing.Twice:
            form.add_error(None, _("This pair has the same page already; you may discard it."))
        else:
            messages.success(request, _("Saved."))
            return _onward(request)
    context = {"row": row, "form": form, "query": query}
    return render(request, "papers/assign.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def discard(request: UserRequest, pk: UUID) -> HttpResponse:
    try:
        placing.discard(_own(request, pk), by=request.user)
    except StaleMove:
        return _stale(request)
    messages.success(request, _("The page is discarded."))
    return _onward(request)


@signed_in
def withdraw(request: UserRequest, pk: UUID) -> HttpResponse:
    row = _visible(request, pk)
    if row.pairing is None or not row.may_withdraw(request.user, timezone.now()):
        raise PermissionDenied
    is_fresh = row.is_fresh(request.user, timezone.now())
    given = request.POST if request.method == "POST" else None
    form = WithdrawForm(given, needs_reason=not is_fresh)
    if form.is_valid():
        try:
            placing.withdraw(row, by=request.user, reason=form.cleaned_data["reason"])
        except StaleMove:
            return _stale(request)
        messages.success(request, _("The page is withdrawn."))
        return redirect("papers:panel", pk=row.pairing.pk)
    context = {"row": row, "pairing": row.pairing, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "papers/withdraw.html", context, status=status)


def _visible(request: UserRequest, pk: UUID) -> PaperPage:
    rows = PaperPage.objects.visible_to(request.user).select_related(
        "uploaded_by",
        "pairing__unit",
        "pairing__mentor_cadre__user",
        "pairing__mentee__user",
    )
    return get_object_or_404(rows, pk=pk)


def _own(request: UserRequest, pk: UUID) -> PaperPage:
    """A page of the user's own stacks, in whatever state: one pressed twice is told so."""
    return get_object_or_404(PaperPage.objects.filter(uploaded_by=request.user), pk=pk)


def _onward(request: UserRequest) -> HttpResponse:
    """To the next page that waits, until none does."""
    following = PaperPage.objects.waiting_for(request.user).order_by("-id").first()
    if following:
        return redirect("papers:assign", pk=following.pk)
    return redirect("papers:list")


def _stale(request: UserRequest) -> HttpResponse:
    return render(request, "papers/stale.html", status=409)
