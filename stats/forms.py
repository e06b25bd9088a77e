"""What a table of figures is asked for: unit, cut-off date, period and age boundary."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Layout, Row
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.picking import offer
from stats.crossing import GROUPINGS, Grouping
from stats.cuts import DEFAULT_AGE, Cut
from stats.grids import NATION
from units.models import Unit
from units.picking import UnitField

FIRST_SECTION = "people"
DAY_INPUT = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CutForm(forms.Form):
    """Always bound: what the address does not say has its usual value."""

    unit = UnitField(label=_("unit"))
    as_of = forms.DateField(label=_("cut-off date (inclusive)"), widget=DAY_INPUT)
    period_from = forms.DateField(
        label=_("period begins on"),
        required=False,
        widget=DAY_INPUT,
        help_text=_("Empty: 1 January of the year of the cut-off date."),
    )
    age = forms.IntegerField(
        label=_("age boundary (full years, inclusive)"), min_value=16, max_value=80
    )
    section = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, given: QueryDict, *, user: User, unit: Unit) -> None:
        usual = {"as_of": timezone.localdate().isoformat(), "age": str(DEFAULT_AGE)}
        asked = {name: value for name, value in given.items() if value}
        super().__init__({**usual, **asked, "unit": str(unit.pk or NATION)})
        if unit.pk is None:
            self._offer_nation(user, unit)
        else:
            offer(self, "unit", Unit.objects.visible_to(user))
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        button = StrictButton(_("Show the figures"), type="submit", css_class="btn-primary w-100")
        self.helper.layout = Layout(
            Row(
                Column("unit", css_class="col-12 col-lg-3"),
                Column("as_of", css_class="col-12 col-sm-6 col-lg-3"),
                Column("period_from", css_class="col-12 col-sm-6 col-lg-3"),
                Column("age", css_class="col-12 col-sm-6 col-lg-3"),
            ),
            "section",
            Div(button, css_class="stats-button"),
        )

    def _offer_nation(self, user: User, nation: Unit) -> None:
        """The country, and what stands highest in it: no tree of units begins above these."""
        roots = Unit.objects.visible_to(user).filter(parent=None).order_by("code", "pk")
        choices = [(NATION, nation.name), *((str(root.pk), root.name) for root in roots)]
        self.fields["unit"] = forms.ChoiceField(label=_("unit"), choices=choices)

    def clean_as_of(self) -> dt.date:
        day: dt.date = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The cut-off date cannot be later than today."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        start, day = given.get("period_from"), given.get("as_of")
        if start and day and start > day:
            self.add_error("period_from", _("The period must begin by the cut-off date."))
        return given

    @property
    def shown(self) -> str:
        """The code of the section that is looked at."""
        return self.cleaned_data["section"] or FIRST_SECTION

    @property
    def cut(self) -> Cut:
        given = self.cleaned_data
        return Cut.at(given["as_of"], given["period_from"], given["age"])


class RowsForm(CutForm):
    """The same with what the rows of the table are: units, or groups of people."""

    by = forms.ChoiceField(
        label=_("rows by"),
        required=False,
        choices=[
            ("", _("unit")),
            *((grouping.code, grouping.title) for grouping in GROUPINGS.values()),
        ],
    )

    def __init__(self, given: QueryDict, *, user: User, unit: Unit) -> None:
        super().__init__(given, user=user, unit=unit)
        row = self.helper.layout.fields[0]
        row.fields.append(Column("by", css_class="col-12 col-sm-6 col-lg-3"))

    @property
    def grouping(self) -> Grouping | None:
        return GROUPINGS.get(self.cleaned_data["by"])


class FindForm(forms.Form):
    """Words that a definition holds; the view of the figures goes along."""

    q = forms.CharField(label=_("words or code"), required=False, max_length=100)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)
    as_of = forms.CharField(required=False, widget=forms.HiddenInput)
    period_from = forms.CharField(required=False, widget=forms.HiddenInput)
    age = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, given: QueryDict) -> None:
        super().__init__(given)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        button = StrictButton(_("Search"), type="submit", css_class="btn-primary")
        self.helper.layout = Layout("q", "unit", "as_of", "period_from", "age", button)

    @property
    def text(self) -> str:
        """What is looked for; nothing where it is too long to be anywhere."""
        return self.cleaned_data.get("q", "") if self.is_valid() else ""
