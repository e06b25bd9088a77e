from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.forms.shared import NO_NAMES, DayInput, watch
from activities.models import Method
from calendars.models import PlannedMeeting
from calendars.states import MOVES
from core.fields import ClientKeyField, DayField
from core.months import end_of_term

METHODS = [("", gettext_lazy("any method")), *Method.choices]
MONTHS_AHEAD = 24


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def ahead(day: dt.date) -> dt.date:
    """A day to come within two years; ValidationError otherwise."""
    today = timezone.localdate()
    if day < today:
        raise ValidationError(_("This day has passed; what took place is entered as a record."))
    if day > end_of_term(today, MONTHS_AHEAD):
        raise ValidationError(_("Choose a day within two years."))
    return day


class MeetingForm(forms.ModelForm):
    day = DayField(label=gettext_lazy("date"), widget=DayInput)
    client_key = ClientKeyField()

    class Meta:
        model = PlannedMeeting
        fields = ["day", "time", "method", "topic", "place_text"]
        widgets = {"time": TimeInput}
        help_texts = {
            "time": gettext_lazy("may stay empty: then it takes the day"),
            "topic": NO_NAMES,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method: Any = self.fields["method"]
        method.choices = METHODS
        watch(self, PlannedMeeting.free_text)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "client_key",
            Row(Column("day", css_class="col-sm-6"), Column("time", css_class="col-sm-6")),
            "topic", "method", "place_text",
            Submit("submit", _("Plan the meeting")),
        )  # fmt: skip

    def clean_day(self) -> dt.date:
        return ahead(self.cleaned_data["day"])


class MoveForm(forms.Form):
    """Asks for what the verb asks (`Move.asks`)."""

    day = DayField(label=gettext_lazy("new day"), widget=DayInput)
    time = forms.TimeField(
        label=gettext_lazy("time of day"), widget=TimeInput, required=False,
        help_text=gettext_lazy("may stay empty: then it takes the day"),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    client_key = ClientKeyField()

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = MOVES[verb]
        for name in ("day", "time", "reason"):
            if name not in asked.asks:
                del self.fields[name]
            else:
                self.fields[name].required = name in asked.needs
        watch(self, ["reason"])
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, Submit("submit", asked.label))

    def clean_day(self) -> dt.date:
        return ahead(self.cleaned_data["day"])
