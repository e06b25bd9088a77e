from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.access import UserRequest, coordinator
from mentors.batch_pages import BatchPages
from mentors.roster import ROSTER
from mentors.roster_template import template

PAGES = BatchPages(
    importer=ROSTER,
    prefix="mentors:roster",
    title=_("Import a roster of cadres"),
    lead=_(
        "Upload your own workbook or the filled-in template. It is checked first; nothing is "
        "saved before you confirm."
    ),
    seen_at="cadres:list",
    template=template,
    template_name="导师帮带制干部花名册（模板）.xlsx",
)


@coordinator
def upload(request: UserRequest) -> HttpResponse:
    return PAGES.upload(request)


@coordinator
@require_safe
def preview(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return PAGES.preview(request, pk)


@coordinator
@require_POST
def confirm(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return PAGES.confirm(request, pk)


@coordinator
@require_POST
def discard(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return PAGES.discard(request, pk)


@coordinator
@require_GET
def download_template(request: UserRequest) -> HttpResponse:
    return PAGES.download_template(request)
