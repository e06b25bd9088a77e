from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import resuming
from accounts.access import UserRequest, public, signed_in
from accounts.forms import PasswordForm, SignInForm


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        response = redirect(_next(request))
        resuming.remember_who(response, form.get_user(), secure=settings.HTTPS)
        return response
    kept = request.session.get(resuming.KEPT) is not None
    return render(
        request,
        "accounts/sign_in.html",
        {"form": form, "next": _next(request), "is_form_kept": kept},
        status=422 if form.errors else 200,
    )


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    return reverse("reminders:home")


@signed_in
def resume(request: UserRequest) -> HttpResponse:
    """The form that was sent after the session had run out, to be sent again by one button."""
    kept = resuming.unsent_form(request, request.user)
    if kept is None:
        return redirect("reminders:home")
    del request.session[resuming.KEPT]
    return render(request, "accounts/resume.html", {"kept": kept})


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")


@signed_in
def password(request: UserRequest) -> HttpResponse:
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        update_session_auth_hash(request, user)
        messages.success(request, _("The new password is in force."))
        return redirect("reminders:home")
    status = 422 if form.errors else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)


@public
def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Too many wrong passwords for one user name from one address."""
    return _error(request, 429, "locked_out")


@public
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, "csrf_failed")


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403, "forbidden")


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404, "not_found")


@public
def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500, "server_error")


def _error(request: HttpRequest, status: int, what: str) -> HttpResponse:
    return render(request, "accounts/error.html", {"what": what}, status=status)
