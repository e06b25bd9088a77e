"""What the forms of records share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activities.entering import room_left
from pairings.models import Pairing

NO_NAMES = gettext_lazy(
    "Write no villager's name, phone or ID number; such numbers are masked when saved."
)
# What a page shows while somebody types a name or a number (static/js/hints.js).
HINT = gettext_lazy("Please write no villager's name or number.")
PHOTOS = gettext_lazy("optional, up to 9, 10 MB each; place and camera data are removed")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class WithFiles(forms.Form):
    """A form with an `uploads` field; chosen files must fit into the room that the author has."""

    user: User

    def clean_uploads(self) -> list[Any]:
        chosen = self.cleaned_data["uploads"]
        size = sum(len(file.content) for file in chosen)
        if size and size > (room := room_left(self.user)):
            raise no_room(room)
        return list(chosen)

    def say_files_are_lost(self) -> None:
        """Browsers cannot fill in chosen files again: say so beside the field."""
        # A set of forms without any file hands them a plain empty dict.
        sent = self.files.getlist(self.add_prefix("uploads")) if self.files else []
        if "uploads" in self.fields and any(sent):
            self.add_error("uploads", _("Nothing was saved yet. Please choose the files again."))


class RecordForm(forms.ModelForm, WithFiles):
    """What the three kinds of record share: the pairing is given, the day lies within its life."""

    day_field = "happened_on"

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = FormHelper()
        self.helper.form_tag = False
        if day := self.fields.get(self.day_field):
            day.widget = DayInput(attrs=self.day_limits())
        self.helper.layout = self.layout()
        watch(self, self._meta.model.free_text)

    def day_limits(self) -> dict[str, str]:
        return days_of(self.instance.pairing)

    def layout(self) -> Layout:
        raise NotImplementedError

    def clean_happened_on(self) -> Any:
        return day_of(self.instance.pairing, self.cleaned_data["happened_on"])


def days_of(pairing: Pairing) -> dict[str, str]:
    """The first and last day of a record, for the browser's calendar."""
    return {"min": f"{pairing.from_on}", "max": f"{timezone.localdate()}"}


def day_of(pairing: Pairing, day: dt.date) -> dt.date:
    """The day of a record when it lies within the pair's life; ValidationError otherwise."""
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."))
    if day < pairing.from_on:
        begun = {"day": f"{pairing.from_on:%Y-%m-%d}"}
        raise ValidationError(_("The pair began on %(day)s only.") % begun)
    return day


def no_room(room: int) -> ValidationError:
    """What to say of files for which `room` bytes are too few."""
    sentence = _("Your 500 MB for files are used up but for %(room)s MB: choose fewer.")
    return ValidationError(sentence % {"room": room // 1024 // 1024})


def watch(form: forms.BaseForm, names: Iterable[str]) -> None:
    """Mark the fields in which somebody may write of villagers; a page hints, never refuses."""
    for name in names:
        if name in form.fields:
            form.fields[name].widget.attrs["data-no-names"] = HINT


def area(name: str, rows: int = 3) -> Field:
    return Field(name, rows=rows)
