"""A form sent after the session ran out is kept, and offered again after sign-in.

What was typed waits in the fresh anonymous session, for the person whose cookie says that they
were signed in on this browser, and for nobody else: office computers are shared.
"""

from __future__ import annotations

from typing import TypedDict

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User

WHO = "bangdai_who"
KEPT = "unsent_form"
MAX_KEPT = 200_000  # characters of one form
_NEVER_KEPT = {"csrfmiddlewaretoken"}


class Unsent(TypedDict):
    path: str
    fields: list[tuple[str, str]]
    files: list[str]
    user: int


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back; the fields of a POST are kept in the session."""
    target = request.get_full_path()
    if request.method == "POST":
        _keep(request)
        target = reverse("accounts:resume") if KEPT in request.session else request.path
    elif request.headers.get("HX-Request"):
        target = request.headers.get("HX-Current-URL", target)
    address = f"{reverse('accounts:sign_in')}?{urlencode({'next': target})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def remember_who(response: HttpResponse, user: User, *, secure: bool) -> None:
    response.set_cookie(
        WHO,
        signing.dumps(user.pk, salt=WHO),
        max_age=30 * 86400,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def who_was_here(request: HttpRequest) -> int | None:
    try:
        return int(signing.loads(request.COOKIES.get(WHO, ""), salt=WHO))
    except signing.BadSignature:
        return None


def unsent_form(request: HttpRequest, user: User) -> Unsent | None:
    """The kept form if it is this user's; another's is thrown away unread."""
    kept: Unsent | None = request.session.get(KEPT)
    if kept is None or kept["user"] != user.pk:
        request.session.pop(KEPT, None)
        return None
    return kept


def _keep(request: HttpRequest) -> None:
    user = who_was_here(request)
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _NEVER_KEPT and "password" not in name
    ]
    if user is None or sum(len(value) for _, value in fields) > MAX_KEPT:
        return
    request.session[KEPT] = Unsent(
        path=request.get_full_path(),
        fields=fields,
        files=[str(getattr(file, "name", "")) for file in request.FILES.values()],
        user=user,
    )
