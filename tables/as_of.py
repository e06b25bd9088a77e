"""A list as of a past day: one field of its filters, the same in every register.

`day` is the day that was asked for, None for today: a list of today shows what the tables say,
one of a past day what the rows' events and days say of it.
"""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import DayField


class DatedForm(forms.Form):
    """The filters of a list that may be asked for as of a day, up to today."""

    as_of = DayField(
        label=_("as of the day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def clean_as_of(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["as_of"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future."))
        return day

    @property
    def day(self) -> dt.date | None:
        """The past day that was asked for; what cannot be read asks for today."""
        self.is_valid()
        day: dt.date | None = self.cleaned_data.get("as_of")
        return day if day and day < timezone.localdate() else None

    @property
    def status(self) -> int:
        """Of the answer: a list of another day than the one that was asked for says so."""
        return 422 if "as_of" in self.errors else 200
