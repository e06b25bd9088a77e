from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Fieldset, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from activities.fields import Choices
from core.fields import ClientKeyField
from pairings.forms import DayInput
from sampling.drawing import MOST
from sampling.models import Finding, Sample
from sampling.states import RecordKind, Verdict
from units.models import Unit
from units.picking import UnitField

USUAL = 20
LONGEST = 366 * 3  # days


class SampleForm(forms.ModelForm):
    """The question: whose records, of which days and kinds, how many, and the seed."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("kinds of record"),
        choices=RecordKind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[RecordKind.SESSION, RecordKind.VISIT],
    )
    wanted = forms.IntegerField(
        label=gettext_lazy("number of records"), min_value=1, max_value=MOST, required=False
    )
    percent = forms.DecimalField(
        label=gettext_lazy("or a share in percent"),
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        required=False,
    )
    client_key = ClientKeyField()

    class Meta:
        model = Sample
        fields = ["unit", "first_on", "last_on", "kinds", "wanted", "percent", "seed"]
        widgets = dict.fromkeys(("first_on", "last_on"), DayInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        today = timezone.localdate()
        last = today.replace(day=1) - dt.timedelta(days=1)
        kwargs["initial"] = {
            "first_on": last.replace(day=1),
            "last_on": last,
            "wanted": USUAL,
            "seed": f"{secrets.randbelow(10**8):08d}",
        }
        super().__init__(*args, **kwargs)
        units = Unit.objects.live().filter(user.units_q(roles=(Role.COORDINATOR,)))
        self.fields["unit"] = UnitField(units, label=gettext_lazy("unit"))
        grant = next(grant for grant in user.live_grants if grant.role == Role.COORDINATOR)
        self.fields["unit"].initial = grant.unit_id
        self.fields["seed"].help_text = _(
            "Drawn by chance; you may type in another. The same question with the same seed "
            "gives the same records."
        )
        self.helper = FormHelper()
        half = "col-sm-6"
        self.helper.layout = Layout(
            "unit",
            Row(Column("first_on", css_class=half), Column("last_on", css_class=half)),
            Div("kinds", css_class="big-check"),
            Fieldset(
                _("How many"),
                HTML("<p class='form-text'>" + _("Fill in one of the two.") + "</p>"),
                Row(Column("wanted", css_class=half), Column("percent", css_class=half)),
                css_class="card card-body mb-3",
            ),
            "seed",
            "client_key",
            Submit("submit", _("Draw the sample"), css_class="btn-primary"),
        )

    def clean_seed(self) -> str:
        return str(self.cleaned_data["seed"]).strip()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_on"), given.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day lies before the first."))
        elif first and last and (last - first).days > LONGEST:
            self.add_error("last_on", _("At most three years."))
        is_read = not {"wanted", "percent"} & set(self.errors)
        if is_read and (given.get("wanted") is None) == (given.get("percent") is None):
            self.add_error("percent", _("Fill in the number or the share, one of the two."))
        return given


class FindingForm(forms.ModelForm):
    verdict = forms.ChoiceField(
        label=gettext_lazy("finding"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    client_key = ClientKeyField()

    class Meta:
        model = Finding
        fields = ["verdict", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _(
            "Optional. Write no villager's name, phone or ID number; such numbers are masked "
            "when saved."
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Choices("verdict"),
            "note",
            "client_key",
            Submit("submit", _("Save"), css_class="btn-primary"),
        )
