"""A field that picks a unit: the page carries the chosen one, others are searched as one types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from units.models import Unit, UnitQuerySet


class UnitSelect(forms.Select):
    """A select with the chosen option alone; static/js/app.js loads the others."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        search = {"data-search-url": reverse("units:options"), "data-nothing": _("Nothing found")}
        return super().get_context(name, value, {**search, **(attrs or {})})

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        every, field = self.choices, self.choices.field  # type: ignore[attr-defined]
        chosen = []
        for text in filter(None, value):
            try:
                unit = field.to_python(text)
            except ValidationError:
                continue  # not open to this user; the field's own message says so
            chosen.append((unit.pk, unit.name))
        try:
            self.choices = [("", ""), *chosen]
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = every


class UnitField(forms.ModelChoiceField):
    """One of the units that the form sets as `queryset`."""

    def __init__(self, units: UnitQuerySet | None = None, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages", {"invalid_choice": _("Choose a unit of the list within your scope.")}
        )
        units = Unit.objects.none() if units is None else units
        super().__init__(units, widget=UnitSelect, **kwargs)
