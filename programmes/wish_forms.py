from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.models import Side


class WishForm(forms.Form):
    """The list as it stands on the page, and the button that was pressed ("up:<id>").

    Nothing is saved but by "save" and "withdraw": up, down, in and out change the page alone.
    """

    q = forms.CharField(label=_("Name, unit or pinyin"), max_length=50, required=False)
    after = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    do = forms.CharField(max_length=400, required=False)

    def __init__(self, *args: Any, saved: list[UUID], most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.saved, self.most = saved, most
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        self.text: str = given.get("q", "")
        self.verb, _colon, self.what = given.get("do", "").partition(":")
        self.cursor: str = self.what if self.verb == "more" else given.get("after", "")
        if self.verb == "find":
            self.cursor = ""
        self.chosen = self._chosen() if self.is_bound else [*saved]

    def _chosen(self) -> list[UUID]:
        rows = [pk for text in self.data.getlist("chosen") if (pk := _id(text))]  # type: ignore[attr-defined]
        row = _id(self.what)
        if row is None:
            return rows
        if self.verb == "add" and row not in rows and len(rows) < self.most:
            return [*rows, row]
        if row not in rows:
            return rows
        at = rows.index(row)
        rows.remove(row)
        if self.verb == "up":
            rows.insert(max(0, at - 1), row)
        elif self.verb == "down":
            rows.insert(at + 1, row)
        elif self.verb != "drop":
            rows.insert(at, row)
        return rows

    @property
    def pressed(self) -> str:
        """The arrow that was pressed: it keeps the focus, beside its row."""
        return self.verb

    @property
    def pressed_pk(self) -> UUID | None:
        return _id(self.what)

    @property
    def is_full(self) -> bool:
        return len(self.chosen) >= self.most

    @property
    def is_changed(self) -> bool:
        return self.chosen != self.saved


class WishersForm(forms.Form):
    """Whose wishes an office looks for."""

    side = forms.ChoiceField(choices=Side, required=False)
    q = forms.CharField(label=_("Name, unit or pinyin"), max_length=50, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()
        self.shown_side = Side(self.cleaned_data.get("side") or Side.MENTEE)
        self.text: str = self.cleaned_data.get("q", "")


class CoupleForm(forms.Form):
    """A mentor and a mentee whom a wish names."""

    mentor = forms.UUIDField(widget=forms.HiddenInput)
    mentee = forms.UUIDField(widget=forms.HiddenInput)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
