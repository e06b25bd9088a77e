from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from accounts.access import UserRequest, office
from accounts.models import BUSINESS_ROLES
from core.glyphs import MissingGlyph
from stats import exports, figures
from stats.cuts import Cut, say
from stats.forms import CutForm
from stats.grids import address, grids, notes, remarks
from stats.indicators import PAIRS_UNPOSTED, find
from stats.listing import LISTINGS, entry
from stats.shapes import COUNTED
from stats.tallies import NotYet
from tables.paging import page_of
from units.models import Kind, Unit


@office
def table(request: UserRequest) -> HttpResponse:
    unit = unit_asked(request)
    form = CutForm(request.GET, user=request.user, unit=unit)
    context = {"form": form, "unit": unit, "crumbs": crumbs_of(request, unit)}
    if not form.is_valid():
        return render(request, "stats/table.html", context, status=422)
    cut = form.cut
    try:
        found = figures.table(
            unit, cut.as_of, cut.period_from, age=cut.age, at_once=True, only={form.shown}
        )
    except NotYet as early:
        return counting(request, unit, early)
    if not found.sections:  # no section is called so
        raise Http404
    context |= {
        "cut": cut,
        "choices": _choices(found, form.shown),
        "grids": grids(found),
        "notes": notes(found, found.columns),
        "remarks": remarks(found),
        "unposted_href": _unposted(found),
        "seal_href": address("snapshots:create", unit, cut) if request.user.governs(unit) else "",
        "formats": [
            (format_, address("stats:export", unit, cut, format=format_))
            for format_ in exports.WRITERS
        ],
        "counties_href": _counties(unit, cut),
    }
    return render(request, "stats/table.html", context)


@office
def names(request: UserRequest) -> HttpResponse:
    """The rows that one figure counts."""
    unit = unit_asked(request)
    form = CutForm(request.GET, user=request.user, unit=unit)
    if not form.is_valid():
        return refused(request, form, unit)
    found = find(request.GET.get("indicator", ""))
    if found is None:
        raise Http404
    cut, (above, indicator), row = form.cut, found, request.GET.get("row", figures.TOTAL)
    rows = figures.behind(unit, cut, indicator, row).filter(request.user.rows_q())
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
        "place": place_of_row(unit, row),
        "cut": cut,
        "headers": listing.headers,
        "entries": [entry(indicator.base, each, request.user) for each in page.rows],
        "page": page,
        "total": rows.count() if page.is_capped else page.total,
        "back": address("stats:table", unit, cut, section=form.shown),
    }
    return render(request, "stats/names.html", context)


@office
def export(request: UserRequest) -> HttpResponse:
    unit = unit_asked(request)
    form = CutForm(request.GET, user=request.user, unit=unit)
    writer = exports.WRITERS.get(request.GET.get("format", ""))
    if writer is None:
        raise Http404
    if not form.is_valid():
        return refused(request, form, unit)
    cut = form.cut
    found = figures.table(unit, cut.as_of, cut.period_from, age=cut.age)
    try:
        content = writer.write(found)
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
            address("stats:table", found.unit, found.cut, section=each.code),
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
    is_above = unit.kind in (Kind.PROVINCE, Kind.CITY)
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


def place_of_row(unit: Unit, row: str) -> str:
    """The name of a row of the table; 404 for a row that it does not have."""
    for line in figures.places(unit):
        if line.key == row:
            return line.name if row != figures.TOTAL else unit.name
    raise Http404


def crumbs_of(request: UserRequest, unit: Unit) -> list[Unit]:
    """From the highest unit above that the user may open down to this one."""
    return list(Unit.objects.visible_to(request.user).filter(pk__in=unit.ancestor_ids))
