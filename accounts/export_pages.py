"""The page on which a register is exported, the same for all, and the record of what left."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.access import UserRequest, signed_in
from accounts.export_forms import ExportForm
from accounts.exporting import Order, Register, coordinated, download, said
from accounts.models import Export
from tables.paging import page_of


def answer(
    request: UserRequest,
    register: Register,
    rows: QuerySet[Any],
    filters: forms.Form,
    *,
    as_of: dt.date | None = None,
) -> HttpResponseBase:
    """The page, its second step for whole data, or the file; `rows` in the order of the list.

    `as_of` is the past day that the rows are of, if they are not today's.
    """
    may_see_whole = register.has_private and request.user.is_coordinator
    form = ExportForm(
        request.POST or None, may_see_whole=may_see_whole, asks_purpose=register.asks_purpose
    )
    context: dict[str, Any] = {"register": register, "form": form, "filters": said(filters)}
    if request.method == "POST" and form.is_valid():
        order = _order(request, register, rows, form, context["filters"])
        order = order._replace(today=as_of or order.today)
        is_confirmed = order.is_masked or "is_confirmed" in request.POST
        if form.holds(order.size):
            if is_confirmed:
                return download(order)
            context |= {"order": order, "counted": register.says(order.size)}
            return render(request, "accounts/export_confirm.html", context)
    context["counted"] = register.says(rows.count())
    return render(request, "accounts/export.html", context, status=422 if form.errors else 200)


def _order(
    request: UserRequest, register: Register, rows: QuerySet[Any], form: ExportForm, filters: str
) -> Order:
    rows = rows if form.is_masked else coordinated(rows, request.user, register)
    return Order(
        register=register,
        rows=rows,
        size=rows.count(),
        filters=filters,
        user=request.user,
        format=form.cleaned_data["format"],
        is_masked=form.is_masked,
        purpose=form.given_purpose,
        today=timezone.localdate(),
    )


@signed_in
def exports(request: UserRequest) -> HttpResponse:
    """What left the system as a file: all of it to the audit administrator, one's own to others."""
    rows = Export.objects.visible_to(request.user).for_list()
    page = page_of(rows, order=("-id",), after=request.GET.get("after", ""))
    return render(request, "accounts/exports.html", {"page": page})
