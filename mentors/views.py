from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, office, signed_in
from cadres.models import Cadre
from core.once import once
from core.problems import Refused
from mentors import appointing, standing
from mentors.appointing import Terms
from mentors.filters import BY_NAME, FilterForm
from mentors.forms import AppointForm, MoveForm, TermsForm
from mentors.models import Mentor, MentorPolicy, StaleMove, StillPaired
from mentors.past import shown_as_then
from mentors.states import MOVES
from tables.paging import page_of
from tables.sorting import Sorting, is_narrowed


@office
def list_(request: UserRequest) -> HttpResponse:
    form = FilterForm(request.GET, user=request.user)
    today = timezone.localdate()
    rows = form.narrow(Mentor.objects.visible_to(request.user), today=today)
    rows = rows.for_list().prefetch_related("strengths")
    sorting = Sorting.read(form.sorts, request.GET)
    after = request.GET.get("after", "")
    page = page_of(rows, order=sorting.order, after=after, size=sorting.size)
    if form.day:
        shown_as_then(page.rows)
    context = {
        "form": form,
        "page": page,
        "sorting": sorting,
        "is_filtered": is_narrowed(request.GET),
        "today": form.day or today,
        "as_of": form.day,
    }
    return render(request, "mentors/list.html", context, status=form.status)


@office
def options(request: UserRequest) -> JsonResponse:
    """For search-selects: mentors in office today whom this user sees, 50 at most."""
    rows = Mentor.objects.visible_to(request.user).in_office(timezone.localdate())
    rows = rows.search(request.GET.get("q", "")).with_places().for_list()
    found = []
    for mentor in rows.order_by(*BY_NAME)[:50]:
        places = _("free %(free)d/%(capacity)d") % {
            "free": mentor.free,
            "capacity": mentor.capacity,
        }
        note = f"{mentor.cadre.told_apart} · {mentor.category} · {places}"
        found.append({"value": str(mentor.pk), "text": mentor.cadre.name, "note": note})
    return JsonResponse({"results": found})


@signed_in
def detail(request: UserRequest, pk: UUID) -> HttpResponse:
    mentor, today = _visible(request, pk), timezone.localdate()
    policy = MentorPolicy.in_force(mentor.unit, today)
    moves = standing.buttons(mentor, policy, request.user, today)
    asks = bool(moves) and mentor.is_candidate
    context = {
        "mentor": mentor,
        "policy": policy,
        "events": mentor.events.select_related("actor").order_by("-at", "-pk"),
        "sentence": standing.sentence(mentor, policy, today),
        "is_ending": standing.is_near_its_end(mentor, policy, today),
        "buttons": moves,
        "problems": appointing.problems(mentor.cadre, by=request.user, on=today, mentor=mentor)
        if asks
        else [],
        "today": today,
        "may_keep": mentor.may_move(request.user),
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
    rows = cadre.mentorships.with_places().for_list().order_by("-created_at", "id")
    mine = Mentor.objects.visible_to(request.user).filter(cadre=cadre)
    context = {
        "cadre": cadre,
        "rows": list(rows),
        "today": timezone.localdate(),
        "opens": set(mine.values_list("pk", flat=True)),
        "may_appoint": cadre.left_on is None
        and request.user.governs(cadre.unit)
        and not any(row.is_open for row in rows),
    }
    return render(request, "mentors/_panel.html", context)


@coordinator
def create(request: UserRequest) -> HttpResponse:
    start = {"cadre": request.GET.get("cadre", "")}
    sent = request.POST if request.method == "POST" else None
    form = AppointForm(sent, initial=start, user=request.user)
    if chosen := form.chosen_before:  # what speaks against the person is said at once
        form.show(appointing.problems(chosen, by=request.user, on=timezone.localdate()))
    if form.is_valid() and (mentor := _appointed(form, request)):
        said = _("%(name)s is a mentor now.") if form.is_at_once else _("%(name)s is proposed.")
        messages.success(request, said % {"name": mentor.cadre})
        return redirect("mentors:detail", pk=mentor.pk)
    return _form(request, form, _("Appoint a mentor"))


def _appointed(form: AppointForm, request: UserRequest) -> Mentor | None:
    """The new mentor, or None with the form saying why not."""
    given = form.cleaned_data
    fields = {name: given[name] for name in ("category", "capacity", "strengths", "client_key")}
    cadre = given["cadre"]

    def make() -> Mentor:
        if not form.is_at_once:
            return appointing.propose(cadre, by=request.user, **fields)
        policy = MentorPolicy.in_force(cadre.unit, given["from_on"])
        until = given["term_to_on"] or appointing.term_of(policy, given["from_on"])
        terms = Terms(given["from_on"], until, given["document"])
        waiver = given["waiver"].strip()
        return appointing.appoint_at_once(cadre, terms, by=request.user, waiver=waiver, **fields)

    try:
        return once(Mentor, by=request.user, key=given["client_key"], make=make)
    except Refused as refusal:
        form.show(refusal.problems)
    except IntegrityError:  # appointed by somebody else between the check and the saving
        form.add_error("cadre", _("This person is a mentor already."))
    return None


@coordinator
def edit(request: UserRequest, pk: UUID) -> HttpResponse:
    mentor = _governed(request, pk)
    if not mentor.is_open:
        return _refused(request, mentor)
    start = {"category": mentor.category, "capacity": mentor.capacity}
    start |= {"strengths": mentor.strengths.all()}
    sent = request.POST if request.method == "POST" else None
    form = TermsForm(sent, initial=start, mentor=mentor)
    if form.is_valid():
        mentor.change(**form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        if mentor.taken > mentor.capacity:
            messages.warning(request, _("More mentees than places are paired with this mentor."))
        return redirect("mentors:detail", pk=pk)
    return _form(request, form, _("Change the appointment"), mentor)


@coordinator
def move(request: UserRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in MOVES:
        raise Http404
    mentor = _governed(request, pk)
    if verb not in mentor.moves_for(request.user) or (verb == "end" and mentor.taken):
        return _refused(request, mentor)
    today = timezone.localdate()
    policy = MentorPolicy.in_force(mentor.unit, today)
    sent = request.POST if request.method == "POST" else None
    form = MoveForm(sent, mentor=mentor, verb=verb, policy=policy)
    if form.is_valid() and (response := _moved(request, mentor, form)):
        return response
    if verb == "appoint" and not form.problems:  # said before anybody presses the button
        on = form.cleaned_data.get("on", today) if form.is_bound else today
        form.show(appointing.problems(mentor.cadre, by=request.user, on=on, mentor=mentor))
    context = {"mentor": mentor, "form": form, "label": MOVES[verb].label, "verb": verb}
    return render(request, "mentors/move.html", context, status=422 if form.is_bound else 200)


def _moved(request: UserRequest, mentor: Mentor, form: MoveForm) -> HttpResponse | None:
    """The answer to a move, or None with the form saying why it cannot be."""
    given = dict(form.cleaned_data)
    waiver = given.pop("waiver", "").strip()
    try:
        if form.verb == "appoint":
            event = appointing.appoint(mentor, Terms(**given), by=request.user, waiver=waiver)
        else:
            event = mentor.move(form.verb, by=request.user, **given)
    except Refused as refusal:
        form.show(refusal.problems)
        return None
    except (StaleMove, StillPaired):
        return _refused(request, _governed(request, mentor.pk))
    messages.success(request, _("Done: %(what)s.") % {"what": event.get_to_state_display()})
    return redirect("mentors:detail", pk=mentor.pk)


def _visible(request: UserRequest, pk: UUID) -> Mentor:
    rows = Mentor.objects.visible_to(request.user).with_places().for_list()
    return get_object_or_404(rows, pk=pk)


def _governed(request: UserRequest, pk: UUID) -> Mentor:
    """The row, when its moves are this user's; nobody keeps an own appointment."""
    mentor = _visible(request, pk)
    if not mentor.may_move(request.user):
        raise PermissionDenied
    return mentor


def _form(
    request: UserRequest, form: Any, title: str, mentor: Mentor | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "mentor": mentor}
    return render(request, "mentors/form.html", context, status=422 if form.is_bound else 200)


def _refused(request: UserRequest, mentor: Mentor) -> HttpResponse:
    return render(request, "mentors/refused.html", {"mentor": mentor}, status=409)
