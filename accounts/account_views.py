"""Pages of the three administrators: accounts, grants, and the trail of both."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import opening
from accounts.access import UserRequest, holding
from accounts.account_forms import AccountForm, GrantForm, NewAccountForm, ResetForm, TrailForm
from accounts.models import (
    AccountEvent,
    AccountVerb,
    Grant,
    Role,
    User,
    end_grant,
)
from tables.paging import page_of

keeper = holding(Role.SYSADMIN, Role.SECADMIN)
sysadmin = holding(Role.SYSADMIN)
secadmin = holding(Role.SECADMIN)
STATES = {"": {}, "open": {"is_active": True}, "closed": {"is_active": False}}


@keeper
def account_list(request: UserRequest) -> HttpResponse:
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = User.objects.visible_to(request.user).search(text).filter(**STATES.get(state, {}))
    now = Grant.objects.live(timezone.localdate()).select_related("unit").order_by("pk")
    page = page_of(
        rows.prefetch_related(Prefetch("grants", now, to_attr="grants_now")),
        order=("username",),
        after=request.GET.get("after", ""),
    )
    context = {"page": page, "q": text, "state": state}
    return render(request, "accounts/list.html", context)


@sysadmin
@never_cache
def create(request: UserRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid() and (opened := form.open()):
        context = {"account": opened[0], "password": opened[1], "is_new": True}
        return render(request, "accounts/first_password.html", context)
    return render(request, "accounts/form.html", {"form": form}, status=_status(form))


@keeper
def detail(request: UserRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    form = GrantForm(user=account, by=request.user) if _may_grant(request, account) else None
    return _detail(request, account, form)


@sysadmin
def edit(request: UserRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            if form.changes:
                AccountEvent.objects.create(
                    user=account,
                    created_by=request.user,
                    verb=AccountVerb.EDIT,
                    detail=" ".join(form.changes),
                )
        messages.success(request, _("The account's data are saved."))
        return redirect("accounts:detail", pk=pk)
    context = {"form": form, "account": account}
    return render(request, "accounts/form.html", context, status=_status(form))


@sysadmin
@never_cache
def reset(request: UserRequest, pk: int) -> HttpResponse:
    account = _other(request, pk)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["client_key"]
        password = opening.reset_password(account, by=request.user, key=key)
        context = {"account": account, "password": password}
        return render(request, "accounts/first_password.html", context)
    return render(request, "accounts/reset.html", {"account": account, "form": form})


@sysadmin
@require_POST
def switch(request: UserRequest, pk: int) -> HttpResponse:
    """Close the account (`to=closed`) or open it again."""
    account = _other(request, pk)
    is_active = request.POST.get("to") != "closed"
    if opening.switch(account, is_active=is_active, by=request.user):
        said = _("The account is open again.") if is_active else _("The account is closed.")
        messages.success(request, said)
    return redirect("accounts:detail", pk=pk)


@secadmin
@require_POST
def grant(request: UserRequest, pk: int) -> HttpResponse:
    account = _other(request, pk)
    form = GrantForm(request.POST, user=account, by=request.user)
    if not account.is_active:
        messages.error(request, _("This account is closed: no role can be granted."))
        return _detail(request, account, None, status=409)
    if form.is_valid() and form.save():
        messages.success(request, _("The role is granted from today on."))
        return redirect("accounts:detail", pk=pk)
    return _detail(request, account, form, status=422)


@secadmin
@require_POST
def end(request: UserRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(Grant.objects.select_related("unit", "user"), pk=pk)
    account = _other(request, held.user_id)
    if not request.user.governs(held.unit, roles=(Role.SECADMIN,)):
        raise PermissionDenied
    if end_grant(held, by=request.user, today=timezone.localdate()):
        messages.success(request, _("The grant is ended, with effect from now."))
    return redirect("accounts:detail", pk=account.pk)


@holding(Role.AUDITOR)
def trail(request: UserRequest) -> HttpResponse:
    form = TrailForm(request.GET)
    rows = form.narrow(AccountEvent.objects.visible_to(request.user).for_list())
    page = page_of(rows, order=("-created_at", "-pk"), after=request.GET.get("after", ""))
    is_narrowed = any(value for name, value in request.GET.items() if name != "after")
    context = {"page": page, "form": form, "is_narrowed": is_narrowed}
    return render(request, "accounts/trail.html", context)


def _account(request: UserRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _other(request: UserRequest, pk: int) -> User:
    """An account, but not one's own: nobody grants, resets or closes for themselves."""
    account = _account(request, pk)
    if account == request.user:
        raise PermissionDenied
    return account


def _may_grant(request: UserRequest, account: User) -> bool:
    is_other = account != request.user
    return is_other and account.is_active and request.user.has_role(Role.SECADMIN)


def _detail(
    request: UserRequest, account: User, form: GrantForm | None, *, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    grants = list(account.grants.select_related("unit", "granted_by").order_by("-from_on", "-pk"))
    live = set(account.grants.live(today).values_list("pk", flat=True))
    may_end = request.user.has_role(Role.SECADMIN) and account != request.user
    lines = [
        {
            "grant": held,
            "is_live": held.pk in live,
            "can_end": may_end
            and held.to_on is None
            and request.user.governs(held.unit, roles=(Role.SECADMIN,)),
        }
        for held in grants
    ]
    can_keep = request.user.has_role(Role.SYSADMIN)
    context = {
        "account": account,
        "lines": lines,
        "form": form,
        "can_edit": can_keep,
        "can_reset": can_keep and account != request.user,
    }
    return render(request, "accounts/detail.html", context, status=status)


def _status(form: NewAccountForm | AccountForm) -> int:
    return 422 if form.errors else 200
