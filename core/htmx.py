"""One view serves a page and, to htmx, the fragment that changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page_or_part(
    request: HttpRequest,
    page: str,
    part: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render `part` for a request by htmx and `page`, which includes it, for any other."""
    asks = request.headers
    # Back asks through htmx too, but puts the answer in place of the whole page.
    is_whole = asks.get("HX-Boosted") or asks.get("HX-History-Restore-Request")
    wants_part = asks.get("HX-Request") and not is_whole
    response = render(request, part if wants_part else page, context, status=status)
    response.headers["Vary"] = "HX-Request"
    return response
