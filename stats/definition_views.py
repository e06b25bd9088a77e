"""The page that says what every figure means, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.access import UserRequest, office
from core.text import inert
from stats.cuts import Cut
from stats.defining import Definition, definitions
from stats.forms import CutForm, FindForm
from stats.grids import address
from stats.views import crumbs_of, refused, unit_or_nation


@office
def catalogue(request: UserRequest) -> HttpResponse:
    unit = unit_or_nation(request)
    form = CutForm(request.GET, user=request.user, unit=unit)
    if not form.is_valid():
        return refused(request, form, unit)
    finding = FindForm(request.GET)
    text = finding.text
    found = [each for each in definitions(form.cut) if each.holds(text)]
    context = {
        "unit": unit,
        "crumbs": crumbs_of(request, unit),
        "form": finding,
        "total": len(found),
        "sections": [
            (title, list(its)) for title, its in groupby(found, key=lambda each: each.section)
        ],
        "file_href": address("stats:definitions_file", unit, form.cut, q=text),
    }
    return render(request, "stats/definitions.html", context)


@office
def catalogue_file(request: UserRequest) -> HttpResponse:
    unit = unit_or_nation(request)
    form = CutForm(request.GET, user=request.user, unit=unit)
    if not form.is_valid():
        return refused(request, form, unit)
    text = io.StringIO()
    csv.writer(text).writerows(_rows(form.cut, FindForm(request.GET).text))
    content = text.getvalue().encode("utf-8-sig")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    filename = f"{_('What the figures mean')}.csv"
    header = content_disposition_header(as_attachment=True, filename=filename)
    response.headers["Content-Disposition"] = header or "attachment"
    return response


def _rows(cut: Cut, text: str) -> Iterator[list[object]]:
    yield [
        _("code"), _("table of figures"), _("group of columns"), _("name of the figure"),
        _("definition"), _("numerator of the share"), _("denominator of the share"),
        _("boundary"), _("unit of count"), _("rows by"), _("since version"),
    ]  # fmt: skip
    for each in definitions(cut):
        if each.holds(text):
            yield [inert(cell) for cell in _cells(each)]


def _cells(each: Definition) -> list[str]:
    return [
        each.code, each.section, each.group, each.title, each.definition, each.numerator,
        each.denominator, each.boundary, each.counted, "、".join(each.groupings), each.since,
    ]  # fmt: skip
