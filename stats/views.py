from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.access import UserRequest, office
from accounts.models import BUSINESS_ROLES, User
from core.glyphs import MissingGlyph
from stats import crossing, exports, figures
from stats.bases import Rows
from stats.cuts import Cut, say
from stats.forms import CutForm, RowsForm
from stats.grids import NATION, address, grids, notes, remarks
from stats.indicators import PAIRS_UNPOSTED, find
from stats.listing import LISTINGS, entry
from stats.shapes import COUNTED, Indicator
from stats.tallies import NotYet
from tables.paging import page_of
from units.models import Kind, Unit


@office
def table(request: UserRequest) -> HttpResponse:
    unit = unit_or_nation(request)
    form = RowsForm(request.GET, user=request.user, unit=unit)
    context = {"form": form, "unit": unit, "crumbs": crumbs_of(request, unit)}
    if not form.is_valid():
        return render(request, "stats/table.html", context, status=422)
    try:
        found = _counted(form, unit, {form.shown}, at_once=True)
    except NotYet as early:
        return counting(request, unit, early)
    except crossing.TooLarge:
        return _too_large(request, form, unit, context)
    if not found.sections and form.grouping:
        form.add_error("by", _("This table cannot be taken apart so: choose another one below."))
        context["choices"] = _choices(found, form.shown)
        return render(request, "stats/table.html", context, status=422)
    if not found.sections:  # no section is called so
        raise Http404
    return render(request, "stats/table.html", context | _shown(request, form, found))


def _counted(
    form: RowsForm, unit: Unit, only: set[str] | None = None, *, at_once: bool = False
) -> figures.Table:
    """The table that the form asks for, with rows of units or of groups."""
    cut = form.cut
    if form.grouping:
        return crossing.table(unit, cut, form.grouping, only)
    return figures.table(unit, cut.as_of, cut.period_from, age=cut.age, at_once=at_once, only=only)


def _shown(request: UserRequest, form: RowsForm, found: figures.Table) -> dict[str, Any]:
    unit, cut, by = found.unit, found.cut, _by(found)
    may_seal = unit.pk and request.user.governs(unit) and not by
    return {
        "cut": cut,
        "choices": _choices(found, form.shown),
        "grids": grids(found),
        "heading": found.heading,
        "nation_href": _nation(request, cut) if unit.pk else "",
        "definitions_href": address("stats:definitions", unit, cut),
        "notes": notes(found, found.columns),
        "remarks": remarks(found),
        "unposted_href": _unposted(found),
        "seal_href": address("snapshots:create", unit, cut) if may_seal else "",
        "formats": [
            (format_, address("stats:export", unit, cut, format=format_, **by))
            for format_ in exports.WRITERS
        ],
        "counties_href": "" if by else _counties(unit, cut),
    }


def _by(found: figures.Table) -> dict[str, str]:
    return {"by": found.by} if found.by else {}


def _too_large(
    request: UserRequest, form: RowsForm, unit: Unit, context: dict[str, Any]
) -> HttpResponse:
    """Groups are counted on the spot, so of units below: their tables are a step away."""
    below = Unit.objects.visible_to(request.user).filter(parent=unit.pk, kind__in=figures.LISTED)
    also = {"section": form.shown, "by": form.cleaned_data["by"]}
    context["smaller"] = [
        (each.name, address("stats:table", each, form.cut, **also))
        for each in below.order_by("code", "pk")
    ]
    return render(request, "stats/table.html", context)


@office
def names(request: UserRequest) -> HttpResponse:
    """The rows that one figure counts."""
    unit = unit_or_nation(request)
    form = RowsForm(request.GET, user=request.user, unit=unit)
    if not form.is_valid():
        return refused(request, form, unit)
    found = find(request.GET.get("indicator", ""))
    if found is None:
        raise Http404
    cut, (above, indicator), row = form.cut, found, request.GET.get("row", figures.TOTAL)
    place = place_of_row(unit, row, form.grouping)
    rows = _behind(form, unit, indicator, row).filter(request.user.rows_q())
    listing = LISTINGS[indicator.base]
    page = page_of(
        rows.select_related(*listing.related),
        order=listing.order,
        after=request.GET.get("after", ""),
    )
    context = {
        "titles": [say(above, cut), say(indicator.title, cut)],
        "definitions": [say(each, cut) for each in indicator.definitions],
        "counted": COUNTED[indicator.base],
        "unit": unit,
        "place": place,
        "cut": cut,
        "headers": listing.headers,
        "entries": [entry(indicator.base, each, request.user) for each in page.rows],
        "page": page,
        "total": rows.count() if page.is_capped else page.total,
        "back": address("stats:table", unit, cut, section=form.shown, by=form.cleaned_data["by"]),
    }
    return render(request, "stats/names.html", context)


def _behind(form: RowsForm, unit: Unit, indicator: Indicator, row: str) -> Rows:
    """The rows of a figure; 404 for a figure that cannot be taken apart so."""
    if not form.grouping:
        return figures.behind(unit, form.cut, indicator, row)
    if not form.grouping.allows(indicator):
        raise Http404
    return crossing.behind(unit, form.cut, form.grouping, indicator, row)


@office
def export(request: UserRequest) -> HttpResponse:
    unit = unit_or_nation(request)
    form = RowsForm(request.GET, user=request.user, unit=unit)
    writer = exports.WRITERS.get(request.GET.get("format", ""))
    if writer is None:
        raise Http404
    if not form.is_valid():
        return refused(request, form, unit)
    cut = form.cut
    try:
        found = _counted(form, unit)
        content = writer.write(found)
    except crossing.TooLarge:
        return redirect(address("stats:table", unit, cut, by=form.cleaned_data["by"]))
    except MissingGlyph as missing:
        messages.error(request, str(missing))
        return redirect(address("stats:table", unit, cut))
    response = HttpResponse(content, content_type=writer.mime)
    filename = f"{exports.title_of(found)}_{cut.as_of:%Y%m%d}.{request.GET['format']}"
    header = content_disposition_header(as_attachment=True, filename=filename)
    response.headers["Content-Disposition"] = header or "attachment"
    return response


def _choices(found: figures.Table, code: str) -> list[tuple[str, str, bool]]:
    """Title, address and whether it is shown, of each section."""
    return [
        (
            say(each.title, found.cut),
            address("stats:table", found.unit, found.cut, section=each.code, **_by(found)),
            each.code == code,
        )
        for each in found.every
    ]


def counting(request: UserRequest, unit: Unit, early: NotYet) -> HttpResponse:
    """The counties are being counted: how far it is, on a page that may be left and found again."""
    context = {
        "unit": unit,
        "crumbs": crumbs_of(request, unit),
        "progress": early.progress,
        "here": request.get_full_path(),
    }
    return render(request, "stats/counting.html", context)


def _counties(unit: Unit, cut: Cut) -> str:
    is_above = unit.pk is None or unit.kind in (Kind.PROVINCE, Kind.CITY)
    return address("stats:counties", unit, cut) if is_above else ""


def _unposted(found: figures.Table) -> str:
    if not found.unposted:
        return ""
    return address("stats:names", found.unit, found.cut, indicator=PAIRS_UNPOSTED.code)


def refused(request: UserRequest, form: CutForm, unit: Unit) -> HttpResponse:
    context = {"form": form, "unit": unit, "crumbs": crumbs_of(request, unit)}
    return render(request, "stats/table.html", context, status=422)


def unit_asked(request: UserRequest) -> Unit:
    """The unit asked for, else that of the user's first grant; 404 outside the user's scope."""
    asked = request.GET.get("unit", "")
    if not asked:
        return next(g.unit for g in request.user.live_grants if g.role in BUSINESS_ROLES)
    if not asked.isdecimal():
        raise Http404
    return get_object_or_404(Unit.objects.visible_to(request.user), pk=int(asked))


def unit_or_nation(request: UserRequest) -> Unit:
    """The same, or the whole country (`unit=all`) for who has an office over all of it."""
    if request.GET.get("unit") != NATION:
        return unit_asked(request)
    roots = roots_of(request.user)
    if not roots:
        raise Http404
    return figures.nation() if len(roots) > 1 else roots[0]


def roots_of(user: User) -> list[Unit]:
    """The units above which there is none, if the user has an office over each; else nothing."""
    roots = list(Unit.objects.filter(parent=None, closed_on=None).order_by("code", "pk"))
    held = {grant.unit_id for grant in user.live_grants if grant.role in BUSINESS_ROLES}
    return roots if {root.pk for root in roots} <= held else []


def _nation(request: UserRequest, cut: Cut) -> str:
    """The address of the country's table, for who may open it; empty for nearly everybody."""
    several = len(request.user.live_grants) > 1 and len(roots_of(request.user)) > 1
    return address("stats:table", figures.nation(), cut) if several else ""


def place_of_row(unit: Unit, row: str, grouping: crossing.Grouping | None = None) -> str:
    """The name of a row of the table; 404 for a row that it does not have."""
    if grouping and row != figures.TOTAL:
        for group in crossing.groups_of(grouping):
            if group.key == row:
                return f"{unit.name} · {group.title}"
        raise Http404
    for line in figures.places(unit):
        if line.key == row:
            return line.name if row != figures.TOTAL else unit.name
    raise Http404


def crumbs_of(request: UserRequest, unit: Unit) -> list[Unit]:
    """From the highest unit above that the user may open down to this one."""
    return list(Unit.objects.visible_to(request.user).filter(pk__in=unit.ancestor_ids))
