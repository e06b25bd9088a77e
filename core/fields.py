"""Model and form fields without a word of the domain."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.months import dotted, parse_month

_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
_BEYOND = _("Write a day between the years 1900 and 2999.")


class DayField(forms.DateField):
    """A day that somebody may mean: 0206 is a slip of the keys, and 9999 has no term after it."""

    default_validators = [
        MinValueValidator(_FIRST, _BEYOND),
        MaxValueValidator(_LAST, _BEYOND),
    ]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """With a last day the browser's calendar takes no year of six digits either."""
        bounds = {"min": _FIRST.isoformat(), "max": _LAST.isoformat()}
        return {**super().widget_attrs(widget), **bounds, **widget.attrs}


class MonthInput(forms.CharField):
    """A month as people type it; cleans to `YYYY-MM`."""

    def prepare_value(self, value: Any) -> Any:
        return dotted(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse_month(text)
        except ValueError:
            raise forms.ValidationError(_("Write a year and a month, such as 1985.07.")) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """1985.07 says what 1985-07 says."""
        try:
            return bool(super().has_changed(initial, parse_month(data) if data else data))
        except ValueError:
            return True


class MonthField(models.CharField):
    """A month as text `YYYY-MM` (see core.months); blank is the empty text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 7
        kwargs.setdefault("validators", [RegexValidator(r"^\d{4}-(0[1-9]|1[0-2])$")])
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(
            **{
                "form_class": MonthInput,
                "max_length": 20,
                "widget": forms.TextInput(attrs={"placeholder": "1985.07", "inputmode": "decimal"}),
                **kwargs,
            }
        )


class ClientKeyField(forms.UUIDField):
    """The hidden key that lets a form be sent twice with one result; see core.models.Keyed."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
