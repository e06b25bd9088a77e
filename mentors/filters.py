"""The filters of the list of mentors; their state stands in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.picking import offer
from mentors.models import MentorCategory, MentorQuerySet
from units.models import Unit
from units.picking import UnitField

NOW, ENDED, ALL = "", "ended", "all"


class FilterForm(forms.Form):
    q = forms.CharField(
        label=_("name, unit or pinyin"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("name, unit or pinyin initials")}
        ),
    )
    unit = UnitField(label=_("unit"), required=False)
    category = forms.ModelChoiceField(
        MentorCategory.objects.all(),
        label=_("mentor category"),
        required=False,
        empty_label=_("any"),
    )
    term = forms.ChoiceField(
        label=_("appointment"),
        choices=[(NOW, _("in office")), (ENDED, _("ended")), (ALL, _("all"))],
        required=False,
    )
    is_free = forms.BooleanField(label=_("with free places only"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", Unit.objects.visible_to(user))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("q", css_class="col-12 col-lg-3"),
                Column("unit", css_class="col-12 col-sm-6 col-lg-3"),
                Column("category", css_class="col-12 col-sm-6 col-lg-3"),
                Column("term", css_class="col-6 col-lg-2"),
                Column(HTML('{% include "mentors/_find.html" %}'), css_class="col-6 col-lg-1 find"),
            ),
            "is_free",
        )

    def narrow(self, rows: MentorQuerySet, *, today: dt.date) -> MentorQuerySet:
        """The rows, with their places, that fulfil every filter that could be read."""
        self.is_valid()
        given = self.cleaned_data
        rows = rows.search(given.get("q", ""))
        rows = rows.with_free_places() if given.get("is_free") else rows.with_places()
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        if category := given.get("category"):
            rows = rows.filter(category=category)
        if given.get("term", NOW) == NOW:
            return rows.in_office(today)
        return rows.filter(to_on__lt=today) if given["term"] == ENDED else rows
