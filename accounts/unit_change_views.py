"""Pages on which a unit is renamed, moved, merged or closed; numbers first, then the deed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import UserRequest, coordinator
from accounts.models import User
from accounts.unit_change_forms import (
    ChangeForm,
    CloseUnitForm,
    CorrectForm,
    MergeForm,
    MoveUnitForm,
    RenameForm,
)
from units.models import BadDay, NotNow, Unit
from units.tree import Busy, WrongPlace


@coordinator
def edit(request: UserRequest, pk: int) -> HttpResponse:
    unit = _changeable(request, pk)
    form = RenameForm(request.POST or None, unit=unit, user=request.user)
    done = gettext_lazy("The name is changed.")
    return _carried_out(request, form, done) or _page(request, form, "units/form.html")


@coordinator
def correct(request: UserRequest, pk: int) -> HttpResponse:
    unit = _changeable(request, pk)
    form = CorrectForm(request.POST or None, unit=unit, user=request.user)
    done = gettext_lazy("Code and kind are corrected.")
    return _carried_out(request, form, done) or _page(request, form, "units/correct.html")


@coordinator
def move(request: UserRequest, pk: int) -> HttpResponse:
    unit = _changeable(request, pk)
    form = MoveUnitForm(request.POST or None, unit=unit, user=request.user)
    return _in_two_steps(
        request, form, "units/move.html", gettext_lazy("The unit stands in its new place.")
    )


@coordinator
def merge(request: UserRequest, pk: int) -> HttpResponse:
    unit = _changeable(request, pk)
    form = MergeForm(request.POST or None, unit=unit, user=request.user)
    done = gettext_lazy("The unit is merged into its successor; its own past stays on record.")
    return _in_two_steps(request, form, "units/merge.html", done)


@coordinator
def close(request: UserRequest, pk: int) -> HttpResponse:
    unit = _changeable(request, pk)
    if unit.closed_on:
        return _reopen(request, unit)
    form = CloseUnitForm(request.POST or None, unit=unit, user=request.user)
    done = gettext_lazy("The unit is closed; what happened there stays on record.")
    return _carried_out(request, form, done) or _page(request, form, "units/close.html")


def may_change(user: User, unit: Unit) -> bool:
    """Whoever coordinates the parent: nobody renames or closes the unit of their own grant."""
    return unit.parent is not None and user.governs(unit.parent)


def _changeable(request: UserRequest, pk: int) -> Unit:
    rows = Unit.objects.visible_to(request.user).select_related("parent", "successor")
    unit = get_object_or_404(rows, pk=pk)
    if not may_change(request.user, unit):
        raise PermissionDenied
    return unit


def _in_two_steps(request: UserRequest, form: Any, template: str, done: Promise) -> HttpResponse:
    """What would happen, in numbers, and the same form again to confirm it."""
    if request.method == "POST" and "is_confirmed" in request.POST:
        return _carried_out(request, form, done) or _page(request, form, template)
    if form.unit.closed_on:
        return _refused(request, form, _closed_sentence())
    is_sent = request.method == "POST" and "is_to_change" not in request.POST
    is_shown = is_sent and form.is_valid()
    return _page(request, form, template, is_shown=is_shown)


def _carried_out(request: UserRequest, form: Any, done: Promise) -> HttpResponse | None:
    """Where to go when it is done, the page again when it cannot be; None for a bad form."""
    if request.method != "POST":
        return None
    if not form.was_sent():
        if form.unit.closed_on:
            return _refused(request, form, _closed_sentence())
        if not form.is_valid():
            return None
        try:
            form.save()
        except (NotNow, WrongPlace, BadDay):
            if not form.was_sent():
                return _refused(request, form, _("Somebody changed a unit at the same moment."))
        except Busy:
            return _refused(
                request, form, _("People are being entered there just now. Try in a minute.")
            )
    messages.success(request, str(done))
    return redirect("units:detail", pk=form.unit.pk)


def _reopen(request: UserRequest, unit: Unit) -> HttpResponse:
    context = {"unit": unit}
    if request.method != "POST":
        return render(request, "units/close.html", context)
    try:
        unit.reopen(by=request.user)
    except NotNow:
        return render(request, "units/close.html", context, status=409)
    messages.success(request, _("The unit is in use again."))
    return redirect("units:detail", pk=unit.pk)


def _page(
    request: UserRequest, form: ChangeForm, template: str, *, is_shown: bool = False
) -> HttpResponse:
    context = {"form": form, "unit": form.unit, "is_shown": is_shown}
    return render(request, template, context, status=422 if form.errors else 200)


def _refused(request: UserRequest, form: ChangeForm, sentence: str) -> HttpResponse:
    context = {"unit": form.unit, "sentence": sentence}
    return render(request, "units/refused.html", context, status=409)


def _closed_sentence() -> str:
    return _("This unit is closed: nothing is changed there any more.")
