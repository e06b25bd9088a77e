"""The forms of a change of mentor and of a substitute: one mentor for one mentee, known already."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.fields import DayField
from core.months import end_of_term
from mentors.models import Mentor
from pairings.forms import DayInput, MentorPickField
from pairings.models import Pairing
from pairings.models.moving import earliest
from pairings.pairing_form import ProblemForm
from pairings.standing import policy_of


class _AnotherMentorForm(ProblemForm):
    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    document = forms.CharField(label=gettext_lazy("document number"), max_length=100)

    label: Any = ""
    days: tuple[str, str]

    def __init__(self, *args: Any, pairing: Pairing, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairing = pairing
        mentors = Mentor.objects.visible_to(user).exclude(cadre=pairing.mentor_cadre_id)
        self.fields["mentor"] = MentorPickField(
            mentors.select_related("cadre__unit", "unit"),
            url_name="mentors:options",
            label=gettext_lazy("new mentor"),
        )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        days = Row(*(Column(name, css_class="col-sm-6") for name in self.days))
        helper.layout = Layout(
            "mentor", days, "reason", "document", *self.last_lines(str(self.label))
        )
        return helper


class ChangeForm(_AnotherMentorForm):
    """换师: from a day on, up to today, for what is left of the term unless said otherwise."""

    on = DayField(label=gettext_lazy("changed on"), widget=DayInput)
    to_on = DayField(label=gettext_lazy("term ends"), widget=DayInput)

    label = gettext_lazy("Change the mentor")
    days = ("on", "to_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today, term = timezone.localdate(), self.pairing.to_on
        self.fields["on"].initial = today
        self.fields["document"].help_text = _("Write “none” in words where there is none.")
        if term is None:
            self.fields["to_on"].required = False
            self.fields["to_on"].help_text = _("Empty: without a term, as the pair so far.")
        elif term >= today:
            self.fields["to_on"].initial = term
            self.fields["to_on"].help_text = _("Filled in: what is left of the present term.")
        else:
            months = policy_of(self.pairing).term_months
            self.fields["to_on"].initial = end_of_term(today, months)

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if day < earliest(self.pairing, "terminate"):
            raise forms.ValidationError(_("The pair had not begun on this day."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        on, to_on = given.get("on"), given.get("to_on")
        if on and to_on and to_on < max(on, self.pairing.from_on):
            self.add_error("to_on", _("The last day lies before the first."))
        return given


class SubstituteForm(_AnotherMentorForm):
    """代帮: from a day to a day; it ends by itself."""

    from_on = DayField(label=gettext_lazy("stands in from"), widget=DayInput)
    to_on = DayField(
        label=gettext_lazy("last day of the substitution"),
        widget=DayInput,
        help_text=gettext_lazy("After this day the substitution ends by itself."),
    )

    label = gettext_lazy("Register the substitute")
    days = ("from_on", "to_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"].label = _("substitute mentor")
        self.fields["document"].required = False
        self.fields["from_on"].initial = timezone.localdate
        self.fields["to_on"].initial = self.pairing.resumes_on

    def clean_from_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["from_on"]
        if day < self.pairing.from_on:
            raise forms.ValidationError(_("The pair had not begun on this day."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        from_on, to_on = given.get("from_on"), given.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", _("The last day lies before the first."))
        elif to_on and to_on < timezone.localdate():
            self.add_error("to_on", _("This day is over already."))
        return given
