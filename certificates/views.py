from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import cast

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import UserRequest, View, coordinator, office, public, signed_in
from accounts.models import BUSINESS_ROLES
from certificates import issuing
from certificates.forms import FilterForm, VoidForm
from certificates.models import Certificate
from core.glyphs import MissingGlyph
from pairings.models import Pairing
from pairings.states import State
from tables.paging import page_of

# Browsers show a PDF by a plug-in of their own, which `object-src 'none'` would forbid.
shown_by_plugin = cast(Callable[[View], View], csp_replace({"object-src": [SELF]}))


@office
@require_safe
def list_(request: UserRequest) -> HttpResponse:
    visible = Certificate.objects.visible_to(request.user)
    years = list(visible.order_by("-year").values_list("year", flat=True).distinct())
    form = FilterForm(request.GET, years=years)
    rows = form.narrow(visible).for_list()
    page = page_of(rows, order=("-id",), after=request.GET.get("after", ""))
    return render(request, "certificates/list.html", {"form": form, "page": page})


@signed_in
@require_safe
def panel(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The pairing page's part on certificates: what was issued, and the button to issue."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)
    issued = list(pairing.certificates.for_list().order_by("-id"))
    has_valid = any(certificate.is_valid for certificate in issued)
    context = {
        "pairing": pairing,
        "certificates": issued,
        "may_issue": pairing.state == State.ACTIVE
        and not has_valid
        and issuing.may_issue(pairing, request.user),
        "may_void": issuing.may_issue(pairing, request.user),
        "reads_void": request.user.governs(pairing.unit, roles=BUSINESS_ROLES),
    }
    return render(request, "certificates/_panel.html", context)


@coordinator
@require_POST
def issue(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)
    try:
        certificate = issuing.issue(pairing, by=request.user)
    except (issuing.Refused, MissingGlyph) as refusal:
        return _refused(request, pairing, str(refusal))
    messages.success(request, _("Issued: %(serial)s") % {"serial": certificate.serial})
    return redirect("certificates:detail", pk=certificate.pk)


@signed_in
@require_safe
def detail(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    certificate = _visible(request, pk)
    context = {
        "certificate": certificate,
        "may_void": certificate.is_valid and issuing.may_void(certificate, request.user),
        "may_read_pdf": _may_read_pdf(request, certificate),
        "is_office": request.user.governs(certificate.unit, roles=BUSINESS_ROLES),
    }
    return render(request, "certificates/detail.html", context)


@signed_in
@require_safe
@shown_by_plugin
def pdf(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    certificate = _visible(request, pk)
    if not _may_read_pdf(request, certificate):
        sentence = _("This certificate is void. Only the office keeps its file.")
        return _refused(request, certificate.pairing, sentence)
    response = HttpResponse(bytes(certificate.pdf), content_type="application/pdf")
    disposition = content_disposition_header(False, certificate.file_name)
    response.headers["Content-Disposition"] = disposition or "inline"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@coordinator
def void(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    certificate = _visible(request, pk)
    if not issuing.may_void(certificate, request.user):
        raise PermissionDenied
    if not certificate.is_valid:
        sentence = _("This certificate is void already.")
        return _refused(request, certificate.pairing, sentence)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issuing.void(certificate, by=request.user, reason=form.cleaned_data["reason"])
        except issuing.Refused as refusal:
            return _refused(request, certificate.pairing, str(refusal))
        messages.success(request, _("Declared void: %(serial)s") % {"serial": certificate.serial})
        return redirect("certificates:detail", pk=certificate.pk)
    context = {"certificate": certificate, "form": form}
    status = 422 if form.errors else 200
    return render(request, "certificates/void.html", context, status=status)


@public
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What a stranger with the paper in hand may know: is it genuine, and is it still valid?"""
    found = Certificate.objects.filter(token=token).select_related(None).defer("pdf").first()
    context = {"certificate": found}
    response = render(request, "certificates/verify.html", context, status=200 if found else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    # The address is a secret between the paper and its reader.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _visible(request: UserRequest, pk: uuid.UUID) -> Certificate:
    return get_object_or_404(Certificate.objects.readable_by(request.user).for_detail(), pk=pk)


def _may_read_pdf(request: UserRequest, certificate: Certificate) -> bool:
    return certificate.is_valid or request.user.governs(certificate.unit, roles=BUSINESS_ROLES)


def _refused(request: UserRequest, pairing: Pairing, sentence: str) -> HttpResponse:
    context = {"pairing": pairing, "sentence": sentence}
    return render(request, "certificates/refused.html", context, status=409)
