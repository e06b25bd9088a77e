"""Addresses that were printed and bookmarked before rosters had a room of their own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, coordinator


@coordinator
@require_safe
def upload(request: UserRequest) -> HttpResponse:
    return redirect("rosters:new", kind="cadres")


@coordinator
@require_safe
def download_template(request: UserRequest) -> HttpResponse:
    return redirect("rosters:template", kind="cadres")
