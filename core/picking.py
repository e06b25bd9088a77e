"""A field that picks one row of many: the page carries the chosen row, the rest is searched."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

_NOT_OPEN = _("Choose an entry of the list; this one is not open to you.")
# What a field of several says of a value that is no row, or no key at all.
_REFUSALS = ("invalid_choice", "invalid_pk_value", "invalid_list")


def _label(obj: Model) -> str:
    apart = getattr(obj, "told_apart", "")
    return f"{obj} · {apart}" if apart else str(obj)


class SearchSelect(forms.Select):
    """A select with the chosen option alone; static/js/app.js loads others as somebody types."""

    def __init__(self, url_name: str) -> None:
        super().__init__()
        self.url_name = url_name
        self.query = ""  # what narrows the search, as "?kind=…"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        address = reverse(self.url_name) + self.query
        found = {"data-search-url": address, "data-nothing": _("Nothing found")}
        return super().get_context(name, value, {**found, **(attrs or {})})

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        every = self.choices
        try:
            self.choices = [("", ""), *self._chosen([text for text in value if text])]
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = every

    def _chosen(self, values: list[str]) -> list[tuple[Any, str]]:
        field = self.choices.field  # type: ignore[attr-defined]
        found = []
        for value in values:
            try:
                row = self._row(value)
            except ValidationError:
                continue  # not a row of this user's: the field's own message says so
            found.append((field.prepare_value(row), field.label_from_instance(row)))
        return found

    def _row(self, value: str) -> Any:
        return self.choices.field.to_python(value)  # type: ignore[attr-defined]


class PickField(forms.ModelChoiceField):
    """One row of `queryset`, picked by search at the address that `url_name` names."""

    def __init__(self, queryset: QuerySet[Any], *, url_name: str, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid_choice": _NOT_OPEN})
        super().__init__(queryset, widget=SearchSelect(url_name), **kwargs)

    def label_from_instance(self, obj: Model) -> str:
        return _label(obj)


class SearchSelectMany(SearchSelect, forms.SelectMultiple):
    """The same for several rows; static/js/app.js gives each chosen one a button to remove it."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        # Nothing chosen is no option of a list of several.
        return [group for group in super().optgroups(name, value, attrs) if group[1][0]["value"]]

    def _row(self, value: str) -> Any:
        [row] = self.choices.field.to_python([value])  # type: ignore[attr-defined]
        return row


class PickManyField(forms.ModelMultipleChoiceField):
    """Several rows of `queryset`, each picked by search at the address that `url_name` names."""

    def __init__(self, queryset: QuerySet[Any], *, url_name: str, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", dict.fromkeys(_REFUSALS, _NOT_OPEN))
        super().__init__(queryset, widget=SearchSelectMany(url_name), **kwargs)

    def label_from_instance(self, obj: Model) -> str:
        return _label(obj)


def offer(form: forms.BaseForm, name: str, rows: QuerySet[Any], *, query: str = "") -> None:
    """Let a field of the form pick from these rows, and from no others.

    `query` tells the search the same, for a field with a search address: "?moves=17".
    """
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} picks no rows")
    field.queryset = rows
    if query and isinstance(field.widget, SearchSelect):
        field.widget.query = query
