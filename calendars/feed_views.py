"""The secret address of one's own calendar: made, renewed, revoked, read without sign-in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import UserRequest, public, signed_in
from calendars.feeding import entries_for, etag_of, written
from calendars.models import FeedAddress
from calendars.models.address import digest_of, renew, revoke


@signed_in
@never_cache
def address(request: UserRequest) -> HttpResponse:
    """Tells whether there is one; the address itself stands in the answer that makes it alone."""
    shown = ""
    if request.method == "POST":
        token = renew(request.user)
        shown = request.build_absolute_uri(reverse("calendars:feed", args=[token]))
    standing = FeedAddress.objects.filter(user=request.user, revoked_at=None).first()
    return render(request, "calendars/address.html", {"standing": standing, "shown": shown})


@signed_in
@require_POST
def revoke_address(request: UserRequest) -> HttpResponse:
    if revoke(request.user):
        messages.success(request, _("The address is revoked: whoever reads it finds nothing."))
    return redirect("calendars:address")


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    standing = FeedAddress.objects.filter(revoked_at=None, user__is_active=True)
    found = standing.select_related("user").filter(digest=digest_of(token)).first()
    if found is None:
        return HttpResponse(status=404, content_type="text/plain; charset=utf-8")
    told = entries_for(found.user)
    etag = etag_of(told)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(written(told), content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="bangdai.ics"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
