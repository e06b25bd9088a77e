"""The filters of the list of mentees; their state stands in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.db.models import Case, DateField, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cadres.models import MenteeCategory, MenteeQuerySet
from cadres.past import of_post, served_at
from pairings.coverage import GROUPS
from pairings.forms import DayInput
from tables.as_of import DatedForm
from tables.sorting import Sort
from units.models import Unit
from units.picking import UnitField

SORTS = {
    "name": Sort(_("name"), ("cadre__pinyin", "cadre_id", "id")),
    "unit": Sort(_("unit"), ("cadre__unit__name", "cadre__pinyin", "id")),
    "category": Sort(_("mentee category"), ("category__position", "cadre__pinyin", "id")),
    "since": Sort(_("mentee since"), ("from_on", "cadre__pinyin", "id")),
}


# The same of a past day.
SORTS_THEN = SORTS | {"unit": Sort(_("unit"), ("unit_then", "cadre__pinyin", "id"))}


class MenteeFilterForm(DatedForm):
    """A value that cannot be read narrows nothing."""

    q = forms.CharField(
        label=_("name, unit or pinyin"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("name, unit or pinyin initials")}
        ),
    )
    state = forms.ChoiceField(
        label=_("state"),
        choices=[(key, group.label) for key, group in GROUPS.items()],
        required=False,
    )
    category = forms.ModelChoiceField(
        MenteeCategory.objects.all(),
        label=_("mentee category"),
        required=False,
        empty_label=_("any"),
    )
    since_from = forms.DateField(label=_("mentee since, from"), widget=DayInput, required=False)
    since_to = forms.DateField(label=_("mentee since, until"), widget=DayInput, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            Unit.objects.visible_to(user), label=_("unit"), required=False
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        find = StrictButton(_("Find"), type="submit", css_class="btn-outline-secondary w-100")
        self.helper.layout = Layout(
            Row(
                Column("q", css_class="col-12 col-lg-4"),
                Column("unit", css_class="col-12 col-sm-6 col-lg-4"),
                Column("state", css_class="col-12 col-sm-6 col-lg-4"),
                Column("category", css_class="col-12 col-lg-4"),
                Column("since_from", css_class="col-6 col-lg-2"),
                Column("since_to", css_class="col-6 col-lg-2"),
                Column("as_of", css_class="col-6 col-lg-2"),
                Column(find, css_class="col-12 col-lg-2 find"),
            )
        )

    def place(self, rows: MenteeQuerySet) -> MenteeQuerySet:
        """The rows of the chosen unit alone, all of them where none is chosen."""
        day = self.day
        unit = self.cleaned_data.get("unit")
        if unit is None:
            return rows
        return rows.filter(served_at(unit, day, "cadre") if day else unit.rows_q("cadre__"))

    def narrow(self, rows: MenteeQuerySet, *, today: dt.date) -> MenteeQuerySet:
        """The entries by every filter that could be read.

        Of a past day with `unit_then`, and `to_on_on`, which tells no later end.
        """
        rows, as_of, given = self.place(rows), self.day, self.cleaned_data
        of_group = GROUPS[given.get("state", "")].rows
        rows = of_group(rows, as_of or today, as_of).search(given.get("q", ""))
        if as_of:
            rows = rows.annotate(
                unit_then=of_post(as_of, "cadre", "unit_called"),
                to_on_on=Case(When(to_on__lte=as_of, then="to_on"), output_field=DateField()),
            )
        if category := given.get("category"):
            rows = rows.filter(category=category)
        if day := given.get("since_from"):
            rows = rows.filter(from_on__gte=day)
        if day := given.get("since_to"):
            rows = rows.filter(from_on__lte=day)
        return rows

    @property
    def sorts(self) -> dict[str, Sort]:
        return SORTS_THEN if self.day else SORTS
