"""One visit, one session, one file."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import UserRequest, signed_in
from activities.commenting import confirmed
from activities.guiding import looked_back_on
from activities.models import Attachment, OpenMatter, Session, Visit
from activities.views.comments import around


@signed_in
def visit_detail(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    rows = Visit.objects.readable_by(request.user).for_detail()
    raised = Prefetch("matters_raised", queryset=OpenMatter.objects.told(request.user))
    rows = rows.prefetch_related("files", raised, "matters_closed")
    visit = get_object_or_404(confirmed(rows, request.user), pk=pk)
    return render(request, "activities/visit.html", around(request, visit))


@signed_in
def session_detail(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    rows = Session.objects.readable_by(request.user).for_detail()
    rows = rows.select_related("assignment").prefetch_related("files", "look_backs")
    session = get_object_or_404(confirmed(rows, request.user), pk=pk)
    context = {"looked_back_on": looked_back_on(session, request.user)}
    return render(request, "activities/session.html", around(request, session) | context)


@signed_in
def file(request: UserRequest, pk: uuid.UUID) -> Any:
    """A file to who may see its record: pictures drawn anew on the page, all else downloaded."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content,
        as_attachment=not attachment.is_image,
        filename=attachment.name,
        content_type=attachment.mime,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
