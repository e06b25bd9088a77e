"""What a comparison is asked for: a table's question, and the earlier day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Format, User
from stats import figures
from stats.comparing import Against, period_to, quarter_before
from stats.cuts import Cut
from stats.forms import DAY_INPUT, CutForm
from units.models import Unit

ACROSS_UNITS = "units"
FORMATS = [(each.value, each.label) for each in (Format.XLSX, Format.CSV)]


class CompareForm(CutForm):
    """Always bound: the earlier day is the end of the quarter before unless said otherwise."""

    then = forms.DateField(label=_("compared with (inclusive)"), widget=DAY_INPUT)
    then_from = forms.DateField(
        label=_("its period begins on"),
        required=False,
        widget=DAY_INPUT,
        help_text=_(
            "Empty: from 1 January as the other period does, else a period of the same length."
        ),
    )
    row = forms.ChoiceField(label=_("row"), required=False)
    across = forms.CharField(required=False, widget=forms.HiddenInput)
    indicator = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, given: QueryDict, *, user: User, unit: Unit) -> None:
        super().__init__(given, user=user, unit=unit)
        self.data = {"then": quarter_before(self._as_of()).isoformat(), **self.data}
        self.of_unit = unit
        self.places = {line.key: line.name for line in figures.places(unit)}
        self.fields["row"].choices = list(self.places.items())  # type: ignore[attr-defined]
        self.fields["period_from"].help_text = ""
        half = "col-12 col-sm-6 col-lg-3"
        button = StrictButton(_("Compare"), type="submit", css_class="btn-primary w-100")
        self.helper.layout = Layout(
            Row(
                Column("unit", css_class=half),
                Column("row", css_class=half),
                Column("age", css_class=half),
            ),
            Row(
                Column("as_of", css_class=half),
                Column("period_from", css_class=half),
                Column("then", css_class=half),
                Column("then_from", css_class=half),
            ),
            "section",
            "across",
            "indicator",
            Div(button, css_class="stats-button"),
        )

    def _as_of(self) -> dt.date:
        """The day asked for; today where that is none, which the field itself complains of."""
        try:
            return forms.DateField().clean(self.data["as_of"]) or timezone.localdate()
        except ValidationError:
            return timezone.localdate()

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        then, day = given.get("then"), given.get("as_of")
        if then and day and then >= day:
            self.add_error("then", _("The earlier day must be before the cut-off date."))
        start = given.get("then_from")
        if start and then and start > then:
            self.add_error("then_from", _("The period must begin by its last day."))
        return given

    @property
    def against(self) -> Against:
        given = self.cleaned_data
        start = given["then_from"] or period_to(self.cut, given["then"])
        return Against(self.cut, Cut(given["then"], start, self.cut.age))

    @property
    def row_asked(self) -> str:
        return self.cleaned_data["row"] or figures.TOTAL

    @property
    def place(self) -> str:
        """The name of the row asked for."""
        return self.places[self.row_asked]

    @property
    def is_across(self) -> bool:
        return bool(self.cleaned_data["across"] == ACROSS_UNITS)


class NamesFileForm(forms.Form):
    """What a file with names is for, and its format."""

    purpose = forms.CharField(
        label=_("purpose"),
        min_length=6,
        max_length=200,
        help_text=_("What the file is used for. It is kept on record with your name."),
    )
    format = forms.ChoiceField(label=_("file format"), choices=FORMATS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
