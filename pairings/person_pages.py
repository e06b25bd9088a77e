"""A person's pairs on both sides, for the page of the person."""

from __future__ import annotations

import uuid

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, signed_in
from cadres.models import Cadre
from core.htmx import page_or_part
from pairings.person import pairs_of
from tables.as_of import DatedForm


class DayForm(DatedForm):
    def __init__(self, given: QueryDict) -> None:
        super().__init__(given, auto_id="id_pairs_%s")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        show = StrictButton(_("Show"), type="submit", css_class="btn-outline-secondary")
        self.helper.layout = Layout(
            Row(
                Column("as_of", css_class="col-auto"),
                Column(show, css_class="col-auto person-show"),
                css_class="g-2",
            )
        )


@signed_in
@require_safe
def panel(request: UserRequest, cadre_pk: uuid.UUID) -> HttpResponse:
    """Pairs as far as the user may see them; the others as a number."""
    cadre = get_object_or_404(Cadre.objects.visible_to(request.user), pk=cadre_pk)
    form = DayForm(request.GET)
    context = {
        "cadre": cadre,
        "form": form,
        "as_of": form.day,
        "pairs": pairs_of(cadre, request.user, timezone.localdate(), form.day),
    }
    page, part = "pairings/person.html", "pairings/_panel.html"
    return page_or_part(request, page, part, context, status=form.status)
