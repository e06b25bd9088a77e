from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _

from core.fields import ClientKeyField
from core.picking import PickField
from pairings.matching.weights import HEAVIEST, Feature
from pairings.models import Policy


class DayInput(forms.DateInput):
    """The browser's own calendar; `format` is what it understands."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MentorPickField(PickField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.cadre.name} · {obj.cadre.told_apart}"


class PolicyForm(forms.ModelForm):
    """A new version of a unit's rule, from a day on; the versions before stay as they are."""

    client_key = ClientKeyField()

    # The numbers in the order of a pair's life, with the most that makes sense.
    MOST = {
        "term_months": 120, "capacity": 50, "confirm_days": 365, "silence_days": 3650,
        "expiring_days": 365, "due_soon_days": 60,
    }  # fmt: skip

    class Meta:
        model = Policy
        fields = [
            "from_on", "basis", "term_months", "capacity", "confirm_days", "silence_days",
            "expiring_days", "due_soon_days",
        ]  # fmt: skip
        widgets = {"from_on": DayInput}

    def __init__(self, *args: Any, latest: Policy | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest
        for name, most in self.MOST.items():
            self.fields[name].validators += [MinValueValidator(1), MaxValueValidator(most)]
            self.fields[name].widget.attrs |= {"min": 1, "max": most, "inputmode": "numeric"}
        for feature in Feature:
            self.fields[f"weight_{feature}"] = forms.IntegerField(
                label=feature.label, min_value=0, max_value=HEAVIEST, required=False
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("from_on", css_class="col-sm-4"), Column("basis", css_class="col-sm-8")),
            Row(*(Column(name, css_class="col-6 col-md-4") for name in self.Meta.fields[2:])),
            Fieldset(
                _("Weights of suggestions (0 to 10)"),
                Row(*(Column(f"weight_{name}", css_class="col-6 col-md-3") for name in Feature)),
                css_class="card card-body mb-3",
            ),
            "client_key",
            Submit("submit", _("Put the new version in force"), css_class="btn-primary"),
        )

    @classmethod
    def numbers_of(cls, policy: Policy) -> dict[str, int]:
        """What a new version starts from."""
        weights = {f"weight_{name}": weight for name, weight in policy.all_weights.items()}
        return {name: getattr(policy, name) for name in cls.MOST} | weights

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        weights = {str(name): given.get(f"weight_{name}") for name in Feature}
        self.instance.weights = {name: n for name, n in weights.items() if n is not None}
        return given

    def clean_from_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["from_on"]
        if self.latest and day <= self.latest.from_on:
            text = _("A version holds from %(day)s: a new one begins later.")
            raise forms.ValidationError(text % {"day": self.latest.from_on.isoformat()})
        return day
