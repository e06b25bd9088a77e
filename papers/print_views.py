"""Month pages as PDF: of one pair, and of all running pairs of a unit."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.access import UserRequest, coordinator, signed_in
from accounts.models import Export, Format, Role
from core.glyphs import MissingGlyph
from pairings.models import Pairing
from pairings.states import State
from papers import printing
from papers.forms import MonthForm, UnitMonthForm
from units.models import Unit


@signed_in
def print_month(request: UserRequest, pk: UUID) -> HttpResponse:
    """For the two and for their office; an office says what for."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)
    is_own = pairing.side_of(request.user) is not None
    if not (is_own or request.user.governs(pairing.unit)):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else None
    form = MonthForm(given, asks_purpose=not is_own)
    if form.is_valid():
        try:
            pdf = printing.render(printing.sheets([pairing], form.cleaned_data["month"]))
        except MissingGlyph as missing:
            form.add_error(None, str(missing))
        else:
            if not is_own:
                _put_on_record(request, pairing.unit, form, 1, str(pairing.pk))
            names = f"{pairing.mentor_cadre.name}_{pairing.mentee.name}"
            return _file(pdf, f"帮带手册月页_{names}_{form.cleaned_data['month']}.pdf")
    context = {"pairing": pairing, "form": form}
    return render(request, "papers/print.html", context, status=422 if form.errors else 200)


@coordinator
def print_unit(request: UserRequest) -> HttpResponse:
    form = UnitMonthForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        unit, most = form.cleaned_data["unit"], printing.MOST_PAGES // printing.PAGES
        rows = Pairing.objects.filter(
            unit.rows_q(), request.user.rows_q(roles=(Role.COORDINATOR,)), state=State.ACTIVE
        )
        pairs = list(rows.for_list().order_by("mentee__pinyin", "id")[: most + 1])
        if len(pairs) > most:
            form.say_too_many(rows.count(), printing.MOST_PAGES)
        elif not pairs:
            form.add_error("unit", _("No pair of this unit is active."))
        else:
            return _of_unit(request, form, unit, pairs)
    status = 422 if form.errors else 200
    return render(request, "papers/print_unit.html", {"form": form}, status=status)


def _of_unit(
    request: UserRequest, form: UnitMonthForm, unit: Unit, pairs: list[Pairing]
) -> HttpResponse:
    month = form.cleaned_data["month"]
    try:
        pdf = printing.render(printing.sheets(pairs, month))
    except MissingGlyph as missing:
        form.add_error(None, str(missing))
        return render(request, "papers/print_unit.html", {"form": form}, status=422)
    _put_on_record(request, unit, form, len(pairs), month)
    return _file(pdf, f"帮带手册月页_{unit.name}_{month}.pdf")


def _put_on_record(
    request: UserRequest, unit: Unit, form: MonthForm, rows: int, filters: str
) -> None:
    """A pair by its number: whoever reads the trail reads no names in it."""
    export = Export.objects.create(
        by=request.user,
        register=_("Month pages"),
        scope=unit.name[:300],
        filters=filters,
        columns=_("Month pages"),
        format=Format.PDF,
        is_masked=False,
        purpose=form.cleaned_data["purpose"],
    )
    export.finish(rows)


def _file(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    header = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
