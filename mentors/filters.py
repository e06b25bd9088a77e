"""The filters of the list of mentors; their state stands in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Layout, Row
from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.fields import DayField
from core.months import earliest_birth, month_of, shift
from core.picking import offer
from mentors.models import MentorCategory, MentorQuerySet, Strength
from mentors.past import THEN, names
from mentors.states import OPEN as STILL_OPEN
from mentors.states import State
from tables.as_of import DatedForm
from tables.sorting import Sort
from units.models import Unit
from units.picking import UnitField

OPEN, ALL = "", "all"
STATES = [(OPEN, _("all but ended")), *State.choices, (ALL, _("all"))]
BY_NAME = ("pinyin", "id")
SORTS = {
    "name": Sort(_("name"), BY_NAME),
    "category": Sort(_("mentor category"), ("category__position", *BY_NAME)),
    "unit": Sort(_("unit"), ("unit_id", *BY_NAME)),
    "capacity": Sort(_("places"), ("capacity", *BY_NAME)),
    # Counted for every row of the scope: 0.1 s for thousands of mentors, seconds for 100,000.
    "free": Sort(_("free places"), ("free", *BY_NAME)),
    "term": Sort(_("term ends"), ("term_to_on", *BY_NAME)),
}
# The same of a past day.
SORTS_THEN = SORTS | {
    "capacity": Sort(_("places"), (THEN.capacity, *BY_NAME)),
    "free": Sort(_("free places"), (THEN.free, *BY_NAME)),
    "term": Sort(_("term ends"), (THEN.term_to_on, *BY_NAME)),
}
MORE = ["category", "strength", "term_before", "age_from", "age_to", "is_free"]


class FilterForm(DatedForm):
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
    term_before = DayField(
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
                Column("unit", css_class="col-12 col-sm-6 col-lg-3"),
                Column("state", css_class="col-6 col-lg-2"),
                Column("as_of", css_class="col-6 col-lg-2"),
                Column(find, css_class="col-12 col-sm-6 col-lg-1 find"),
            ),
            more,
        )

    def narrow(self, rows: MentorQuerySet, *, today: dt.date) -> MentorQuerySet:
        """The rows, with their places, that fulfil every filter that could be read.

        On a past day with the columns of then (mentors.past).
        """
        at, day, given = names(self.day), self.day or today, self.cleaned_data
        rows = rows.search(given.get("q", ""))
        rows = rows.with_past(day).with_places_on(day) if self.day else rows.with_places()
        if given.get("is_free"):
            rows = rows if self.day else rows.appointed(today)
            is_free = {at.state: State.IN_OFFICE, f"{at.taken}__lt": F(at.capacity)}
            rows = rows.filter(**is_free)
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        if category := given.get("category"):
            rows = rows.filter(category=category)
        if strength := given.get("strength"):
            rows = rows.filter(strengths=strength)
        if last := given.get("term_before"):
            rows = rows.filter(**{f"{at.term_to_on}__lte": last})
        if age := given.get("age_to"):
            rows = rows.filter(cadre__birth_month__gte=earliest_birth(age, day))
        if age := given.get("age_from"):
            latest = shift(month_of(day), -12 * age)
            rows = rows.filter(cadre__birth_month__lte=latest, cadre__birth_month__gt="")
        state = given.get("state", OPEN)
        if state == OPEN:
            return rows.filter(**{f"{at.state}__in": STILL_OPEN}) if self.day else rows.open()
        return rows if state == ALL else rows.filter(**{at.state: state})

    @property
    def sorts(self) -> dict[str, Sort]:
        return SORTS_THEN if self.day else SORTS
