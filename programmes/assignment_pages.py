"""The pages of an assignment: asking for one, its progress and figures, the cost of a change.

For the office that governs the programme alone: reasons and costs tell of wishes.
"""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import UserRequest, coordinator
from cadres.models import Cadre
from core.fields import ClientKeyField
from core.htmx import page_or_part
from mentors.models import Mentor
from pairings.matching import reasons
from pairings.matching.assigning import NOBODY
from pairings.matching.scoring import MentorSide
from pairings.models import Policy
from programmes import pricing, runs
from programmes.models import AssignmentRun, NotNow, Programme
from programmes.pricing import Costs, Option
from programmes.states import ASSIGNABLE
from programmes.views import governed, stale
from units.models import Unit

SHOWN = 20
LEFT_SHOWN = 50


class StartForm(forms.Form):
    client_key = ClientKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = None
        self.helper.add_input(Submit("submit", _("Suggest the best list"), css_class="btn-primary"))


class TakeForm(forms.Form):
    """The mentor, and a digest of the cost and the moves that were shown with him."""

    mentor = forms.UUIDField(widget=forms.HiddenInput)
    told = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Take this mentor"), css_class="btn-primary"))


@coordinator
def assign(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    programme = governed(request, pk)
    form = StartForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = runs.start(programme, by=request.user, key=form.cleaned_data["client_key"])
        except NotNow as why:
            return stale(request, programme, str(why))
        return redirect("programmes:run", pk=pk, run_pk=made.pk)
    context = {
        "programme": programme,
        "form": form if programme.state in ASSIGNABLE else None,
        "runs": programme.runs.select_related("created_by")[:10],
        "policy": Policy.in_force(programme.unit, programme.from_on),
    }
    return render(request, "programmes/assign.html", context, status=422 if form.is_bound else 200)


@coordinator
@require_safe
def run(request: UserRequest, pk: uuid.UUID, run_pk: uuid.UUID) -> HttpResponse:
    programme = governed(request, pk)
    found = get_object_or_404(programme.runs.select_related("created_by"), pk=run_pk)
    context: dict[str, Any] = {"programme": programme, "run": found}
    if found.is_under_way:
        # An empty msgid is the head of the catalogue.
        context["step"] = _(found.step) if found.step else found.get_state_display()
        return page_or_part(
            request, "programmes/run.html", "programmes/_run_progress.html", context
        )
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    context |= _left(request, programme, found)
    context["is_last"] = programme.runs.first() == found
    context["may_change"] = programme.state in ASSIGNABLE
    return render(request, "programmes/run.html", context)


def _left(request: UserRequest, programme: Programme, found: AssignmentRun) -> dict[str, Any]:
    """One page of who was left without a mentor and has none yet, with why."""
    why = dict(found.figures.get("left", []))
    ids = pricing.still_left(programme, list(why))
    asked = request.GET.get("after", "")
    first = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    shown = ids[first : first + LEFT_SHOWN]
    people = Cadre.objects.visible_to(request.user).select_related("unit", "township", "county")
    by_pk = {str(pk): row for pk, row in people.in_bulk(shown).items()}
    reason = {
        "no_mentor": _("No mentor of this county is in office."),
        "no_candidate": _("Every mentor of this county is ruled out for this person."),
        "no_place": _("No mentor of this county who might be chosen has a place left."),
    }
    rows = [(by_pk[pk], reason[why[pk]]) for pk in shown if pk in by_pk]
    onward = first + LEFT_SHOWN
    return {"left": rows, "left_all": len(ids), "next": onward if onward < len(ids) else None}


class Shown(NamedTuple):
    """An option on the page, with its mentor and what speaks for the two in words."""

    option: Option
    mentor: Mentor
    words: list[str]


@coordinator
def costs(request: UserRequest, pk: uuid.UUID, mentee_pk: uuid.UUID) -> HttpResponse:
    programme = governed(request, pk)
    people = Cadre.objects.visible_to(request.user).filter(programme.unit.rows_q())
    cadre = get_object_or_404(people.select_related("unit"), pk=mentee_pk)
    is_sent = request.method == "POST"
    try:
        if is_sent and _is_taken(request, programme, cadre):
            messages.success(request, _("The list has been changed as shown."))
            return redirect("programmes:planned", pk=pk)
        context = _priced(request, programme, cadre) | {"is_other": is_sent}
    except NotNow as why:
        return stale(request, programme, str(why))
    return render(request, "programmes/costs.html", context, status=409 if is_sent else 200)


def _is_taken(request: UserRequest, programme: Programme, cadre: Cadre) -> bool:
    """False where the list, or what was sent, is not what was shown."""
    form = TakeForm(request.POST)
    try:
        if form.is_valid():
            pricing.take(programme, cadre, **form.cleaned_data, by=request.user)
    except pricing.OtherCost:
        return False
    return form.is_valid()


def _priced(request: UserRequest, programme: Programme, cadre: Cadre) -> dict[str, Any]:
    asked = request.GET if request.method == "GET" else request.POST
    found = pricing.costs_of(programme, cadre)
    words = request.GET.get("q", "").strip()[:50]
    among = None
    if words:
        ids = [side.pk for side in found.area.mentors]
        among = set(Mentor.objects.filter(pk__in=ids).search(words).values_list("pk", flat=True))
    chosen = _chosen(found, asked.get("mentor", ""))
    options = [] if chosen else found.options(SHOWN, among)
    sides = [option.mentor for option in [*options, *([chosen] if chosen else [])]]
    names = dict(Unit.objects.filter(pk__in=found.mentee.above).values_list("pk", "name"))
    rows = Mentor.objects.for_list().in_bulk([side.pk for side in sides])
    shown = [Shown(each, rows[each.mentor.pk], _words(found, each.mentor, names))
             for each in options]  # fmt: skip
    context: dict[str, Any] = {
        "programme": programme, "cadre": cadre, "options": shown, "q": words,
        "is_exact": found.exact is not None,
    }  # fmt: skip
    if found.now:
        context["now"] = Mentor.objects.for_list().get(pk=found.now.pk)
        context["now_words"] = _words(found, found.now, names)
    if chosen:
        told = {"mentor": chosen.mentor.pk, "told": found.told(chosen)}
        context |= {
            "chosen": chosen,
            "mentor": rows[chosen.mentor.pk],
            "form": TakeForm(initial=told),
        }
        context["moves"] = _moves(found, chosen)
    return context


def _chosen(found: Costs, asked: str) -> Option | None:
    try:
        column = found.column_of(uuid.UUID(asked))
    except ValueError:
        return None
    return None if column is None or column == found.draft[found.row] else found.option(column)


def _words(found: Costs, mentor: MentorSide, names: dict[int, str]) -> list[str]:
    return [
        reasons.sentence(part.feature, mentor, found.mentee, names, found.sides.tables)
        for part in found.reasons(mentor)
        if part.points
    ]


def _moves(found: Costs, option: Option) -> list[tuple[Cadre, Cadre | None, Cadre | None]]:
    """Who goes from whom to whom; the office of the programme governs all of them."""
    sides = [found.area.mentees[row].cadre_pk for row, _column in option.moves]
    columns = {int(found.draft[row]) for row, _column in option.moves}
    columns |= {column for _row, column in option.moves}
    mentors = {at: found.area.mentors[at].cadre_pk for at in columns if at != NOBODY}
    rows = Cadre.objects.select_related("unit").in_bulk([*sides, *mentors.values()])
    person = {at: rows[pk] for at, pk in mentors.items()}
    return [
        (rows[mentee], person.get(int(found.draft[row])), person.get(column))
        for mentee, (row, column) in zip(sides, option.moves, strict=True)
    ]
