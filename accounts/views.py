from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import opening, resuming
from accounts.access import UserRequest, public, signed_in
from accounts.forms import PasswordForm, SignInForm


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        resuming.unsent_form(request, form.get_user())  # another's does not outlive this
        response = redirect(_next(request))
        resuming.remember_who(response, form.get_user(), secure=settings.HTTPS)
        return response
    context = {
        "form": form,
        "next": _next(request),
        "is_form_kept": resuming.KEPT in request.session,
        "is_form_lost": resuming.LOST in request.session,
    }
    return render(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    return reverse("reminders:home")


@signed_in
@never_cache
def resume(request: UserRequest) -> HttpResponse:
    """The form that was sent after the session had run out, to be sent again by one button.

    A POST throws it away.
    """
    kept = resuming.unsent_form(request, request.user)
    if kept is not None and request.method == "POST":
        del request.session[resuming.KEPT]
        messages.info(request, _("What was typed is thrown away."))
        kept = None
    if kept is None:
        return redirect("reminders:home")
    context = {"kept": kept, "written": resuming.readable(kept)}
    return render(request, "accounts/resume.html", context)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")


@signed_in
def password(request: UserRequest) -> HttpResponse:
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        opening.choose_password(request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
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
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """More was sent than the server takes at once, or something that is no form."""
    return _error(request, 400, "bad_request")


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
