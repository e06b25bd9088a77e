"""A form sent after the session ran out is kept, and offered again after sign-in.

What was typed waits in the fresh anonymous session, for the person whose cookie says that they
were signed in on this browser, and for nobody else: office computers are shared.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TypedDict

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import device
from accounts.models import User

WHO = "bangdai_who"
KEPT = "unsent_form"
LOST = "unsent_form_lost"
MAX_KEPT = 200_000  # characters of one form
# An ID number is kept nowhere in clear, a waiting form included.
_NEVER_KEPT = {"csrfmiddlewaretoken", "id_number"}


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
        target = reverse("accounts:resume") if KEPT in request.session else _page_of_form(request)
    elif request.headers.get("HX-Request"):
        target = request.headers.get("HX-Current-URL", target)
    address = f"{reverse('accounts:sign_in')}?{urlencode({'next': target})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _page_of_form(request: HttpRequest) -> str:
    """Where the form stood; the address that it was sent to may answer no GET."""
    current = request.headers.get("HX-Current-URL") or request.headers.get("Referer")
    return current or reverse("reminders:home")


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
    request.session.pop(LOST, None)
    kept: Unsent | None = request.session.get(KEPT)
    if kept is not None and kept["user"] != user.pk:
        del request.session[KEPT]
        return None
    return kept


def note_sent(request: HttpRequest, response: HttpResponseBase) -> None:
    """A kept form that went through now is kept no longer; one that was refused is.

    The cookie says the same to the device, which may keep the form as well (static/js/sending.js).
    """
    key = request.POST.get("client_key", "")
    if response.status_code == HTTPStatus.FOUND and re.fullmatch(r"[0-9a-f-]{36}", key):
        secure = settings.HTTPS
        response.set_cookie(device.SENT, key, max_age=3600, samesite="Lax", secure=secure)
    kept: Unsent | None = request.session.get(KEPT)
    is_it = kept is not None and kept["path"] == request.get_full_path()
    if is_it and response.status_code < 400:
        del request.session[KEPT]


def readable(kept: Unsent) -> list[str]:
    """What a person wrote in it; not the ids, keys and codes of lists and hidden fields."""
    return [
        value
        for name, value in kept["fields"]
        if name != "client_key" and re.search(r"\s|[^\x00-\x7f]", value.strip())
    ]


def _keep(request: HttpRequest) -> None:
    """Keep the form in the session, or note there that it is lost."""
    user = who_was_here(request)
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _NEVER_KEPT and "password" not in name
    ]
    request.session.pop(KEPT, None)
    if user is None or sum(len(value) for _, value in fields) > MAX_KEPT:
        request.session[LOST] = True
        return
    request.session[KEPT] = Unsent(
        path=request.get_full_path(),
        fields=fields,
        files=[
            str(getattr(file, "name", "")) for _, files in request.FILES.lists() for file in files
        ],
        user=user,
    )
