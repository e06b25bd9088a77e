"""某日在职人员: who served where on a day, from the posts held at the user's units on that day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import UserRequest, office
from accounts.models import User
from cadres.models import Cadre, Posting, PostingQuerySet
from core.picking import offer
from core.text import person_name, squeeze
from tables.as_of import DatedForm
from tables.chips import chips
from tables.paging import page_of
from tables.sorting import Sort, Sorting
from units.models import Unit
from units.picking import UnitField

SORTS = {
    "unit": Sort(_("unit"), ("unit_id", "cadre__pinyin", "id")),
    "name": Sort(_("name"), ("cadre__pinyin", "id")),
    "from": Sort(_("from"), ("from_on", "id")),
}


class ServingForm(DatedForm):
    unit = UnitField(label=_("unit"), required=False)
    q = forms.CharField(label=_("name or pinyin"), required=False, max_length=60)
    title = forms.CharField(label=_("post contains"), required=False, max_length=60)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", Unit.objects.visible_to(user))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("as_of", css_class="col-6 col-lg-2"),
                Column("q", css_class="col-6 col-lg-2"),
                Column("unit", css_class="col-12 col-lg-4"),
                Column("title", css_class="col-6 col-lg-2"),
                Column(HTML('{% include "cadres/_find.html" %}'), css_class="col-6 col-lg-2 find"),
            )
        )

    def narrow(self, rows: PostingQuerySet, *, today: dt.date) -> PostingQuerySet:
        """The posts held on the day by every filter that could be read."""
        day, given = self.day, self.cleaned_data
        rows = rows.on(day or today)
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        if words := squeeze(given.get("q", "")):
            key = "".join(words.lower().split())
            rows = rows.filter(
                Q(cadre__name__contains=person_name(words))
                | Q(cadre__pinyin__startswith=key)
                | Q(cadre__initials__startswith=key)
            )
        title = squeeze(given.get("title", ""))
        return rows.filter(title__contains=title) if title else rows


@office
def serving(request: UserRequest) -> HttpResponse:
    given, today = request.GET.copy(), timezone.localdate()
    given.setdefault("as_of", given.get("on", str(today)))  # `on` stood in earlier addresses
    form = ServingForm(given, user=request.user)
    sorting = Sorting.read(SORTS, given)
    rows = form.narrow(Posting.objects.visible_to(request.user), today=today)
    on = form.day or today
    rows = rows.for_list(on=on).select_related("cadre")
    page = page_of(rows, order=sorting.order, after=given.get("after", ""), size=sorting.size)
    here = Cadre.objects.visible_to(request.user).filter(pk__in=[r.cadre_id for r in page.rows])
    context = {
        "form": form,
        "on": on,
        "as_of": form.day,
        "page": page,
        "sorting": sorting,
        "chips": [chip for chip in chips(form, given) if chip.label != form.fields["as_of"].label],
        "here": set(here.values_list("pk", flat=True)),
    }
    status = 422 if form.errors else 200
    return render(request, "cadres/serving.html", context, status=status)
