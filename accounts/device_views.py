"""What makes the pages installable, and what they ask for forms that wait on the device."""

from __future__ import annotations

import json

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import device
from accounts.access import UserRequest, public, signed_in

SEAL, PAPER = "#9b2c1f", "#faf8f5"


@public
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    content = {
        "name": _("Mentoring"),
        "short_name": _("Guiding"),
        "lang": "zh-Hans",
        "id": "/",
        "start_url": reverse("reminders:home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": SEAL,
        "background_color": PAPER,
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in device.ICONS
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it has to stand at the root, so that its scope is every page.

    Its first line changes with any file that it keeps, and so the browser takes it anew.
    """
    page = render_to_string("accounts/kept.html", {"user": AnonymousUser(), "csrf_token": ""})
    shell = json.dumps(device.shell(page), sort_keys=True)
    source = f'self.shell = {shell};\nimportScripts("{static(device.WORKER)}");\n'
    response = HttpResponse(source, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
@require_GET
@never_cache
def kept(request: HttpRequest) -> HttpResponse:
    """What waits on this device; without a network it stands in for every page.

    The list is filled in by the device itself: the server knows nothing of it.
    """
    return render(request, "accounts/kept.html")


@signed_in
@require_GET
@never_cache
def token(request: UserRequest) -> HttpResponse:
    """Who is signed in, as the device calls them, and the token of a form of theirs."""
    return JsonResponse({"owner": request.user.device_key, "token": get_token(request)})
