"""Samples of the user's units: drawn, looked into, closed, printed, taken along as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, coordinator, office
from accounts.export_pages import answer
from sampling import drawing, findings
from sampling.exporting import register_of, rows_of, title_of
from sampling.forms import FindingForm, SampleForm
from sampling.models import Sample, SampleItem, StaleMove
from sampling.reading import counts_of, details, with_records
from tables.paging import page_of


@office
@require_safe
def list_(request: UserRequest) -> HttpResponse:
    rows = Sample.objects.visible_to(request.user).for_list()
    page = page_of(rows, order=("-id",), after=request.GET.get("after", ""))
    return render(request, "sampling/list.html", {"page": page})


@coordinator
def create(request: UserRequest) -> HttpResponse:
    form = SampleForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            key = form.cleaned_data["client_key"]
            made = drawing.draw(form.save(commit=False), by=request.user, key=key)
        except drawing.Nothing:
            form.add_error("last_on", _("The unit has no such record from these days."))
        except drawing.TooMany as refusal:
            sentence = _("That would be %(n)d records; a sample has %(most)d at most.")
            form.add_error("percent", sentence % {"n": refusal.size, "most": drawing.MOST})
        else:
            return redirect("sampling:detail", pk=made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "sampling/form.html", {"form": form}, status=status)


@office
@require_safe
def detail(request: UserRequest, pk: UUID) -> HttpResponse:
    sample = visible(request, pk)
    page = page_of(
        sample.items.with_verdict(), order=("position",), after=request.GET.get("after", "")
    )
    context = {
        "sample": sample,
        "page": page,
        "items": with_records(page.rows, request.user),
        "counts": counts_of(sample),
        "events": sample.events.select_related("actor").order_by("-at", "-pk"),
        "moves": sample.moves_for(request.user),
    }
    return render(request, "sampling/detail.html", context)


@office
def item(request: UserRequest, pk: UUID, position: int) -> HttpResponse:
    """One record of the sample: what it is, what was found; a finding is followed by the next."""
    sample = visible(request, pk)
    row = get_object_or_404(sample.items.all(), position=position)
    with_records([row], request.user)
    may_find = "find" in sample.moves_for(request.user)
    if request.method == "POST":
        if not request.user.governs(sample.unit):
            raise PermissionDenied
        if not may_find or row.record is None:  # type: ignore[attr-defined]
            return stale(request, sample)
    newest = row.findings.first()
    form = FindingForm(request.POST or None, initial=_said(newest))
    if form.is_valid():
        try:
            return _found(request, sample, row, form)
        except StaleMove:
            return stale(request, sample)
    context = {"sample": sample, "item": row, "form": form, "may_find": may_find}
    context |= {"findings": row.findings.select_related("created_by")}
    context |= {"detail": details()[row.kind], "is_last": position == sample.size}
    return render(request, "sampling/item.html", context, status=422 if form.is_bound else 200)


def _said(newest: Any) -> dict[str, Any]:
    """A finding is changed from what stands."""
    return {"verdict": newest.verdict, "note": newest.note} if newest else {}


def _found(
    request: UserRequest, sample: Sample, row: SampleItem, form: forms.BaseForm
) -> HttpResponse:
    given = form.cleaned_data
    findings.find(
        row, verdict=given["verdict"], note=given["note"], by=request.user, key=given["client_key"]
    )
    messages.success(request, _("Saved."))
    later = sample.items.with_verdict().filter(verdict=None, position__gt=row.position)
    following = later.order_by("position").first()
    if following:
        return redirect("sampling:item", pk=sample.pk, position=following.position)
    return redirect("sampling:detail", pk=sample.pk)


@coordinator
def close(request: UserRequest, pk: UUID) -> HttpResponse:
    sample = visible(request, pk)
    if not request.user.governs(sample.unit):
        raise PermissionDenied
    if "close" not in sample.moves_for(request.user):
        return stale(request, sample)
    if request.method != "POST":
        left = counts_of(sample)[-1][2]
        return render(request, "sampling/close.html", {"sample": sample, "left": left})
    try:
        sample.close(by=request.user)
    except StaleMove:
        return stale(request, sample)
    messages.success(request, _("The sample is closed."))
    return redirect("sampling:detail", pk=pk)


@office
def export(request: UserRequest, pk: UUID) -> HttpResponseBase:
    sample = visible(request, pk)
    everything = _Everything({})
    everything.is_valid()
    return answer(request, register_of(sample, request.user), rows_of(sample), everything)


class _Everything(forms.Form):
    """A file of a sample is never narrowed."""

    q = forms.CharField(required=False)


@office
@require_safe
def print_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """The findings on A4; the browser prints it."""
    sample = visible(request, pk)
    items = with_records(rows_of(sample), request.user)
    context = {"sample": sample, "title": title_of(sample), "items": items}
    return render(request, "sampling/print.html", context | {"counts": counts_of(sample)})


def visible(request: UserRequest, pk: UUID) -> Sample:
    return get_object_or_404(Sample.objects.visible_to(request.user).for_list(), pk=pk)


def stale(request: UserRequest, sample: Sample) -> HttpResponse:
    sample.refresh_from_db(fields=["state"])
    return render(request, "sampling/stale.html", {"sample": sample}, status=409)
