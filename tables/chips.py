"""The filters of a list that are in force, each with the address of the list without it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict


class Chip(NamedTuple):
    label: str
    value: str  # empty where the label says it all (a ticked box)
    without: str  # query string


def chips(form: forms.Form, given: QueryDict) -> list[Chip]:
    """In the order of the form; a field that could not be read is not in force."""
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value not in (None, "", False):
            found.append(Chip(str(field.label), _shown(field, value), _without(given, name)))
    return found


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return ""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return str(field.prepare_value(value)) if isinstance(value, str) else str(value)


def _without(given: QueryDict, name: str) -> str:
    left = given.copy()
    for gone in (name, "after"):
        left.pop(gone, None)
    return f"?{left.urlencode()}"
