from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, office, signed_in
from cadres.models import Cadre
from core.once import once
from core.paging import page_of
from mentors.filters import FilterForm
from mentors.forms import AppointForm, EndForm, TermsForm
from mentors.models import AlreadyEnded, Mentor, StillPaired

ORDER = ("cadre__pinyin", "id")


@office
def list_(request: UserRequest) -> HttpResponse:
    today = timezone.localdate()
    form = FilterForm(request.GET, user=request.user)
    rows = form.narrow(Mentor.objects.visible_to(request.user), today=today)
    page = page_of(rows.for_list(), order=ORDER, after=request.GET.get("after", ""))
    is_filtered = any(value for name, value in request.GET.items() if name != "after")
    context = {"form": form, "page": page, "is_filtered": is_filtered, "today": today}
    return render(request, "mentors/list.html", context)


@office
def options(request: UserRequest) -> JsonResponse:
    """For search-selects: mentors in office today whom this user sees, 50 at most."""
    rows = Mentor.objects.visible_to(request.user).in_office(timezone.localdate())
    rows = rows.search(request.GET.get("q", "")).with_places().for_list()
    found = []
    for mentor in rows.order_by(*ORDER)[:50]:
        places = _("free %(free)d/%(capacity)d") % {
            "free": mentor.free,
            "capacity": mentor.capacity,
        }
        note = f"{mentor.cadre.told_apart} · {mentor.category} · {places}"
        found.append({"value": str(mentor.pk), "text": mentor.cadre.name, "note": note})
    return JsonResponse({"results": found})


@signed_in
def detail(request: UserRequest, pk: UUID) -> HttpResponse:
    mentor = _visible(request, pk)
    context = {
        "mentor": mentor,
        "events": mentor.events.select_related("actor"),
        "today": timezone.localdate(),
        "may_keep": request.user.governs(mentor.unit),
    }
    return render(request, "mentors/detail.html", context)


@signed_in
def panel(request: UserRequest, cadre_pk: UUID) -> HttpResponse:
    """The appointments of one person, for the page of that person."""
    cadre = get_object_or_404(
        Cadre.objects.visible_to(request.user).select_related("unit"), pk=cadre_pk
    )
    # Whoever sees the person sees the person's appointments, whichever unit made them; the
    # link to one stands where its page would open.
    rows = cadre.mentorships.with_places().for_list().order_by("-from_on", "id")
    mine = Mentor.objects.visible_to(request.user).filter(cadre=cadre)
    today = timezone.localdate()
    context = {
        "cadre": cadre,
        "rows": list(rows),
        "today": today,
        "opens": set(mine.values_list("pk", flat=True)),
        "may_appoint": cadre.left_on is None
        and request.user.governs(cadre.unit)
        and not any(row.to_on is None for row in rows),
    }
    return render(request, "mentors/_panel.html", context)


@coordinator
def create(request: UserRequest) -> HttpResponse:
    start = {"cadre": request.GET.get("cadre", "")}
    form = AppointForm(request.POST or None, initial=start, user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            mentor = once(
                Mentor,
                by=request.user,
                key=given["client_key"],
                make=lambda: Mentor.appoint(**given, by=request.user),
            )
        except IntegrityError:  # appointed by somebody else between the check and the saving
            form.add_error("cadre", _("This person is a mentor already."))
        else:
            messages.success(request, _("%(name)s is a mentor now.") % {"name": mentor.cadre})
            return redirect("mentors:detail", pk=mentor.pk)
    return _form(request, form, _("Appoint a mentor"))


@coordinator
def edit(request: UserRequest, pk: UUID) -> HttpResponse:
    mentor = _governed(request, pk)
    if mentor.to_on:
        return _refused(request, mentor)
    start = {"category": mentor.category, "capacity": mentor.capacity}
    form = TermsForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        mentor.change(**form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        if mentor.taken > mentor.capacity:
            messages.warning(request, _("More mentees than places are paired with this mentor."))
        return redirect("mentors:detail", pk=pk)
    return _form(request, form, _("Change the appointment"), mentor)


@coordinator
def end(request: UserRequest, pk: UUID) -> HttpResponse:
    mentor = _governed(request, pk)
    form = EndForm(request.POST or None, mentor=mentor)
    if mentor.taken or mentor.to_on:
        return _refused(request, mentor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            mentor.end(on=given["on"], reason=given["reason"], by=request.user)
        except (StillPaired, AlreadyEnded):
            return _refused(request, _governed(request, pk))
        messages.success(request, _("The appointment is ended; what was done stays on record."))
        return redirect("mentors:detail", pk=pk)
    return _form(request, form, _("End the appointment"), mentor)


def _visible(request: UserRequest, pk: UUID) -> Mentor:
    rows = Mentor.objects.visible_to(request.user).with_places().for_list()
    return get_object_or_404(rows, pk=pk)


def _governed(request: UserRequest, pk: UUID) -> Mentor:
    mentor = _visible(request, pk)
    if not request.user.governs(mentor.unit):
        raise PermissionDenied
    return mentor


def _form(
    request: UserRequest, form: Any, title: str, mentor: Mentor | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "mentor": mentor}
    return render(request, "mentors/form.html", context, status=422 if form.errors else 200)


def _refused(request: UserRequest, mentor: Mentor) -> HttpResponse:
    return render(request, "mentors/refused.html", {"mentor": mentor}, status=409)
