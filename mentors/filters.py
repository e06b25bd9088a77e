"""The filters of the list of mentors; their state stands in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.months import earliest_birth, month_of, shift
from core.picking import offer
from mentors.models import MentorCategory, MentorQuerySet, Strength
from mentors.states import State
from tables.sorting import Sort
from units.models import Unit
from units.picking import UnitField

OPEN, ALL = "", "all"
STATES = [(OPEN, _("all but ended")), *State.choices, (ALL, _("all"))]
BY_NAME = ("pinyin", "id")
# No order by free places: they are counted row by row, for the rows of a page alone.
SORTS = {
    "name": Sort(_("name"), BY_NAME),
    "category": Sort(_("mentor category"), ("category__position", *BY_NAME)),
    "unit": Sort(_("unit"), ("unit_id", *BY_NAME)),
    "capacity": Sort(_("places"), ("capacity", *BY_NAME)),
    "term": Sort(_("term ends"), ("term_to_on", *BY_NAME)),
}
MORE = ["category", "strength", "term_before", "age_from", "age_to", "is_free"]


class FilterForm(forms.Form):
    q = forms.CharField(
        label=_("name, unit, pinyin or end of the phone number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("name, unit or pinyin initials")}
        ),
    )
    unit = UnitField(label=_("unit"), required=False)
    state = forms.ChoiceField(label=_("state"), choices=STATES, required=False)
    category = forms.ModelChoiceField(
        MentorCategory.objects.all(),
        label=_("mentor category"),
        required=False,
        empty_label=_("any"),
    )
    strength = forms.ModelChoiceField(
        Strength.objects.all(), label=_("strength"), required=False, empty_label=_("any")
    )
    term_before = forms.DateField(
        label=_("term ends by"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    age_from = forms.IntegerField(
        label=_("age at least (inclusive)"), min_value=16, max_value=120, required=False
    )
    age_to = forms.IntegerField(
        label=_("age at most (inclusive)"), min_value=16, max_value=120, required=False
    )
    is_free = forms.BooleanField(label=_("in office, with free places"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", Unit.objects.visible_to(user))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        find = HTML('{% include "mentors/_find.html" %}')
        more = Div(
            Row(*[Column(name, css_class="col-6 col-lg-4") for name in MORE]),
            template="mentors/_more.html",
        )
        more.is_open = any(self.data.get(name) for name in MORE)
        self.helper.layout = Layout(
            Row(
                Column("q", css_class="col-12 col-lg-4"),
                Column("unit", css_class="col-12 col-sm-5 col-lg-3"),
                Column("state", css_class="col-6 col-sm-4 col-lg-3"),
                Column(find, css_class="col-6 col-sm-3 col-lg-2 find"),
            ),
            more,
        )

    def narrow(self, rows: MentorQuerySet, *, today: dt.date) -> MentorQuerySet:
        """The rows, with their places, that fulfil every filter that could be read."""
        self.is_valid()
        given = self.cleaned_data
        rows = rows.search(given.get("q", "")).with_places()
        if given.get("is_free"):
            rows = rows.in_office(today).with_free_places()
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        if category := given.get("category"):
            rows = rows.filter(category=category)
        if strength := given.get("strength"):
            rows = rows.filter(strengths=strength)
        if day := given.get("term_before"):
            rows = rows.filter(term_to_on__lte=day)
        if age := given.get("age_to"):
            rows = rows.filter(cadre__birth_month__gte=earliest_birth(age, today))
        if age := given.get("age_from"):
            latest = shift(month_of(today), -12 * age)
            rows = rows.filter(cadre__birth_month__lte=latest, cadre__birth_month__gt="")
        state = given.get("state", OPEN)
        if state == OPEN:
            return rows.open()
        return rows if state == ALL else rows.filter(state=state)
