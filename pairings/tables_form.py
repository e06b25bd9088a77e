"""The tables of suggestions as a form: a grade for each couple of categories, needs, years."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.models import MenteeCategory
from core.fields import ClientKeyField, DayField
from mentors.models import MentorCategory, Strength
from pairings.forms import DayInput
from pairings.matching.tables import HIGHEST, LOWEST, MIDDLE, MOST_YEARS, Tables, stored
from pairings.models import Policy


class TablesForm(forms.Form):
    """A new version of a unit's rule that differs in its tables alone."""

    from_on = DayField(label=gettext_lazy("in force from"), widget=DayInput)
    basis = forms.CharField(label=gettext_lazy("basis document"), max_length=200)
    least = forms.IntegerField(
        label=gettext_lazy("at least (years)"), min_value=0, max_value=MOST_YEARS
    )
    most = forms.IntegerField(
        label=gettext_lazy("at most (years)"), min_value=0, max_value=MOST_YEARS
    )
    client_key = ClientKeyField()

    def __init__(self, *args: Any, tables: Tables, latest: Policy | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tables, self.latest = tables, latest
        self.mentors = list(MentorCategory.objects.filter(is_active=True))
        self.mentees = list(MenteeCategory.objects.filter(is_active=True))
        words = [row.name for row in Strength.objects.filter(is_active=True)]
        self.fields["least"].initial, self.fields["most"].initial = tables.span
        blocks = [self._block(mentee, words) for mentee in self.mentees]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("from_on", css_class="col-sm-4"), Column("basis", css_class="col-sm-8")),
            *blocks,
            Fieldset(
                _("Years by which the mentor is older"),
                Row(Column("least", css_class="col-6 col-md-3"),
                    Column("most", css_class="col-6 col-md-3")),
                css_class="card card-body mb-3",
            ),
            "client_key",
            Submit("submit", _("Put the new version in force"), css_class="btn-primary"),
        )  # fmt: skip

    def _block(self, mentee: MenteeCategory, words: list[str]) -> Fieldset:
        """What the office says of one category of mentees."""
        grades = []
        for mentor in self.mentors:
            name = _grade(mentor, mentee)
            self.fields[name] = forms.IntegerField(
                label=mentor.name, min_value=LOWEST, max_value=HIGHEST,
                initial=self.tables.fit.get((mentor.name, mentee.name), MIDDLE),
            )  # fmt: skip
            grades.append(Column(name, css_class="col-6 col-md-3"))
        had = self.tables.needs.get(mentee.name, ())
        # A strength that is no longer in use stays a choice where it is a need.
        offered = [*words, *(word for word in had if word not in words)]
        self.fields[_needs(mentee)] = forms.MultipleChoiceField(
            label=_("What they need"), choices=[(word, word) for word in offered],
            initial=[*had], required=False, widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        return Fieldset(
            mentee.name, Row(*grades), _needs(mentee), css_class="card card-body mb-3 needs"
        )

    def clean_from_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["from_on"]
        if self.latest and day <= self.latest.from_on:
            text = _("A version holds from %(day)s: a new one begins later.")
            raise forms.ValidationError(text % {"day": self.latest.from_on.isoformat()})
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        least, most = given.get("least"), given.get("most")
        if least is not None and most is not None and most < least:
            self.add_error("most", _("More than the least number of years."))
        return given

    @property
    def stored(self) -> dict[str, Any]:
        """As `Policy.tables` keeps them; categories no longer in use keep what they had."""
        given = self.cleaned_data
        fit = {
            (mentor.name, mentee.name): given[_grade(mentor, mentee)]
            for mentor in self.mentors
            for mentee in self.mentees
        }
        needs = {mentee.name: tuple(given[_needs(mentee)]) for mentee in self.mentees}
        whole = Tables(
            {**self.tables.fit, **fit},
            {**self.tables.needs, **needs},
            (given["least"], given["most"]),
        )
        return stored(whole)


def _grade(mentor: MentorCategory, mentee: MenteeCategory) -> str:
    return f"fit_{mentor.pk}_{mentee.pk}"


def _needs(mentee: MenteeCategory) -> str:
    return f"needs_{mentee.pk}"
