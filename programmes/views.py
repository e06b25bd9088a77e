"""The programmes of the user's units: the list, one with its steps, its settings, its moves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, office
from pairings.models import Policy
from programmes import running, standing
from programmes.models import NotNow, Programme, StaleMove
from programmes.programme_forms import CopyForm, FilterForm, MoveForm, ProgrammeForm
from programmes.states import MOVES
from tables.paging import page_of


@office
def list_(request: UserRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    rows = form.narrow(Programme.objects.visible_to(request.user).for_list())
    rows = rows.annotate(pairs=Count("planned"))
    page = page_of(rows, order=("-year", "-id"), after=request.GET.get("after", ""))
    return render(request, "programmes/list.html", {"form": form, "page": page})


@office
def detail(request: UserRequest, pk: UUID) -> HttpResponse:
    programme, today = visible(request, pk), timezone.localdate()
    context = {
        "programme": programme,
        "policy": programme.policy or Policy.in_force(programme.unit, programme.from_on),
        "steps": standing.steps(programme),
        "counts": standing.counts_of(programme, request.user, today),
        "buttons": standing.buttons(programme, request.user, today),
        "events": programme.events.select_related("actor").order_by("-at", "-pk"),
        "may_keep": request.user.governs(programme.unit),
        "copy_form": CopyForm(),
    }
    return render(request, "programmes/detail.html", context)


@coordinator
def create(request: UserRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = ProgrammeForm(sent, user=request.user)
    if form.is_valid():
        try:
            key = form.cleaned_data["client_key"]
            made = running.create(form.save(commit=False), by=request.user, key=key)
        except IntegrityError:
            form.add_error("title", _("This unit has a programme of this name in this year."))
        else:
            messages.success(request, _("The programme is there."))
            return redirect("programmes:detail", pk=made.pk)
    context = {"form": form, "title": _("New programme")}
    status = 422 if form.is_bound else 200
    return render(request, "programmes/form.html", context, status=status)


@coordinator
def edit(request: UserRequest, pk: UUID) -> HttpResponse:
    programme = governed(request, pk)
    if not programme.is_settable:
        return stale(request, programme)
    sent = request.POST if request.method == "POST" else None
    form = ProgrammeForm(sent, instance=programme, user=request.user)
    if form.is_valid():
        try:
            running.edit(programme, form.settings, by=request.user)
        except StaleMove:
            return stale(request, programme)
        except IntegrityError:
            form.add_error("title", _("This unit has a programme of this name in this year."))
        else:
            messages.success(request, _("Saved."))
            return redirect("programmes:detail", pk=pk)
    context = {"form": form, "title": _("Change the settings"), "programme": programme}
    status = 422 if form.is_bound else 200
    return render(request, "programmes/form.html", context, status=status)


@coordinator
def move(request: UserRequest, pk: UUID, verb: str) -> HttpResponse:
    programme = governed(request, pk)
    if verb not in MOVES:
        raise Http404
    if verb not in programme.moves_for(request.user):
        return stale(request, programme)
    if sentence := running.obstacle(programme, verb, timezone.localdate()):
        return stale(request, programme, sentence)
    sent = request.POST if request.method == "POST" else None
    form, refused = MoveForm(sent, verb=verb), None
    if form.is_valid():
        try:
            running.move(programme, verb, by=request.user, **form.cleaned_data)
        except StaleMove:
            return stale(request, programme)
        except NotNow as refusal:
            refused = refusal
            form.add_error(None, refusal.sentence)
        else:
            done = {"what": programme.get_state_display()}
            messages.success(request, _("Done: %(what)s.") % done)
            return redirect("programmes:detail", pk=pk)
    context = {"programme": programme, "form": form, "label": MOVES[verb].label, "verb": verb}
    context["refusal"] = refused
    status = 422 if form.is_bound else 200
    return render(request, "programmes/move.html", context, status=status)


@coordinator
def copy(request: UserRequest, pk: UUID) -> HttpResponse:
    programme = governed(request, pk)
    if request.method != "POST":
        context = {"programme": programme, "copy_form": CopyForm(), "year": programme.year + 1}
        return render(request, "programmes/copy.html", context)
    form = CopyForm(request.POST)
    key = form.cleaned_data["client_key"] if form.is_valid() else None
    try:
        made = running.copy(programme, by=request.user, key=key)
    except NotNow as refusal:
        return stale(request, programme, refusal.sentence)
    messages.success(request, _("Copied; look at the days before you go on."))
    return redirect("programmes:detail", pk=made.pk)


def visible(request: UserRequest, pk: UUID) -> Programme:
    return get_object_or_404(Programme.objects.visible_to(request.user).for_list(), pk=pk)


def governed(request: UserRequest, pk: UUID) -> Programme:
    """The programme, when its verbs are this user's; who only reads is forbidden."""
    programme = visible(request, pk)
    if not request.user.governs(programme.unit):
        raise PermissionDenied
    return programme


def stale(request: UserRequest, programme: Programme, sentence: str = "") -> HttpResponse:
    """What stands in the way, what stands now, and the way back."""
    programme.refresh_from_db(fields=["state"])
    context = {"programme": programme, "sentence": sentence}
    return render(request, "programmes/stale.html", context, status=409)
