"""A row for each county: what only units above counties have."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.access import UserRequest, office
from stats import exports, figures
from stats.forms import CutForm
from stats.grids import address
from stats.tallies import NotYet
from stats.views import refused, unit_or_nation
from units.models import Kind

ABOVE_COUNTIES = (Kind.PROVINCE, Kind.CITY)


@office
def counties(request: UserRequest) -> HttpResponse:
    """A file with a row for each county of the whole subtree."""
    unit = unit_or_nation(request)
    if unit.pk and unit.kind not in ABOVE_COUNTIES:
        raise Http404
    form = CutForm(request.GET, user=request.user, unit=unit)
    if not form.is_valid():
        return refused(request, form, unit)
    cut = form.cut
    try:
        found = figures.by_county(unit, cut.as_of, cut.period_from, age=cut.age, at_once=True)
    except NotYet:  # that page tells how far it is
        return redirect(address("stats:table", unit, cut))
    response = HttpResponse(exports.write_csv(found), content_type=exports.WRITERS["csv"].mime)
    filename = f"{exports.title_of(found)}_{_('by county')}_{cut.as_of:%Y%m%d}.csv"
    header = content_disposition_header(as_attachment=True, filename=filename)
    response.headers["Content-Disposition"] = header or "attachment"
    return response
