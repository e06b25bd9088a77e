"""Who may open a page. Every view wears one of these, and a test fails on a bare view.

They answer "may this role open it?" only; "which rows?" is `visible_to(user)`, and "may she do
it now?" is the row's own list of moves.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts import resuming
from accounts.models import BUSINESS_ROLES, Role, User

View = Callable[..., HttpResponseBase]


class UserRequest(HttpRequest):
    """A request behind one of the guards below: somebody is signed in."""

    user: User


def public(view: View) -> View:
    """Anybody, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody with a sign-in; the rows are scoped by `visible_to`."""
    return _guard(view, lambda user: True, "signed_in")


def holding(*roles: str) -> Callable[[View], View]:
    """Users who hold one of these roles over some unit today."""

    def decorate(view: View) -> View:
        return _guard(view, lambda user: user.has_role(*roles), ",".join(roles))

    return decorate


coordinator = holding(Role.COORDINATOR)
office = holding(*BUSINESS_ROLES)


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _guard(view: View, allows: Callable[[User], bool], name: str) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated:
            return resuming.ask_to_sign_in(request)
        if user.must_change_password and _view_name(request) not in {
            "accounts:password",
            "accounts:sign_out",
        }:
            return redirect("accounts:password")
        if not allows(user):
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            resuming.note_sent(request, response)
        return response

    guarded.access = name  # type: ignore[attr-defined]
    return guarded
