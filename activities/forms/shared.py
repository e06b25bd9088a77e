"""What the forms of records share."""

from __future__ import annotations

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

NO_NAMES = gettext_lazy(
    "Write no villager's name, phone or ID number; such numbers are masked when saved."
)
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
            sentence = _("Your 500 MB for files are used up but for %(room)s MB: choose fewer.")
            raise ValidationError(sentence % {"room": room // 1024 // 1024})
        return list(chosen)

    def say_files_are_lost(self) -> None:
        """Browsers cannot fill in chosen files again: say so beside the field."""
        if "uploads" in self.fields and self.files.getlist("uploads"):
            self.add_error("uploads", _("Nothing was saved yet. Please choose the files again."))


class RecordForm(forms.ModelForm, WithFiles):
    """What the three kinds of record share: the pairing is given, the day lies within its life."""

    day_field = "happened_on"

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = FormHelper()
        self.helper.form_tag = False
        day = self.fields[self.day_field]
        day.widget = DayInput(attrs=self.day_limits())
        self.helper.layout = self.layout()

    def day_limits(self) -> dict[str, str]:
        pairing = self.instance.pairing
        return {"min": f"{pairing.from_on}", "max": f"{timezone.localdate()}"}

    def layout(self) -> Layout:
        raise NotImplementedError

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        pairing = self.instance.pairing
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        if day < pairing.from_on:
            begun = {"day": f"{pairing.from_on:%Y-%m-%d}"}
            raise ValidationError(_("The pair began on %(day)s only.") % begun)
        return day


def area(name: str, rows: int = 3) -> Field:
    return Field(name, rows=rows)
