"""The pages of the register of mentees; they stand here because they show who is paired."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, office, signed_in
from cadres.models import Cadre, Mentee, MenteeEvent, MenteeVerb, StaleEntry
from core.fields import ClientKeyField
from core.htmx import page_or_part
from core.once import once
from pairings.coverage import (
    coverage_of,
    paired_only,
    shown_as_then,
    unregistered,
    with_pairs,
)
from pairings.mentee_filters import MenteeFilterForm
from pairings.mentee_forms import FORMS, PAIRED, SHOWN, EntryForm, PeopleForm, RegisterForm
from tables.paging import page_of
from tables.sorting import Sorting, is_narrowed

_ACTS: dict[str, Callable[..., object]] = {
    MenteeVerb.EXEMPT: Mentee.exempt,
    MenteeVerb.INCLUDE: Mentee.include_again,
    MenteeVerb.CATEGORY: Mentee.change_category,
    MenteeVerb.CORRECT: Mentee.correct,
    MenteeVerb.END: Mentee.end,
    MenteeVerb.REOPEN: Mentee.reopen,
}


@office
def list_(request: UserRequest) -> HttpResponse:
    today = timezone.localdate()
    form = MenteeFilterForm(request.GET, user=request.user)
    visible = Mentee.objects.visible_to(request.user)
    sorting = Sorting.read(form.sorts, request.GET)
    rows = form.narrow(visible, today=today).for_list(form.day or today)
    rows = with_pairs(rows, request.user, form.day)
    after = request.GET.get("after", "")
    page = page_of(rows, order=sorting.order, after=after, size=sorting.size)
    governed = {row.pk for row in page.rows if request.user.governs(row.cadre.unit)}
    if form.day:  # what is done next belongs to today's list
        governed = set()
        shown_as_then(page.rows, form.day)
    context = {
        "form": form,
        "page": page,
        "sorting": sorting,
        "today": form.day or today,
        "as_of": form.day,
        "is_filtered": is_narrowed(request.GET),
        "governed": governed,
    }
    return render(request, "pairings/mentee_list.html", context, status=form.status)


@office
def coverage(request: UserRequest) -> HttpResponse:
    """The line above the list: it counts a whole area, so the list does not wait for it."""
    today = timezone.localdate()
    form = MenteeFilterForm(request.GET, user=request.user)
    rows = form.place(Mentee.objects.visible_to(request.user))
    context = {"coverage": coverage_of(rows, today, form.day), "today": form.day or today}
    if request.user.is_coordinator and form.day is None:
        context["unregistered"] = paired_only(unregistered(request.user)).count()
    part = "pairings/_mentee_coverage.html"
    return page_or_part(request, "pairings/mentee_coverage.html", part, context)


@signed_in
def panel(request: UserRequest, cadre_pk: UUID) -> HttpResponse:
    """The entries of one person with their history, for the page of that person."""
    cadre = get_object_or_404(
        Cadre.objects.visible_to(request.user).select_related("unit"), pk=cadre_pk
    )
    today = timezone.localdate()
    rows = cadre.menteeships.for_list(today).prefetch_related("exemptions")
    entries = list(with_pairs(rows, request.user))
    context = {
        "cadre": cadre,
        "today": today,
        "entries": [(entry, _moves(request, entry)) for entry in entries],
        "events": MenteeEvent.objects.filter(mentee__in=entries)
        .select_related("actor")
        .order_by("-at", "-pk"),
        "may_enter": cadre.left_on is None
        and request.user.governs(cadre.unit)
        and not any(entry.to_on is None for entry in entries),
    }
    return render(request, "pairings/_mentee_panel.html", context)


@coordinator
def create(request: UserRequest) -> HttpResponse:
    asked = PeopleForm(request.GET, user=request.user)
    found = list(asked.found()[: SHOWN + 1])
    sent = request.POST if request.method == "POST" else None
    start = {"cadres": found[:SHOWN]} if asked["cadre"].data or _asks_paired(request) else {}
    form = RegisterForm(
        sent, user=request.user, people=asked.people, shown=found[:SHOWN], initial=start
    )
    if form.is_bound and (entered := _entered(request, form)):
        return entered
    context = {"asked": asked, "form": form, "found": found, "is_cut": len(found) > SHOWN}
    return render(
        request, "pairings/mentee_create.html", context, status=422 if form.is_bound else 200
    )


def _asks_paired(request: UserRequest) -> bool:
    return request.GET.get("who") == PAIRED


def _entered(request: UserRequest, form: RegisterForm) -> HttpResponse | None:
    """The answer to people who were entered, or None with the form saying why they were not."""
    if not form.is_valid() and not form.was_sent_before:
        return None
    given = form.cleaned_data
    key = given["client_key"]
    try:
        first = once(
            Mentee,
            by=request.user,
            key=key,
            make=lambda: Mentee.register(
                given["cadres"],
                category=given["category"],
                from_on=given["from_on"],
                by=request.user,
                client_key=key,
            )[0],
        )
    except IntegrityError:  # entered by somebody else between the check and the saving
        form.add_error("cadres", _("Some of these people are on the register already."))
        return None
    messages.success(request, _("Entered in the register of mentees."))
    if request.GET.get("cadre"):
        return redirect("cadres:detail", pk=first.cadre_id)
    return redirect("mentees:list")


@coordinator
def move(request: UserRequest, pk: UUID, verb: str) -> HttpResponse:
    today = timezone.localdate()
    rows = Mentee.objects.visible_to(request.user).for_list(today)
    entry = get_object_or_404(with_pairs(rows, request.user), pk=pk)
    if verb not in FORMS:
        raise Http404
    if not request.user.governs(entry.cadre.unit):
        raise PermissionDenied
    if verb == MenteeVerb.EXEMPT and _is_repeated(request, entry):
        return redirect("cadres:detail", pk=entry.cadre_id)
    if verb not in _moves(request, entry):
        return _stale(request, entry)
    sent = request.POST if request.method == "POST" else None
    form = FORMS[verb](sent, entry=entry)
    if form.is_valid():
        try:
            with transaction.atomic():
                _ACTS[verb](entry, **form.cleaned_data, by=request.user)
        except (StaleEntry, IntegrityError):  # somebody was quicker
            return _stale(request, entry)
        messages.success(request, _("Saved."))
        return redirect("cadres:detail", pk=entry.cadre_id)
    return _asked(request, entry, form, verb)


def _is_repeated(request: UserRequest, entry: Mentee) -> bool:
    """Whether this very form has exempted the person already."""
    try:
        key = ClientKeyField().clean(request.POST.get("client_key", ""))
    except ValidationError:
        return False
    made = entry.exemptions.filter(created_by=request.user, client_key=key)
    return key is not None and made.exists()


def _asked(request: UserRequest, entry: Mentee, form: EntryForm, verb: str) -> HttpResponse:
    context: dict[str, Any] = {"entry": entry, "cadre": entry.cadre, "form": form}
    context |= {"label": MenteeVerb(verb).label, "today": timezone.localdate()}
    status = 422 if form.is_bound else 200
    return render(request, "pairings/mentee_form.html", context, status=status)


def _moves(request: UserRequest, entry: Mentee) -> list[MenteeVerb]:
    return entry.moves_for(request.user, is_exempt=bool(entry.exempt_now))


def _stale(request: UserRequest, entry: Mentee) -> HttpResponse:
    context = {"entry": entry, "today": timezone.localdate()}
    return render(request, "pairings/mentee_stale.html", context, status=409)
