"""The form of a unit's rule."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import ClientKeyField, DayField
from pairings.forms import DayInput
from pairings.matching.weights import HEAVIEST, Feature
from pairings.models import Policy

FEWEST_GRADES, MOST_GRADES, LONGEST_GRADE = 2, 6, 10


class PolicyForm(forms.ModelForm):
    """A new version of a unit's rule, from a day on; the versions before stay as they are."""

    client_key = ClientKeyField()
    grades = forms.CharField(
        label=gettext_lazy("grades"),
        max_length=80,
        help_text=gettext_lazy("From the best to the worst, between them 、"),
    )

    # How a pair is formed, and what happens while it runs; with the most that makes sense.
    FORMING = {"term_months": 120, "capacity": 50, "most_mentors": 10, "confirm_days": 365}
    RUNNING = {
        "contact_days": 365, "silence_days": 3650, "review_months": 36, "due_soon_days": 60,
        "expiring_days": 365, "reversal_days": 365,
    }  # fmt: skip
    MOST = FORMING | RUNNING
    # The steps that a new pair takes before it is active.
    STEPS = ("needs_mentor", "needs_mentee", "needs_approval")

    class Meta:
        model = Policy
        fields = ["from_on", "basis", "term_months", "capacity", "most_mentors", "confirm_days",
                  "needs_mentor", "needs_mentee", "needs_approval", "contact_days",
                  "silence_days", "review_months", "due_soon_days", "expiring_days",
                  "reversal_days", "grades"]  # fmt: skip
        widgets = {"from_on": DayInput}
        field_classes = {"from_on": DayField}

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
            self._group(_("Forming pairs"), self.FORMING),
            Fieldset(
                _("Steps that a new pair needs"),
                HTML("<p class='form-text'>" + _("Without any it is active at once.") + "</p>"),
                *self.STEPS,
                css_class="card card-body mb-3 big-check",
            ),
            self._group(_("While it runs"), self.RUNNING),
            "grades",
            self._group(
                _("Weights of suggestions (0 to 10)"), [f"weight_{name}" for name in Feature]
            ),
            "client_key",
            Submit("submit", _("Put the new version in force"), css_class="btn-primary"),
        )

    @staticmethod
    def _group(title: str, names: Any) -> Fieldset:
        columns = (Column(name, css_class="col-6 col-md-4 col-lg-3") for name in names)
        return Fieldset(title, Row(*columns), css_class="card card-body mb-3")

    @classmethod
    def numbers_of(cls, policy: Policy) -> dict[str, Any]:
        """What a new version starts from."""
        weights = {f"weight_{name}": weight for name, weight in policy.all_weights.items()}
        numbers = {name: getattr(policy, name) for name in (*cls.MOST, *cls.STEPS)}
        return numbers | weights | {"grades": "、".join(policy.grades)}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        weights = {str(name): given.get(f"weight_{name}") for name in Feature}
        self.instance.weights = {name: n for name, n in weights.items() if n is not None}
        return given

    def clean_grades(self) -> list[str]:
        words = [word.strip() for word in re.split(r"[、，,;；]", self.cleaned_data["grades"])]
        words = [word for word in words if word]
        if not FEWEST_GRADES <= len(words) <= MOST_GRADES:
            raise forms.ValidationError(
                _("Between %(least)d and %(most)d grades.")
                % {"least": FEWEST_GRADES, "most": MOST_GRADES}
            )
        if len(set(words)) < len(words):
            raise forms.ValidationError(_("A grade is named twice."))
        if any(len(word) > LONGEST_GRADE for word in words):
            text = _("A grade has at most %(n)d characters.")
            raise forms.ValidationError(text % {"n": LONGEST_GRADE})
        return words

    def clean_from_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["from_on"]
        if self.latest and day <= self.latest.from_on:
            text = _("A version holds from %(day)s: a new one begins later.")
            raise forms.ValidationError(text % {"day": self.latest.from_on.isoformat()})
        return day
