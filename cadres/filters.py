"""The filters and sorts of the register's list: state in the address, so that it can be sent on."""

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
from core.fields import MonthInput
from core.months import earliest_birth, latest_birth
from core.picking import offer
from tables.sorting import Sort
from units.models import Unit
from units.picking import UnitField

ANY = [("", _("any"))]
ON, LEFT, ALL = "", "left", "all"
YES, NO = "yes", "no"
MORE = [
    "title",
    "age_from",
    "age_to",
    "gender",
    "born_from",
    "born_to",
    "ethnicity",
    "political_status",
    "work_from",
    "work_to",
    "staffing",
    "highest",
    "education",
    "later_education",
    "mentee_category",
    "sign_in",
    "left",
    "is_bachelor",
    "is_party_school",
]
# Fields that pick one code, with their tables; `highest` is kept in a column of its own name.
CODED = {
    "gender": "gender",
    "ethnicity": "ethnicity",
    "political_status": "political_status",
    "highest": "education",
    "education": "education",
    "later_education": "education",
    "staffing": "staffing",
}
SORTS = {
    "name": Sort(_("name"), ("pinyin", "id")),
    "age": Sort(_("age"), ("-birth_month", "-id")),
    "unit": Sort(_("unit"), ("unit_id", "pinyin", "id")),
    "education": Sort(_("highest education"), ("highest_code", "pinyin", "id")),
    "work": Sort(_("started work"), ("work_month", "id")),
    "entered": Sort(_("entered at"), ("created_at", "id")),
}


def month_field(label: Any) -> MonthInput:
    widget = forms.TextInput(attrs={"placeholder": "1985.07", "inputmode": "decimal"})
    return MonthInput(label=label, required=False, max_length=20, widget=widget)


def age_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=16, max_value=120, required=False)


class FilterForm(forms.Form):
    q = forms.CharField(
        label=_("name, unit, pinyin or phone"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": _("name, unit, pinyin initials, end of the phone number"),
            }
        ),
    )
    unit = UnitField(label=_("unit"), required=False)
    title = forms.CharField(label=_("post contains"), required=False, max_length=60)
    age_from = age_field(_("age at least (inclusive)"))
    age_to = age_field(_("age at most (inclusive)"))
    born_from = month_field(_("born since (inclusive)"))
    born_to = month_field(_("born until (inclusive)"))
    gender = forms.ChoiceField(label=_("gender"), required=False)
    ethnicity = forms.ChoiceField(label=_("ethnicity"), required=False)
    political_status = forms.ChoiceField(label=_("political status"), required=False)
    work_from = month_field(_("began work since (inclusive)"))
    work_to = month_field(_("began work until (inclusive)"))
    staffing = forms.ChoiceField(label=_("staffing"), required=False)
    highest = forms.ChoiceField(label=_("highest education"), required=False)
    education = forms.ChoiceField(label=_("full-time education"), required=False)
    later_education = forms.ChoiceField(label=_("in-service education"), required=False)
    mentee_category = forms.ModelChoiceField(
        MenteeCategory.objects.all(),
        label=_("mentee category"),
        required=False,
        empty_label=_("any"),
    )
    sign_in = forms.ChoiceField(
        label=_("sign-in"),
        choices=[*ANY, (YES, _("opened")), (NO, _("no sign-in yet"))],
        required=False,
    )
    left = forms.ChoiceField(
        label=_("on the register"),
        choices=[(ON, _("now")), (LEFT, _("has left")), (ALL, _("all"))],
        required=False,
    )
    is_bachelor = forms.BooleanField(label=_("bachelor's degree or more"), required=False)
    is_party_school = forms.BooleanField(label=_("party school"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", Unit.objects.visible_to(user))
        for name, table in CODED.items():
            self.fields[name].choices = [*ANY, *codes.choices(table)]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        button = HTML('{% include "cadres/_find.html" %}')
        # Twenty fields cost more than the fifty rows below, so they come when somebody asks.
        is_open = any(self.data.get(name) for name in ("more", *MORE))
        folded = HTML('{% include "cadres/_more_folded.html" %}')
        more = Div(self._more(), template="cadres/_more.html") if is_open else folded
        self.helper.layout = Layout(
            Row(
                Column("q", css_class="col-12 col-lg-5"),
                Column("unit", css_class="col-12 col-sm-8 col-lg-4"),
                Column(button, css_class="col-12 col-sm-4 col-lg-3 find"),
            ),
            more,
        )

    def show_more_alone(self) -> None:
        self.helper.layout = Layout(self._more())

    def _more(self) -> Row:
        return Row(*[Column(name, css_class="col-6 col-lg-3") for name in MORE])

    def narrow(self, rows: CadreQuerySet, *, today: dt.date) -> CadreQuerySet:
        """The rows that fulfil every filter that could be read; the others are passed over."""
        self.is_valid()
        given = self.cleaned_data
        rows = rows.search(given.get("q", ""))
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        if title := given.get("title"):
            rows = rows.with_title(title)
        exact = {"highest": "highest_code", "is_party_school": "is_party_school"}
        for name in (*CODED, "is_party_school"):
            if value := given.get(name):
                rows = rows.filter(**{exact.get(name, name): value})
        if category := given.get("mentee_category"):
            rows = rows.filter(menteeships__category=category, menteeships__to_on=None)
        rows = rows.filter(**self._months(given, today))
        if given.get("is_bachelor"):
            rows = rows.with_bachelor()
        if sign_in := given.get("sign_in"):
            rows = rows.filter(user__isnull=sign_in == NO)
        if given.get("left", ON) == ON:
            return rows.on_register()
        return rows.exclude(left_on=None) if given["left"] == LEFT else rows

    def _months(self, given: dict[str, Any], today: dt.date) -> dict[str, str]:
        """Bounds of months; an unknown month lies within no bound."""
        born_from = [given.get("born_from") or ""]
        born_to = [given.get("born_to") or ""]
        if age := given.get("age_to"):
            born_from.append(earliest_birth(age, today))
        if age := given.get("age_from"):
            born_to.append(latest_birth(age, today))
        bounds = {
            "birth_month__gte": max(born_from),
            "birth_month__lte": min(filter(None, born_to), default=""),
            "work_month__gte": given.get("work_from") or "",
            "work_month__lte": given.get("work_to") or "",
        }
        for month in ("birth_month", "work_month"):
            if bounds[f"{month}__lte"] and not bounds[f"{month}__gte"]:
                bounds[f"{month}__gte"] = "0"  # the empty text sorts before every month
        return {lookup: month for lookup, month in bounds.items() if month}
