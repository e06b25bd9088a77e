"""The pages of the list of a programme: read by its office, changed by who governs the unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import UserRequest, coordinator, office
from core.problems import Refused
from core.text import person_name, squeeze
from pairings.states import Role
from programmes import checking, listing
from programmes.checking import Checked, Line
from programmes.list_forms import (
    OPEN,
    SHOWN,
    WARNED,
    ForbidForm,
    ListFilterForm,
    MenteesForm,
    MentorsForm,
    PeopleForm,
    ReasonForm,
    RowForm,
    WaiveForm,
)
from programmes.models import NotNow, PlannedPair, Programme, StaleMove
from programmes.views import governed, stale, visible
from tables.paging import Page, page_of

SIZE = 50


@office
@require_safe
def planned(request: UserRequest, pk: UUID) -> HttpResponse:
    programme = visible(request, pk)
    form = ListFilterForm(request.GET)
    checked = checking.check(programme, by=request.user)
    context = {
        "programme": programme,
        "form": form,
        "checked": checked,
        "page": _page(_narrowed(checked, **form.given), request.GET.get("after", "")),
        "without": checking.without_mentor(programme).count(),
        "may_change": programme.is_listable and request.user.governs(programme.unit),
    }
    return render(request, "programmes/planned.html", context)


def _narrowed(checked: Checked, *, q: str, show: str) -> list[Line]:
    lines = checked.lines
    if show == OPEN:
        lines = checked.open
    elif show == WARNED:
        lines = [line for line in lines if line.problems]
    return [line for line in lines if _is_called(line.planned, q)] if squeeze(q) else lines


def _is_called(row: PlannedPair, text: str) -> bool:
    name, key = person_name(squeeze(text)), "".join(squeeze(text).lower().split())
    return any(
        name in cadre.name or cadre.pinyin.startswith(key) or cadre.initials.startswith(key)
        for cadre in (row.mentor.cadre, row.mentee)
    )


def _page(lines: list[Line], after: str) -> Page:
    """The whole list was read to be checked: a page is a part of it."""
    keys = [str(line.planned.pk) for line in lines]
    start = keys.index(after) + 1 if after in keys else 0
    shown = lines[start : start + SIZE]
    more = start + SIZE < len(lines)
    return Page(shown, keys[start + SIZE - 1] if more else "", len(lines))


@office
@require_safe
def without(request: UserRequest, pk: UUID) -> HttpResponse:
    """The names behind the number of those who have no lead mentor."""
    programme = visible(request, pk)
    rows = checking.without_mentor(programme).select_related("cadre__unit", "category")
    page = page_of(rows, order=("cadre__pinyin", "id"), after=request.GET.get("after", ""))
    may_change = programme.is_listable and request.user.governs(programme.unit)
    context = {"programme": programme, "page": page, "may_change": may_change}
    return render(request, "programmes/planned_without.html", context)


@coordinator
def add_mentees(request: UserRequest, pk: UUID) -> HttpResponse:
    programme = governed(request, pk)
    if not programme.is_listable:
        return stale(request, programme)
    asked = PeopleForm(request.GET, programme=programme, user=request.user)
    found = [entry.cadre for entry in asked.found()[: SHOWN + 1]]
    start = {"mentor": request.GET.get("mentor"), "role": Role.LEAD}
    form = MenteesForm(
        _sent(request), programme=programme, user=request.user, shown=found[:SHOWN], initial=start
    )
    if form.is_valid() and (answer := _added(request, programme, form)):
        return answer
    context = {"programme": programme, "asked": asked, "form": form, "is_cut": len(found) > SHOWN}
    context["found"] = found
    return _form(request, "programmes/planned_mentees.html", context)


@coordinator
def add_mentors(request: UserRequest, pk: UUID) -> HttpResponse:
    programme = governed(request, pk)
    if not programme.is_listable:
        return stale(request, programme)
    start = {"mentee": request.GET.get("mentee")}
    form = MentorsForm(_sent(request), programme=programme, user=request.user, initial=start)
    if form.is_valid() and (answer := _added(request, programme, form)):
        return answer
    return _form(request, "programmes/planned_mentors.html", {"programme": programme, "form": form})


def _added(
    request: UserRequest, programme: Programme, form: MenteesForm | MentorsForm
) -> HttpResponse | None:
    """The way back to the list, or None with the form saying why not."""
    try:
        rows = listing.add_all(programme, form.couples, by=request.user)
    except Refused as refusal:
        form.show(refusal.problems)
        return None
    except NotNow as refusal:
        return stale(request, programme, refusal.sentence)
    messages.success(request, _("On the list: %(n)d rows.") % {"n": len(rows)})
    return redirect("programmes:planned", pk=programme.pk)


@office
@require_safe
def row(request: UserRequest, pk: UUID, row_pk: UUID) -> HttpResponse:
    programme = visible(request, pk)
    return _row(request, programme, _line(request, programme, row_pk))


class _Verb(NamedTuple):
    """A verb on a row: the form that asks for what it needs, and what it does with it."""

    form: Callable[..., Any] | None
    do: Callable[[UserRequest, PlannedPair, dict[str, Any]], object]


VERBS: dict[str, _Verb] = {
    "change": _Verb(
        lambda data, row, user: RowForm(data, row=row, user=user),
        lambda request, row, given: listing.change(
            row, mentor=given["mentor"], role=Role(given["role"]), by=request.user
        ),
    ),
    "waive": _Verb(
        lambda data, row, user: WaiveForm(data, row=row),
        lambda request, row, given: listing.waive(
            row, reason=given["waiver"].strip(), by=request.user
        ),
    ),
    "unwaive": _Verb(
        None, lambda request, row, given: listing.waive(row, reason="", by=request.user)
    ),
    "fix": _Verb(None, lambda request, row, given: listing.fix(row, is_fixed=True)),
    "unfix": _Verb(None, lambda request, row, given: listing.fix(row, is_fixed=False)),
    "remove": _Verb(None, lambda request, row, given: listing.remove(row)),
    "forbid": _Verb(
        lambda data, row, user: ReasonForm(data),
        lambda request, row, given: listing.forbid(
            row.programme, row.mentor, row.mentee, reason=given["reason"], by=request.user
        ),
    ),
}
ENDING = ("remove", "forbid")  # the row is gone afterwards


@coordinator
@require_POST
def act(request: UserRequest, pk: UUID, row_pk: UUID, verb: str) -> HttpResponse:
    programme = governed(request, pk)
    if verb not in VERBS:
        raise Http404
    line = _line(request, programme, row_pk)
    if request.POST.get("seen", now := str(line.planned.mentor_id)) != now:
        return stale(request, programme, _("The list has changed meanwhile: look at it again."))
    asks, do = VERBS[verb]
    form = asks(request.POST, line.planned, request.user) if asks else None
    if form is None or form.is_valid():
        try:
            do(request, line.planned, form.cleaned_data if form else {})
        except (NotNow, StaleMove) as refusal:
            return stale(request, programme, getattr(refusal, "sentence", ""))
        except Refused as refusal:
            form.show(refusal.problems)  # type: ignore[union-attr]
        else:
            messages.success(request, _("Saved."))
            if verb in ENDING:
                return redirect("programmes:planned", pk=pk)
            return redirect("programmes:planned_row", pk=pk, row_pk=row_pk)
    return _row(request, programme, line, **{verb: form})


def _line(request: UserRequest, programme: Programme, row_pk: UUID) -> Line:
    """The row as it stands among all others: a place that another row takes is gone."""
    for line in checking.check(programme, by=request.user).lines:
        if line.planned.pk == row_pk:
            line.planned.programme = programme
            return line
    raise Http404


def _row(request: UserRequest, programme: Programme, line: Line, **sent: Any) -> HttpResponse:
    may_change = programme.is_listable and request.user.governs(programme.unit)
    context: dict[str, Any] = {"programme": programme, "line": line, "row": line.planned}
    context["may_change"] = may_change
    if may_change:
        for verb, (asks, _do) in VERBS.items():
            if asks:
                context[verb] = sent.get(verb) or asks(None, line.planned, request.user)
    return render(request, "programmes/planned_row.html", context, status=422 if sent else 200)


@office
def forbidden(request: UserRequest, pk: UUID) -> HttpResponse:
    """Who is not to be paired with whom; the form stands there for who may change the list."""
    programme = visible(request, pk)
    may_change = programme.is_listable and request.user.governs(programme.unit)
    if request.method == "POST" and not may_change:
        return stale(request, governed(request, pk))
    form = ForbidForm(_sent(request), programme=programme, user=request.user)
    if form.is_valid():
        try:
            listing.forbid(programme, **form.cleaned_data, by=request.user)
        except NotNow as refusal:
            return stale(request, programme, refusal.sentence)
        messages.success(request, _("Noted."))
        return redirect("programmes:forbidden", pk=pk)
    people = ("mentor__cadre__unit", "mentee__unit", "created_by")
    page = page_of(
        programme.forbidden.select_related(*people), order=("-id",),
        after=request.GET.get("after", ""),
    )  # fmt: skip
    context = {"programme": programme, "page": page, "may_change": may_change, "form": form}
    return _form(request, "programmes/forbidden.html", context)


@coordinator
@require_POST
def allow(request: UserRequest, pk: UUID, row_pk: UUID) -> HttpResponse:
    programme = governed(request, pk)
    found = get_object_or_404(programme.forbidden.select_related("programme__unit"), pk=row_pk)
    try:
        listing.allow(found)
    except (NotNow, StaleMove) as refusal:
        return stale(request, programme, getattr(refusal, "sentence", ""))
    messages.success(request, _("Saved."))
    return redirect("programmes:forbidden", pk=pk)


def _sent(request: UserRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(request: UserRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if context["form"].is_bound else 200)
