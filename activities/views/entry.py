"""Entering a record: for which pair, then its form."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, signed_in
from accounts.models import Role, User
from activities.entering import KINDS, Closed, enter, may_enter
from activities.forms import RECORD_FORMS, RecordForm, SessionForm, VisitForm
from activities.guiding import bringing
from activities.matters import beside
from activities.models import AlreadyClosed, Session
from activities.places import near
from core.htmx import page_or_part
from pairings.models import Pairing
from pairings.states import Actor, State
from tables.paging import page_of

# What an address may fill into the form of a session, and the field that it fills.
FILLED = {"method": "method", "topic": "topic", "day": "happened_on"}


@signed_in
def log_visit(request: UserRequest) -> HttpResponse:
    return choose(request, ["visit"])


@signed_in
def log_session(request: UserRequest) -> HttpResponse:
    return choose(request, ["session"])


@coordinator
def on_behalf(request: UserRequest) -> HttpResponse:
    return choose(request, list(KINDS))


@signed_in
def visit_create(request: UserRequest, pairing: uuid.UUID) -> HttpResponse:
    return _create(request, pairing, "visit")


@signed_in
def session_create(request: UserRequest, pairing: uuid.UUID) -> HttpResponse:
    if request.method == "POST" and "step" in request.POST:
        return _show_form(request, pairing)
    return _create(request, pairing, "session")


def choose(request: UserRequest, kinds: list[str]) -> HttpResponse:
    """For which pair? Who has a single one is not asked."""
    query = request.GET.get("q", "").strip()
    rows = Pairing.objects.filter(_enterable(request.user, kinds), state=State.ACTIVE)
    page = page_of(
        rows.search(query).for_list(),
        order=("mentee__pinyin", "id"),
        after=request.GET.get("after", ""),
        size=30,
    )
    if len(kinds) == 1 and page.total == 1 and not query and len(page.rows) == 1:
        return redirect(KINDS[kinds[0]].create, page.rows[0].pk)
    title = KINDS[kinds[0]].action if len(kinds) == 1 else _("Enter on behalf")
    context = {
        "page": page,
        "query": query,
        "title": title,
        "kinds": [KINDS[kind] for kind in kinds],
    }
    return render(request, "activities/choose.html", context)


def _enterable(user: User, kinds: list[str]) -> Q:
    """Pairs for which the user enters such records; may_enter stays the guard."""
    by = frozenset().union(*(KINDS[kind].by for kind in kinds))
    condition = user.rows_q(roles=(Role.COORDINATOR,)) if Actor.OFFICE in by else Q(pk__in=[])
    if Actor.MENTOR in by:
        condition |= Q(mentor_cadre__user=user)
    if Actor.MENTEE in by:
        condition |= Q(mentee__user=user)
    return condition


def _create(request: UserRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)
    if not may_enter(kind, pairing, request.user):
        raise PermissionDenied
    if not pairing.allows_records:
        return closed(request, pairing)
    form = _form(request, pairing, kind)
    if request.method == "POST":
        try:
            if form.is_valid():
                return _save(request, form, kind)
        except AlreadyClosed as quicker:
            cast(VisitForm, form).say_settled(quicker.matter)
        form.say_files_are_lost()
    context = {
        "form": form,
        "kind": kind,
        "pairing": pairing,
        "title": KINDS[kind].action,
        "is_on_behalf": pairing.side_of(request.user) is None,
    }
    status = 422 if form.errors else 200
    return render(request, "activities/create.html", context, status=status)


def _show_form(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The short form of another method, or other earlier records; what was typed is kept."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)
    if not may_enter("session", pairing, request.user):
        raise PermissionDenied
    typed = {**request.POST.dict(), "earlier": request.POST.getlist("earlier")}
    if (step := str(typed["step"])).isdecimal():
        typed["page"] = step
    form = SessionForm(initial=typed, instance=Session(pairing=pairing), user=request.user)
    context = {
        "form": form,
        "pairing": pairing,
        "title": KINDS["session"].action,
        "is_on_behalf": pairing.side_of(request.user) is None,
    }
    return page_or_part(request, "activities/create.html", "activities/_method_form.html", context)


def _form(request: UserRequest, pairing: Pairing, kind: str) -> RecordForm:
    model = KINDS[kind].model
    extra: dict[str, Any] = {"nearby": near(pairing)} if kind == "visit" else {}
    if kind == "session":
        given = {field: request.GET[name] for name, field in FILLED.items() if name in request.GET}
        extra["initial"] = {"method": "", **given}
    if "month" in request.GET:
        # From a page of paper: its day is known to whoever reads the page, and is hardly today.
        extra.setdefault("initial", {})["happened_on"] = None
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return RECORD_FORMS[model](*data, instance=model(pairing=pairing), user=request.user, **extra)


def _save(request: UserRequest, form: RecordForm, kind: str) -> HttpResponse:
    given, user = form.cleaned_data, request.user
    key, along = given["client_key"], None
    if isinstance(form, SessionForm):
        along = bringing(by=user, key=key, due_on=given["due_on"], earlier=form.chosen)
    if isinstance(form, VisitForm):
        along = beside([given["left_open"]], form.settled, by=user, key=key)
    try:
        row = enter(form.instance, by=user, key=key, files=given.get("uploads", []), along=along)
    except Closed:
        return closed(request, Pairing.objects.for_detail().get(pk=form.instance.pairing_id))
    messages.success(request, _("Saved."))
    return redirect(KINDS[kind].detail, row.pk)


def closed(request: UserRequest, pairing: Pairing) -> HttpResponse:
    return render(request, "activities/closed.html", {"pairing": pairing}, status=409)
