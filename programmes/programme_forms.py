from __future__ import annotations

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Fieldset, Layout, Row, Submit
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from core.fields import ClientKeyField, DayField
from pairings.forms import DayInput
from programmes.models import Programme, ProgrammeQuerySet
from programmes.running import SETTINGS
from programmes.states import MOVES, State
from units.models import Unit
from units.picking import UnitField

MOST_WISHES = 10


class FilterForm(forms.Form):
    """What the list of programmes is narrowed by; what cannot be read narrows nothing."""

    year = forms.IntegerField(
        label=gettext_lazy("year"), min_value=1950, max_value=2100, required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("state"),
        choices=[("", gettext_lazy("All states")), *State.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("year", css_class="col-6 col-md-2"),
                Column("state", css_class="col-6 col-md-3"),
                Column(
                    StrictButton(_("Filter"), type="submit", css_class="btn-outline-secondary"),
                    css_class="col-12 col-md-auto",
                ),
                css_class="g-2 pairing-filters",
            )
        )

    def narrow(self, rows: ProgrammeQuerySet) -> ProgrammeQuerySet:
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return rows.filter(**given)

    @property
    def is_narrowing(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


_DAYS = ("from_on", "to_on", "wishes_from_on", "wishes_to_on")


class ProgrammeForm(forms.ModelForm):
    """A new programme, or the settings of one that is being prepared."""

    client_key = ClientKeyField()

    class Meta:
        model = Programme
        fields = ["unit", *SETTINGS]
        widgets = {
            "remark": forms.Textarea(attrs={"rows": 2}),
            **dict.fromkeys(_DAYS, DayInput),
        }
        field_classes = dict.fromkeys(_DAYS, DayField)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance._state.adding
        if self.is_new:
            units = Unit.objects.live().filter(user.units_q(roles=(Role.COORDINATOR,)))
            self.fields["unit"] = UnitField(units, label=gettext_lazy("unit"))
            grant = next(grant for grant in user.live_grants if grant.role == Role.COORDINATOR)
            self.fields["unit"].initial = grant.unit_id
            self.fields["year"].initial = timezone.localdate().year
        else:
            del self.fields["unit"]
        self._bound("year", 1950, 2100)
        self._bound("most_wishes", 1, MOST_WISHES)
        self.fields["title"].help_text = _("Such as “Pairings of 2027”; a copy has the new year.")
        self.fields["to_on"].help_text = _("Empty: the term of the rule counts.")
        self.helper = FormHelper()
        self.helper.layout = self._layout()

    def _bound(self, name: str, least: int, most: int) -> None:
        self.fields[name].validators += [MinValueValidator(least), MaxValueValidator(most)]
        self.fields[name].widget.attrs |= {"min": least, "max": most, "inputmode": "numeric"}

    def _layout(self) -> Layout:
        half = "col-sm-6"
        return Layout(
            *(["unit"] if self.is_new else []),
            Row(Column("year", css_class="col-sm-3"), Column("title", css_class="col-sm-9")),
            "basis",
            Row(Column("from_on", css_class=half), Column("to_on", css_class=half)),
            Fieldset(
                _("Mutual choice"),
                HTML(
                    "<p class='form-text'>"
                    + _("Both sides name whom they wish between these days; empty: no wishes.")
                    + "</p>"
                ),
                Row(
                    Column("wishes_from_on", css_class="col-sm-4"),
                    Column("wishes_to_on", css_class="col-sm-4"),
                    Column("most_wishes", css_class="col-sm-4"),
                ),
                css_class="card card-body mb-3",
            ),
            "remark",
            "client_key",
            Submit("submit", _("Save"), css_class="btn-primary"),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._in_order(given, "from_on", "to_on")
        self._in_order(given, "wishes_from_on", "wishes_to_on")
        first, last = given.get("wishes_from_on"), given.get("wishes_to_on")
        days_read = not {"wishes_from_on", "wishes_to_on"} & set(self.errors)
        if days_read and bool(first) != bool(last):
            missing = "wishes_to_on" if first else "wishes_from_on"
            self.add_error(missing, _("Fill in both days for wishes, or neither."))
        if last and last < timezone.localdate() and "wishes_to_on" not in self.errors:
            self.add_error("wishes_to_on", _("This day is over."))
        return given

    def _in_order(self, given: dict[str, Any], first: str, last: str) -> None:
        if given.get(first) and given.get(last) and given[last] < given[first]:
            self.add_error(last, _("The last day lies before the first."))

    @property
    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SETTINGS}


class MoveForm(forms.Form):
    """Asks for what the verb asks (`Move.asks`)."""

    document = forms.CharField(
        label=gettext_lazy("document number"), max_length=100, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("remark"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = MOVES[verb]
        for name in list(self.fields):
            if name not in asked.asks:
                del self.fields[name]
        for name in asked.needs:
            self.fields[name].required = True
            self.fields[name].label = _("reason") if name == "reason" else self.fields[name].label
        look = "btn-danger" if asked.is_weighty else "btn-primary"
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(Field(name) for name in self.fields), Submit("submit", asked.label, css_class=look)
        )


class CopyForm(forms.Form):
    client_key = ClientKeyField()
