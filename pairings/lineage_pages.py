"""Pages of lineage 师承: of a unit and of a person, as a chart to open up and as one to print."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, office, signed_in
from accounts.models import BUSINESS_ROLES
from cadres.models import Cadre
from core.glyphs import MissingGlyph
from pairings import lineage, wall_chart
from pairings.lineage import DEEPEST, Lineage
from pairings.lineage_drawing import drawing
from pairings.lineage_forms import DayForm, PersonForm, UnitForm
from pairings.lineage_window import FOLDED, window
from units.models import Unit


class TooLarge(Exception):
    """More people than a chart holds."""


@office
@require_safe
def of_unit(request: UserRequest) -> HttpResponse:
    unit = _unit(request)
    form = UnitForm(request.GET, user=request.user, unit=unit)
    context = {"unit": unit, "crumbs": _crumbs(request, unit)}
    if not form.is_valid():
        return _refused(request, form, context)
    given = form.cleaned_data
    found = lineage.of_unit(unit, request.user, given["as_of"], least=given["least"])
    if found.is_too_large:
        context["smaller"] = unit.children.visible_to(request.user).live()
    return _page(request, form, found, context, folded=FOLDED)


@office
@require_safe
def chart_of_unit(request: UserRequest) -> HttpResponse:
    unit = _unit(request)
    form = UnitForm(request.GET, user=request.user, unit=unit)
    if not form.is_valid():
        return _refused(request, form, {"unit": unit, "crumbs": _crumbs(request, unit)})
    given = form.cleaned_data
    found = lineage.of_unit(unit, request.user, given["as_of"], least=given["least"])
    title = _("Lineage of mentors in %(unit)s") % {"unit": unit.name}
    return _pdf(request, found, title=title, unit=unit.name, back=reverse("pairings:lineage"))


@signed_in
@require_safe
def of_person(request: UserRequest, cadre_pk: uuid.UUID) -> HttpResponse:
    cadre = _cadre(request, cadre_pk)
    form = PersonForm(request.GET)
    if not form.is_valid():
        return _refused(request, form, {"cadre": cadre})
    depth = form.cleaned_data["depth"]
    found = lineage.of_person(cadre, request.user, form.cleaned_data["as_of"], depth)
    is_cut = any(node.goes_up or node.goes_down for node in found.rows)
    more = min(depth + lineage.DEPTH, DEEPEST)
    context = {"cadre": cadre, "more": more if is_cut and more > depth else 0}
    return _page(request, form, found, context)


@signed_in
@require_safe
def chart_of_person(request: UserRequest, cadre_pk: uuid.UUID) -> HttpResponse:
    cadre = _cadre(request, cadre_pk)
    form = PersonForm(request.GET)
    if not form.is_valid():
        return _refused(request, form, {"cadre": cadre})
    given = form.cleaned_data
    found = lineage.of_person(cadre, request.user, given["as_of"], given["depth"])
    title = _("Lineage of %(name)s") % {"name": cadre.name}
    back = reverse("pairings:lineage_of", args=[cadre.pk])
    return _pdf(request, found, title=title, unit=cadre.unit.name, back=back)


def _page(
    request: UserRequest, form: DayForm, found: Lineage, context: dict[str, Any], folded: int = 0
) -> HttpResponse:
    words = form.cleaned_data["q"]
    under, after = request.GET.get("under", ""), request.GET.get("after", "")
    shown = window(found, under=under, after=after, words=words, folded=folded)
    drawn = drawing(shown)
    lineage.give_names([*shown.people, *drawn.people], request.user)
    context |= {
        "form": form,
        "lineage": found,
        "page": shown,
        "drawing": drawn,
        "printed": wall_chart.sheets(found),
        "left_out": wall_chart.narrowed(found)[1],
    }
    return render(request, "pairings/lineage.html", context)


def _refused(request: UserRequest, form: DayForm, context: dict[str, Any]) -> HttpResponse:
    return render(request, "pairings/lineage.html", context | {"form": form}, status=422)


def _pdf(request: UserRequest, found: Lineage, *, title: str, unit: str, back: str) -> HttpResponse:
    try:
        made = _made(request, found, title, unit)
    except (TooLarge, MissingGlyph) as refusal:
        context = {"sentence": str(refusal), "back": f"{back}?{request.GET.urlencode()}"}
        return render(request, "pairings/lineage_refused.html", context, status=409)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{title}_{found.as_of:%Y%m%d}.pdf"
    header = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _made(request: UserRequest, found: Lineage, title: str, unit: str) -> bytes:
    if found.is_too_large:
        raise TooLarge(_("The lineage is too large for a chart: choose a unit below this one."))
    printed, left_out = wall_chart.narrowed(found)
    lineage.give_names(printed.rows, request.user)
    chart = wall_chart.chart_of(printed, title, unit, left_out=left_out)
    return wall_chart.render(chart, found.as_of)


def _unit(request: UserRequest) -> Unit:
    """The unit asked for, else that of the user's first grant; 404 outside the user's scope."""
    asked = request.GET.get("unit", "")
    if not asked:
        return next(g.unit for g in request.user.live_grants if g.role in BUSINESS_ROLES)
    if not asked.isdecimal():
        raise Http404
    return get_object_or_404(Unit.objects.visible_to(request.user), pk=int(asked))


def _crumbs(request: UserRequest, unit: Unit) -> list[Unit]:
    """From the highest unit above that the user may open down to this one."""
    return list(Unit.objects.visible_to(request.user).filter(pk__in=unit.ancestor_ids))


def _cadre(request: UserRequest, pk: uuid.UUID) -> Cadre:
    people = Cadre.objects.visible_to(request.user).select_related("unit")
    return get_object_or_404(people, pk=pk)
