"""Why a figure differs from that of an earlier day: by how much, and who came and who went."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, office
from stats import figures
from stats.compare_forms import CompareForm
from stats.compare_grids import View, definitions, remarks, sheet_rows, shown_columns, shown_rows
from stats.comparing import Item, by_column, by_unit, earlier
from stats.cuts import Cut, say
from stats.figures import Table
from stats.grids import address
from stats.sheets import WRITERS, Heading, Sheet
from stats.tallies import NotYet
from stats.views import counting, unit_asked
from units.models import Unit


@office
@require_safe
def compare(request: UserRequest) -> HttpResponse:
    """One row's figures, or one figure of all rows, on two days."""
    unit = unit_asked(request)
    form = CompareForm(request.GET, user=request.user, unit=unit)
    if not form.is_valid():
        return refused(request, form)
    view = View(unit, form.against, form.shown)
    try:
        then, now = tables(view, at_once=True)
    except NotYet as early:
        return counting(request, unit, early)
    items = items_of(form, then, now)
    context = {
        "form": form,
        "unit": unit,
        "against": view.against,
        "lines": (shown_rows if form.is_across else shown_columns)(view, items),
        "figure": _figure_name(form, items),
        "place": unit.name if form.row_asked == figures.TOTAL else form.place,
        "choices": _choices(form, view, now),
        "presets": _presets(form, view),
        "notes": definitions(view, items),
        "remarks": remarks(view.against),
        "formats": [(kind, _address(form, view, format=kind)) for kind in WRITERS],
        "siblings_href": siblings_address(request, view),
        "all_href": view.address("stats:compare", row=form.row_asked) if form.is_across else "",
    }
    return render(request, "stats/compare.html", context)


@office
@require_safe
def compare_file(request: UserRequest) -> HttpResponse:
    """The comparison as a file; no names are in it."""
    unit = unit_asked(request)
    form = CompareForm(request.GET, user=request.user, unit=unit)
    kind = request.GET.get("format", "")
    if kind not in WRITERS:
        raise Http404
    if not form.is_valid():
        return refused(request, form)
    view = View(unit, form.against, form.shown)
    items = items_of(form, *tables(view))
    write, mime = WRITERS[kind]
    sheet = _sheet(form, view, items)
    return as_file(write(sheet, sheet_rows(items)), mime, f"{sheet.title}.{kind}")


def refused(request: UserRequest, form: CompareForm) -> HttpResponse:
    """The form with what is wrong beside the field."""
    context = {"form": form, "unit": form.of_unit}
    return render(request, "stats/compare.html", context, status=422)


def tables(view: View, *, at_once: bool = False) -> tuple[Table, Table]:
    """The section on the earlier and on the later day; 404 for one that there is none of."""

    def counted(cut: Cut) -> Table:
        return figures.table(
            view.unit,
            cut.as_of,
            cut.period_from,
            age=cut.age,
            at_once=at_once,
            only={view.section},
        )

    then, now = counted(view.against.then), counted(view.against.now)
    if not now.sections:
        raise Http404
    return then, now


def items_of(form: CompareForm, then: Table, now: Table) -> list[Item]:
    if not form.is_across:
        return by_column(then, now, form.row_asked)
    try:
        return by_unit(then, now, form.cleaned_data["indicator"])
    except LookupError:
        raise Http404 from None


def siblings_address(request: UserRequest, view: View) -> str:
    """Empty where the user may not read the unit's parent."""
    parents = Unit.objects.visible_to(request.user).filter(pk=view.unit.parent_id or 0)
    if not parents.exists():
        return ""
    return address("stats:siblings", view.unit, view.against.now, section=view.section)


def as_file(content: bytes, mime: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=mime)
    header = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _figure_name(form: CompareForm, items: list[Item]) -> str:
    if not form.is_across:
        return ""
    return f"{items[0].band}：{say(items[0].column.title, form.cut)}"


def _also(form: CompareForm) -> dict[str, str]:
    """Which of the two ways the comparison is laid out, and of what."""
    given = form.cleaned_data
    if form.is_across:
        return {"across": given["across"], "indicator": given["indicator"]}
    return {"row": form.row_asked}


def _address(form: CompareForm, view: View, **also: str) -> str:
    return view.address("stats:compare_file", **_also(form), **also)


def _choices(form: CompareForm, view: View, now: Table) -> list[tuple[str, str, bool]]:
    """Title, address and whether it is shown, of each section."""
    return [
        (
            say(each.title, now.cut),
            view._replace(section=each.code).address("stats:compare", row=form.row_asked),
            each.code == view.section,
        )
        for each in now.every
    ]


def _presets(form: CompareForm, view: View) -> list[tuple[Any, str, bool]]:
    """The earlier days that offices compare with, one press away."""
    then, found = view.against.then, []
    for each in earlier(view.against.now):
        days = {"then": each.as_of.isoformat(), "then_from": each.period_from.isoformat()}
        asked = {"section": view.section, **_also(form), **days}
        is_shown = (each.as_of, each.period_from) == (then.as_of, then.period_from)
        href = address("stats:compare", view.unit, view.against.now, **asked)
        found.append((each.title, href, is_shown))
    return found


def _sheet(form: CompareForm, view: View, items: list[Item]) -> Sheet:
    words = {**view.against.words, "unit": view.unit.name}
    then, now = (f"{cut.as_of:%Y-%m-%d}" for cut in (view.against.then, view.against.now))
    parts = _("number or numerator"), _("denominator of a share"), _("share in percent")
    headings = [Heading(_("group of figures"), 22), Heading(_("figure or row"), 22)]
    for day in (then, now):
        headings += [Heading(f"{day}·{title}", 11) for title in parts]
    headings.append(Heading(_("change between the days"), 11))
    return Sheet(
        _("Comparison of two days"),
        _("%(unit)s: figures of %(as_of)s compared with %(then_as_of)s") % words,
        _figure_name(form, items) or _("Row: %(row)s") % {"row": form.place},
        headings,
        [*definitions(view, items), *remarks(view.against)],
    )
