from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.access import UserRequest, signed_in
from accounts.models import Export, Format
from core.glyphs import MissingGlyph
from handbooks.forms import HandbookForm
from handbooks.printing import printed
from pairings.models import Pairing


@signed_in
def make(request: UserRequest, pk: UUID) -> HttpResponse:
    """The handbook of one pair, for the two and for its office; an office says what for."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).for_detail(), pk=pk)
    is_own = pairing.side_of(request.user) is not None
    if not (is_own or request.user.governs(pairing.unit)):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else None
    form = HandbookForm(given, asks_purpose=not is_own)
    if form.is_valid():
        try:
            pdf = printed(pairing, request.user, with_photos=form.cleaned_data["with_photos"])
        except MissingGlyph as missing:
            form.add_error(None, str(missing))
        else:
            if not is_own:
                _put_on_record(request, pairing, form.cleaned_data["purpose"])
            return _file(pdf, pairing)
    context = {"pairing": pairing, "form": form}
    return render(request, "handbooks/make.html", context, status=422 if form.errors else 200)


def _put_on_record(request: UserRequest, pairing: Pairing, purpose: str) -> None:
    """Which pair by its number: whoever reads the trail reads no names in it."""
    export = Export.objects.create(
        by=request.user,
        register=_("Handbook"),
        scope=pairing.unit.name[:300],
        filters=str(pairing.pk),
        columns=_("Handbook"),
        format=Format.PDF,
        is_masked=False,
        purpose=purpose,
    )
    export.finish(1)


def _file(pdf: bytes, pairing: Pairing) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"帮带手册_{pairing.mentor_cadre.name}_{pairing.mentee.name}.pdf"
    header = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
