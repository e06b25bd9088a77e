from __future__ import annotations

from typing import Any

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Format
from tables.sheets import MOST_SHEET_ROWS

MASKED, WHOLE = "masked", "whole"
_LEAST_PURPOSE = 6  # characters: 「年度考核备案」


class ExportForm(forms.Form):
    """In which file, masked or whole, and for what."""

    format = forms.ChoiceField(
        label=_("file format"), choices=Format, initial=Format.XLSX, widget=forms.RadioSelect
    )
    extent = forms.ChoiceField(
        label=_("personal data"),
        choices=[(MASKED, _("masked")), (WHOLE, _("whole, with the purpose on record"))],
        initial=MASKED,
        required=False,
        widget=forms.RadioSelect,
    )
    purpose = forms.CharField(
        label=_("purpose"),
        max_length=200,
        required=False,
        help_text=_("Needed for whole data: what the file is used for, and by whom."),
    )

    def __init__(self, *args: Any, may_see_whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_see_whole:
            del self.fields["extent"], self.fields["purpose"]
        self.helper = FormHelper()
        self.helper.attrs = {"data-download": ""}
        rows = [
            InlineRadios(name) if name in {"format", "extent"} else name for name in self.fields
        ]
        buttons = HTML('{% include "accounts/_export_buttons.html" %}')
        self.helper.layout = Layout(*rows, buttons)

    @property
    def is_masked(self) -> bool:
        return self.cleaned_data.get("extent") != WHOLE

    @property
    def given_purpose(self) -> str:
        return "" if self.is_masked else self.cleaned_data["purpose"]

    def clean_purpose(self) -> str:
        purpose = " ".join(self.cleaned_data["purpose"].split())
        if self.cleaned_data.get("extent") == WHOLE and len(purpose) < _LEAST_PURPOSE:
            raise forms.ValidationError(
                _("Write what the whole data are needed for, in a few words.")
            )
        return purpose

    def holds(self, count: int) -> bool:
        """Whether the file takes so many rows; a sentence beside the format when not."""
        if self.cleaned_data["format"] == Format.XLSX and count > MOST_SHEET_ROWS:
            text = _("A workbook holds %(most)s rows. Choose CSV, or narrow the list.")
            self.add_error("format", text % {"most": f"{MOST_SHEET_ROWS:,}"})
            return False
        return True
