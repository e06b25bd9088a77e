"""Sealed figures: kept, shown as they were, and asked again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, coordinator, office
from accounts.models import BUSINESS_ROLES, Export, Format
from snapshots import announcing, differences, files, sealing
from snapshots.forms import DifferencesForm, SealForm
from snapshots.freezing import thaw
from snapshots.models import Snapshot
from snapshots.pages import kept_rows, sealed_grids
from snapshots.workbook import write_differences
from stats.cuts import Cut
from stats.exports import WRITERS, title_of
from stats.figures import TOTAL
from stats.forms import CutForm
from stats.grids import address, notes
from stats.indicators import PEOPLE
from tables.paging import page_of
from units.models import Unit


@office
@require_safe
def list_(request: UserRequest) -> HttpResponse:
    """With a digest: those that were sealed under it, as it is printed on a table."""
    rows = Snapshot.objects.visible_to(request.user).for_list()
    if digest := request.GET.get("digest", "").strip().lower().replace("\0", ""):
        rows = rows.filter(digest=digest)
    page = page_of(rows, order=("-id",), after=request.GET.get("after", ""))
    return render(request, "snapshots/list.html", {"page": page, "digest": digest})


@coordinator
def create(request: UserRequest) -> HttpResponse:
    """The unit, the day and the period stand in the address, as on the page of figures."""
    governed = Unit.objects.filter(request.user.units_q(roles=("coordinator",)))
    unit = get_object_or_404(governed, pk=_number(request.GET.get("unit", "")))
    cut_form = CutForm(request.GET, user=request.user, unit=unit)
    if not cut_form.is_valid():
        return redirect(f"{address_of_figures(request)}")
    form = SealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        made = sealing.seal(
            unit,
            cut_form.cut,
            purpose=given["purpose"],
            by=request.user,
            key=given["client_key"],
        )
        messages.success(request, _("The figures are sealed."))
        return redirect("snapshots:detail", made.pk)
    context = _to_seal(unit, cut_form.cut) | {"form": form}
    return render(request, "snapshots/create.html", context, status=422 if form.errors else 200)


@office
@require_safe
def detail(request: UserRequest, pk: UUID) -> HttpResponse:
    snapshot = visible(request, pk)
    announcing.seen(snapshot, request.user)
    table = thaw(snapshot.content)
    context = {
        "snapshot": snapshot,
        "cut": snapshot.asked,
        "is_whole": sealing.is_whole(snapshot),
        "checked_at": timezone.now(),
        "may_compare": request.user.governs(snapshot.unit, roles=BUSINESS_ROLES),
        "grids": sealed_grids(snapshot, table),
        "notes": notes(table, table.columns),
        "remarks": snapshot.content["remarks"],
        "formats": list(WRITERS),
    }
    return render(request, "snapshots/detail.html", context)


@office
@require_safe
def rows(request: UserRequest, pk: UUID) -> HttpResponse:
    """The names that a sealed figure counted, as far as the user may see them today."""
    snapshot = visible(request, pk)
    asked = request.GET.get("indicator", PEOPLE.code), request.GET.get("row", TOTAL)
    found = kept_rows(snapshot, *asked, user=request.user, after=request.GET.get("after", ""))
    if found is None:
        raise Http404
    return render(request, "snapshots/rows.html", {"snapshot": snapshot, "found": found})


@office
@require_safe
def again(request: UserRequest, pk: UUID) -> HttpResponse:
    return _differences(request, compared(request, pk), DifferencesForm())


@office
def differences_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """Names leave the system: recorded with the purpose, before the file."""
    snapshot = compared(request, pk)
    form = DifferencesForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _differences(request, snapshot, form)
    changed = differences.figures_changed(snapshot)
    parts = differences.parts(snapshot, request.user, most=100_000)
    export = Export.objects.create(
        by=request.user,
        register=_("differences from a snapshot"),
        scope=snapshot.unit.name[:300],
        filters=str(snapshot.pk),
        columns=_("differences from a snapshot"),
        format=Format.XLSX,
        is_masked=True,
        purpose=form.cleaned_data["purpose"],
    )
    content = write_differences(snapshot, changed, parts)
    export.finish(sum(len(part.rows) for part in parts))
    title = _("differences from a snapshot")
    name = f"{snapshot.unit.name}{title}_{snapshot.as_of:%Y%m%d}.xlsx"
    return _file(content, WRITERS["xlsx"].mime, name)


@office
@require_safe
def export(request: UserRequest, pk: UUID) -> HttpResponse:
    """The sealed table as a file; no names are in it."""
    snapshot = visible(request, pk)
    kind = request.GET.get("format", "xlsx")
    if kind not in WRITERS:
        raise Http404
    name = f"{title_of(thaw(snapshot.content))}_{snapshot.as_of:%Y%m%d}.{kind}"
    return _file(files.write(snapshot, kind), WRITERS[kind].mime, name)


def visible(request: UserRequest, pk: UUID) -> Snapshot:
    snapshots = Snapshot.objects.visible_to(request.user).select_related("unit", "created_by")
    return get_object_or_404(snapshots, pk=pk)


def compared(request: UserRequest, pk: UUID) -> Snapshot:
    """Today's figures are for who reads the unit today: one that moved left its seals alone."""
    snapshot = visible(request, pk)
    if not request.user.governs(snapshot.unit, roles=BUSINESS_ROLES):
        raise PermissionDenied
    return snapshot


def address_of_figures(request: UserRequest) -> str:
    """The page of figures, which says what is wrong with the question."""
    from_page = redirect("stats:table").url
    return f"{from_page}?{request.GET.urlencode()}"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _to_seal(unit: Unit, cut: Cut) -> dict[str, Any]:
    return {
        "unit": unit,
        "cut": cut,
        "keeps_rows": sealing.keeps_rows(unit, cut),
        "most": f"{sealing.MOST_ROWS:,}",
        "back": address("stats:table", unit, cut),
    }


def _differences(request: UserRequest, snapshot: Snapshot, form: DifferencesForm) -> HttpResponse:
    context = {
        "snapshot": snapshot,
        "changed": differences.figures_changed(snapshot),
        "parts": differences.parts(snapshot, request.user),
        "form": form,
    }
    return render(request, "snapshots/again.html", context, status=422 if form.errors else 200)


def _file(content: bytes, mime: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=mime)
    header = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
