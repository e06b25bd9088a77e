"""The forms of a move: what a verb asks for and what it offers; and of taking one back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import DayField
from core.months import end_of_term
from pairings.forms import DayInput
from pairings.models import Pairing, PairingEvent
from pairings.models.moving import ceremony_days, earliest
from pairings.states import MOVES, Cause


def reason_field(*, required: bool = True) -> forms.CharField:
    label = gettext_lazy("reason") if required else gettext_lazy("remark")
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=300, widget=area, required=required)


class MoveForm(forms.Form):
    """Asks for what the verb asks (`Move.asks`), and offers a remark and a document number."""

    on = DayField(label=gettext_lazy("with effect from"), widget=DayInput)
    to_on = DayField(label=gettext_lazy("new end of term"), widget=DayInput)
    resumes_on = DayField(
        label=gettext_lazy("to be resumed on"),
        widget=DayInput,
        help_text=gettext_lazy("The office is reminded on this day; nothing happens by itself."),
    )
    ceremony_on = DayField(label=gettext_lazy("day of the ceremony"), widget=DayInput)
    cause = forms.ChoiceField(
        label=gettext_lazy("cause of the end"),
        choices=[("", gettext_lazy("choose")), *Cause.choices],
    )
    reason = reason_field()
    document = forms.CharField(label=gettext_lazy("document number"), max_length=100)

    def __init__(self, *args: Any, pairing: Pairing, verb: str, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairing, self.verb = pairing, verb
        move = MOVES[verb]
        for name in ("on", "to_on", "resumes_on", "ceremony_on", "cause"):
            if name not in {*move.asks, *move.offers}:
                del self.fields[name]
        self.fields["reason"] = reason_field(required="reason" in move.asks)
        for name, field in self.fields.items():
            field.required = name in move.asks
        self._fill_in()
        look = "btn-danger" if move.is_weighty else "btn-primary"
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(Field(name) for name in self.fields), Submit("submit", label, css_class=look)
        )

    def _fill_in(self) -> None:
        """What is most likely, as a start."""
        if "on" in self.fields:
            self.fields["on"].initial = timezone.localdate
        if self.verb == "extend" and self.pairing.to_on:
            next_day = self.pairing.to_on + dt.timedelta(days=1)
            self.fields["to_on"].initial = end_of_term(next_day, 3)
        if self.verb == "ceremony":
            self.fields["ceremony_on"].initial = self.pairing.ceremony_on or timezone.localdate()
        if self.fields["document"].required:
            self.fields["document"].help_text = _("Where there is none, write 无.")

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        first = earliest(self.pairing, self.verb)
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if day < min(first, self.pairing.from_on):
            raise forms.ValidationError(_("The pair had not begun on this day."))
        if day < first:
            text = _("The step before took effect on %(day)s: this one cannot reach behind it.")
            raise forms.ValidationError(text % {"day": date_format(first, "Y年n月j日")})
        return day

    def clean_to_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["to_on"]
        if day <= (self.pairing.to_on or self.pairing.from_on):
            raise forms.ValidationError(_("An extension ends later than the present term."))
        return day

    def clean_ceremony_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["ceremony_on"]
        first, last = ceremony_days(self.pairing)
        if day and day > last:
            raise forms.ValidationError(_("A ceremony is entered 60 days ahead at most."))
        if day and day < first:
            raise forms.ValidationError(_("This is more than a year before the pair begins."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        on, resumes_on = given.get("on"), given.get("resumes_on")
        if on and resumes_on and resumes_on <= on:
            self.add_error("resumes_on", _("It goes on after the day on which it is suspended."))
        if given.get("cause") == Cause.OTHER and not given.get("reason"):
            self.add_error("reason", _("Say in a few words which cause it was."))
        return given


class ReverseForm(forms.Form):
    """Names the event that the page showed: of two who take back, one took back another step."""

    event = forms.IntegerField(widget=forms.HiddenInput)
    reason = reason_field()

    def __init__(self, *args: Any, event: PairingEvent, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].initial = event.pk
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "event", "reason", Submit("submit", label, css_class="btn-danger")
        )
