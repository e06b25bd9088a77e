from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, coordinator, office, signed_in
from accounts.models import BUSINESS_ROLES, Grant
from cadres.filters import SORTS, FilterForm
from cadres.forms import AccountForm, CadreForm, LeaveForm, MoveForm, NewCadreForm
from cadres.merging import kept_record, likely_same, open_merges
from cadres.models import AlreadyLeft, Cadre, Merged, PhoneLook
from cadres.pages import closed, form_page, governed, merged_since, visible
from cadres.registering import HasSignIn, correct, open_sign_in, register, suggested_username
from core.htmx import page_or_part
from core.months import dotted
from core.once import once
from tables.chips import chips
from tables.paging import page_of
from tables.sorting import Sorting, is_narrowed

ORDER = SORTS["name"].order


@office
def list_(request: UserRequest) -> HttpResponse:
    today = timezone.localdate()
    form = FilterForm(request.GET, user=request.user)
    sorting = Sorting.read(SORTS, request.GET)
    rows = form.narrow(Cadre.objects.visible_to(request.user), today=today).for_list().with_post()
    after = request.GET.get("after", "")
    page = page_of(rows, order=sorting.order, after=after, size=sorting.size)
    for cadre in page.rows:
        cadre.years = cadre.age(today)
    context = {
        "form": form,
        "page": page,
        "sorting": sorting,
        "chips": chips(form, request.GET),
        "is_filtered": is_narrowed(request.GET),
        "today": today,
    }
    return render(request, "cadres/list.html", context)


@office
def conditions(request: UserRequest) -> HttpResponse:
    """The filters that stand folded above the list, for who unfolds them."""
    form = FilterForm(request.GET, user=request.user)
    form.show_more_alone()
    return render(request, "cadres/_conditions.html", {"form": form})


@office
def options(request: UserRequest) -> JsonResponse:
    """For search-selects: people on the register whom this user sees, 50 at most."""
    rows = Cadre.objects.visible_to(request.user).on_register().search(request.GET.get("q", ""))
    found = [
        {
            "value": str(cadre.pk),
            "text": cadre.name,
            "note": " · ".join(
                filter(None, (cadre.unit.name, dotted(cadre.birth_month), cadre.post))
            ),
        }
        for cadre in rows.select_related("unit").with_post().order_by(*ORDER)[:50]
    ]
    return JsonResponse({"results": found})


@signed_in
def detail(request: UserRequest, pk: UUID) -> HttpResponse:
    try:
        cadre = visible(request, pk)
    except Http404:
        if kept := kept_record(pk):  # an old address: the record was merged into another one
            return redirect("cadres:detail", pk=visible(request, kept).pk)
        raise
    return render(request, "cadres/detail.html", _facts(request, cadre))


@office
@require_POST
def show_phone(request: UserRequest, pk: UUID) -> HttpResponse:
    """The whole number, once; that somebody looked is kept."""
    cadre = visible(request, pk)
    PhoneLook.objects.create(cadre=cadre, by=request.user)
    facts = _facts(request, cadre) | {"is_phone_shown": True}
    return page_or_part(request, "cadres/detail.html", "cadres/_phone.html", facts)


@coordinator
@sensitive_post_parameters("id_number", "phone")
def create(request: UserRequest) -> HttpResponse:
    form = NewCadreForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        row = form.save(commit=False)
        placed = {name: given[name] for name in ("unit", "title", "mentee_category", "client_key")}
        try:
            cadre = once(
                Cadre,
                by=request.user,
                key=given["client_key"],
                make=lambda: register(row, by=request.user, **placed),
            )
        except IntegrityError:  # registered by somebody else between the check and the saving
            form.add_error("id_number", _("A person with this ID number is in the register."))
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": cadre.name})
            return redirect("cadres:detail", pk=cadre.pk)
    return form_page(request, form, _("Register a cadre"))


@coordinator
@sensitive_post_parameters("id_number", "phone")
def edit(request: UserRequest, pk: UUID) -> HttpResponse:
    cadre = governed(request, pk)
    form = CadreForm(request.POST or None, instance=cadre, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                correct(form.save(commit=False), fields=form.corrected, by=request.user)
        except Merged:
            return merged_since(request, cadre)
        except IntegrityError:
            form.add_error("id_number", _("A person with this ID number is in the register."))
        else:
            messages.success(request, _("Saved."))
            return redirect("cadres:detail", pk=pk)
    return form_page(request, form, _("Correct the facts"), governed(request, pk))


@coordinator
def move(request: UserRequest, pk: UUID) -> HttpResponse:
    cadre = governed(request, pk)
    if cadre.left_on:
        return closed(request, cadre)
    posting = cadre.postings.select_related("unit").filter(is_main=True, to_on=None).first()
    now = {"unit": cadre.unit, "title": posting.title if posting else ""}
    form = MoveForm(request.POST or None, initial=now, user=request.user, posting=posting)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            cadre.move_to(given["unit"], title=given["title"], on=given["on"], by=request.user)
        except Merged:
            return merged_since(request, cadre)
        messages.success(request, _("The new post is entered."))
        return redirect("cadres:detail", pk=pk)
    return form_page(request, form, _("Change of unit or post"), cadre)


@coordinator
def leave(request: UserRequest, pk: UUID) -> HttpResponse:
    cadre = governed(request, pk)
    form = LeaveForm(request.POST or None)
    try:
        if cadre.left_on:
            raise AlreadyLeft
        if request.method == "POST" and form.is_valid():
            cadre.leave(**form.cleaned_data, by=request.user)
            messages.success(request, _("The row is closed; what was entered stays."))
            return redirect("cadres:detail", pk=pk)
    except AlreadyLeft:
        return closed(request, cadre)
    return form_page(request, form, _("Leaving the register"), cadre, is_leaving=True)


@coordinator
@never_cache
def open_account(request: UserRequest, pk: UUID) -> HttpResponse:
    """A sign-in for the person; the first password is shown on this answer and nowhere else."""
    cadre = governed(request, pk)
    if cadre.left_on or (cadre.user and request.method != "POST"):
        return closed(request, cadre)
    start = {"username": suggested_username(cadre)}
    form = AccountForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user, password = open_sign_in(
                cadre, username=given["username"], by=request.user, key=given["client_key"]
            )
        except HasSignIn:
            return closed(request, governed(request, pk))
        except ValidationError as error:
            form.add_error("username", error.message_dict.get("username", error.messages))
        else:
            opened = {"cadre": cadre, "opened": user, "password": password}
            return render(request, "cadres/account_opened.html", opened)
    return form_page(request, form, _("Open a sign-in"), cadre)


def _facts(request: UserRequest, cadre: Cadre) -> dict[str, Any]:
    today = timezone.localdate()
    seen_by = Grant.objects.live(today).filter(role__in=BUSINESS_ROLES, unit__in=cadre.above_ids)
    is_own = cadre.user_id == request.user.pk
    return {
        "cadre": cadre,
        "age": cadre.age(today),
        "postings": list(cadre.postings.for_list()),
        "events": cadre.events.select_related("actor")[:50],
        "may_keep": request.user.governs(cadre.unit),
        "may_look": not is_own and request.user.governs(cadre.unit, roles=BUSINESS_ROLES),
        "is_own": is_own,
        "offices": seen_by.order_by("unit__path").values_list("unit__name", flat=True).distinct(),
        "merges": open_merges(cadre, user=request.user),
        "likely": likely_same(cadre, user=request.user),
        "looks": cadre.phone_looks.select_related("by")[:5] if is_own else [],
    }
