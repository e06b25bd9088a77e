"""The filters of the register's list: state in the address, so that a list can be sent on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cadres import codes
from cadres.models import CadreQuerySet, MenteeCategory
from core.months import earliest_birth
from core.picking import offer
from units.models import Unit
from units.picking import UnitField

ANY = [("", _("any"))]
ON, LEFT, ALL = "", "left", "all"
MORE = [
    "gender",
    "political_status",
    "staffing",
    "mentee_category",
    "age_to",
    "left",
    "is_bachelor",
]


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
    gender = forms.ChoiceField(label=_("gender"), required=False)
    political_status = forms.ChoiceField(label=_("political status"), required=False)
    staffing = forms.ChoiceField(label=_("staffing"), required=False)
    mentee_category = forms.ModelChoiceField(
        MenteeCategory.objects.all(),
        label=_("mentee category"),
        required=False,
        empty_label=_("any"),
    )
    age_to = forms.IntegerField(
        label=_("age at most (inclusive)"), min_value=16, max_value=120, required=False
    )
    left = forms.ChoiceField(
        label=_("on the register"),
        choices=[(ON, _("now")), (LEFT, _("has left")), (ALL, _("all"))],
        required=False,
    )
    is_bachelor = forms.BooleanField(label=_("bachelor's degree or more"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", Unit.objects.visible_to(user))
        for name in ("gender", "political_status", "staffing"):
            self.fields[name].choices = [*ANY, *codes.choices(name)]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        button = HTML('{% include "cadres/_find.html" %}')
        more = Div(
            Row(*[Column(name, css_class="col-6 col-lg-3") for name in MORE]),
            template="cadres/_more.html",
        )
        more.is_open = any(self.data.get(name) for name in MORE)
        self.helper.layout = Layout(
            Row(
                Column("q", css_class="col-12 col-lg-5"),
                Column("unit", css_class="col-12 col-sm-8 col-lg-4"),
                Column(button, css_class="col-12 col-sm-4 col-lg-3 find"),
            ),
            more,
        )

    def narrow(self, rows: CadreQuerySet, *, today: dt.date) -> CadreQuerySet:
        """The rows that fulfil every filter that could be read; the others are passed over."""
        self.is_valid()
        given = self.cleaned_data
        rows = rows.search(given.get("q", ""))
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        for name in ("gender", "political_status", "staffing", "mentee_category"):
            if value := given.get(name):
                rows = rows.filter(**{name: value})
        if age := given.get("age_to"):
            rows = rows.filter(birth_month__gte=earliest_birth(age, today))
        if given.get("is_bachelor"):
            rows = rows.with_bachelor()
        if given.get("left", ON) == ON:
            return rows.on_register()
        return rows.exclude(left_on=None) if given["left"] == LEFT else rows
