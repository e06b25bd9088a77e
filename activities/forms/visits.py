"""The form of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Column, Div, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.fields import Choices, FilesField, PlaceField
from activities.forms.shared import NO_NAMES, PHOTOS, RecordForm, area
from activities.models import Visit
from core.fields import ClientKeyField
from units.models import Unit


class VisitForm(RecordForm):
    place = PlaceField(label=gettext_lazy("place visited"), required=False)
    uploads = FilesField(label=gettext_lazy("photos"), pictures_only=True, help_text=PHOTOS)
    client_key = ClientKeyField()

    class Meta:
        model = Visit
        fields = [
            "happened_on", "place", "place_text", "visited", "people_count", "is_with_mentor",
            "asked", "done",
        ]  # fmt: skip
        widgets = {"visited": forms.RadioSelect}
        help_texts = {"asked": NO_NAMES, "done": NO_NAMES}

    def __init__(self, *args: Any, nearby: Sequence[Unit] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.offer(nearby)
        self.fields["place_text"].label = _("or in words")
        self.fields["place_text"].widget.attrs["placeholder"] = _("such as a firm or a spot")
        visited: Any = self.fields["visited"]
        visited.choices = [choice for choice in visited.choices if choice[0]]
        self.fields["people_count"].widget.attrs |= {"min": 1, "inputmode": "numeric"}

    def layout(self) -> Layout:
        return Layout(
            "client_key",
            Row(Column("place", css_class="col-sm-6"), Column("place_text", css_class="col-sm-6")),
            Choices("visited"),
            Row(
                Column("people_count", css_class="col-6"),
                Column("happened_on", css_class="col-6"),
            ),
            Div("is_with_mentor", css_class="big-check"),
            area("asked"),
            area("done"),
            "uploads",
        )

    def clean_people_count(self) -> int:
        count: int = self.cleaned_data["people_count"]
        if count < 1:
            raise ValidationError(_("At least one."))
        return count
