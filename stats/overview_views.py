"""What a unit looks like at a glance: its key figures at once, its charts after the page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, office
from core.htmx import page_or_part
from stats import overview as shown
from stats.charts import CHARTS
from stats.cuts import Cut, say
from stats.forms import CutForm
from stats.grids import address
from stats.tallies import NotYet, is_large
from stats.views import counting, crumbs_of, refused, unit_asked
from units.models import Unit

# Of a large unit this asks for every county on thirteen days: only for whoever asks for it.
HEAVY = "trend"
COLUMNS = (("coverage", "methods"), ("states", "trend", "ages"))


@office
@require_safe
def overview(request: UserRequest) -> HttpResponse:
    unit = unit_asked(request)
    form = CutForm(request.GET, user=request.user, unit=unit)
    context: dict[str, Any] = {"form": form, "unit": unit, "crumbs": crumbs_of(request, unit)}
    if not form.is_valid():
        return render(request, "stats/overview.html", context, status=422)
    cut = form.cut
    try:
        keys = shown.key_figures(unit, cut)
    except NotYet as early:
        return counting(request, unit, early)
    context |= {
        "cut": cut,
        "keys": keys,
        "note": shown.note(cut),
        "compare_href": shown.compare_address(unit, cut),
        "is_empty": not any(each.has_any for each in keys),
        "columns": _columns(unit, cut),
    }
    return render(request, "stats/overview.html", context)


@office
@require_safe
def chart(request: UserRequest) -> HttpResponse:
    """One of the charts with its table: a panel of the overview, or a page of its own."""
    unit = unit_asked(request)
    form = CutForm(request.GET, user=request.user, unit=unit)
    title, draw = CHARTS.get(request.GET.get("chart", ""), (None, None))
    if title is None or draw is None:
        raise Http404
    if not form.is_valid():
        return refused(request, form, unit)
    cut = form.cut
    context = {
        "unit": unit,
        "cut": cut,
        "title": say(title, cut),
        "here": request.get_full_path(),
        "back": address("stats:overview", unit, cut),
    }
    try:
        context["charts"] = draw(unit, cut)
    except NotYet as early:
        context["progress"] = early.progress
    return page_or_part(request, "stats/chart.html", "stats/_charts.html", context)


def _columns(unit: Unit, cut: Cut) -> list[list[dict[str, Any]]]:
    """Where each chart is to be drawn, in two columns that are about equally high."""
    large = is_large(unit)
    return [
        [
            {
                "code": code,
                "title": say(CHARTS[code][0], cut),
                "href": address("stats:chart", unit, cut, chart=code),
                "waits": large and code == HEAVY,
            }
            for code in column
        ]
        for column in COLUMNS
    ]
