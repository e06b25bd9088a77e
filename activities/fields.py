"""Form fields of this room: files, several at once, and large buttons in place of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import files
from core.picking import SearchSelect
from units.models import Unit
from units.picking import UnitField


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Several files; cleans to a list of files.Checked, every refusal a sentence of its own."""

    widget = FilesInput

    def __init__(self, *, pictures_only: bool = False, **kwargs: Any) -> None:
        self.pictures_only = pictures_only
        accept = files.PICTURES if pictures_only else files.ANYTHING
        super().__init__(
            required=False,
            widget=FilesInput(attrs={"accept": accept, "multiple": True}),
            **kwargs,
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Browsers send an empty one where nothing was chosen."""
        return any(data or [])

    def clean(self, data: Any, initial: Any = None) -> list[files.Checked]:
        chosen = [file for file in data or [] if file]
        if len(chosen) > files.MAX_FILES:
            raise ValidationError(_("No more than 9 files at once; these are too many."))
        good, bad = [], []
        for upload in chosen:
            try:
                good.append(files.check(upload, pictures_only=self.pictures_only))
            except ValidationError as refusal:
                bad += refusal.messages
        if bad:
            raise ValidationError(bad)
        return good


class Choices(Field):
    """Radio buttons as large buttons: one tap, no list to open."""

    template = "activities/_choices.html"


class PlaceSelect(SearchSelect):
    """The search for a unit, with the units near at hand offered before anything is typed."""

    nearby: Sequence[Unit] = ()

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        options = groups[-1][1]
        chosen = {str(option["value"]) for option in options}
        for unit in self.nearby:
            if str(unit.pk) not in chosen:
                index = len(options)
                options.append(self.create_option(name, unit.pk, unit.name, False, index))
        return groups


class PlaceField(UnitField):
    """Any unit in use: the tree holds no personal data, and visits cross its borders."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = PlaceSelect("units:options")
        self.widget.is_required = False
        self.queryset = Unit.objects.live()
        self.error_messages["invalid_choice"] = gettext_lazy("Choose a unit of the list.")

    def offer(self, nearby: Sequence[Unit]) -> None:
        self.widget.nearby = nearby
