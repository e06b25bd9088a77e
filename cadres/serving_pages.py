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
from cadres.forms import not_later_than_today, past_day
from cadres.models import Cadre, Posting, PostingQuerySet
from core.picking import offer
from core.text import person_name, squeeze
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


class ServingForm(forms.Form):
    on = past_day(label=_("on the day"), required=False)
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
                Column("on", css_class="col-6 col-lg-2"),
                Column("q", css_class="col-6 col-lg-2"),
                Column("unit", css_class="col-12 col-lg-4"),
                Column("title", css_class="col-6 col-lg-2"),
                Column(HTML('{% include "cadres/_find.html" %}'), css_class="col-6 col-lg-2 find"),
            )
        )

    def clean_on(self) -> dt.date:
        return not_later_than_today(self.cleaned_data["on"] or timezone.localdate())

    def narrow(self, rows: PostingQuerySet) -> PostingQuerySet:
        """The posts held on the day; call it on a valid form."""
        given = self.cleaned_data
        rows = rows.on(given["on"])
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        if words := squeeze(given.get("q", "")):
            key = "".join(words.lower().split())
            rows = rows.filter(
                Q(cadre__name__contains=person_name(words))
                | Q(cadre__pinyin__startswith=key)
                | Q(cadre__initials__startswith=key)
            )
        return rows.filter(title__contains=squeeze(given["title"])) if given["title"] else rows


@office
def serving(request: UserRequest) -> HttpResponse:
    given = request.GET.copy()
    given.setdefault("on", str(timezone.localdate()))
    form = ServingForm(given, user=request.user)
    sorting = Sorting.read(SORTS, given)
    if not form.is_valid():
        return render(request, "cadres/serving.html", {"form": form}, status=422)
    rows = form.narrow(Posting.objects.visible_to(request.user))
    rows = rows.for_list(on=form.cleaned_data["on"]).select_related("cadre")
    page = page_of(rows, order=sorting.order, after=given.get("after", ""), size=sorting.size)
    here = Cadre.objects.visible_to(request.user).filter(pk__in=[r.cadre_id for r in page.rows])
    context = {
        "form": form,
        "on": form.cleaned_data["on"],
        "page": page,
        "sorting": sorting,
        "chips": [chip for chip in chips(form, given) if chip.label != form.fields["on"].label],
        "here": set(here.values_list("pk", flat=True)),
    }
    return render(request, "cadres/serving.html", context)
