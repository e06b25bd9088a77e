from __future__ import annotations

from typing import Any

from django import forms

from core.picking import PickField


class DayInput(forms.DateInput):
    """The browser's own calendar; `format` is what it understands."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MentorPickField(PickField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.cadre.name} · {obj.cadre.told_apart}"
