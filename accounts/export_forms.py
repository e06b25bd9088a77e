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
# A register leaves as a table; other formats are of other papers.
TABLES = [(kind.value, kind.label) for kind in (Format.XLSX, Format.CSV)]


class ExportForm(forms.Form):
    """In which file, masked or whole, and for what."""

    format = forms.ChoiceField(
        label=_("file format"), choices=TABLES, initial=Format.XLSX, widget=forms.RadioSelect
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

    def __init__(
        self, *args: Any, may_see_whole: bool, asks_purpose: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asks_purpose = asks_purpose
        if not may_see_whole:
            del self.fields["extent"]
            if not asks_purpose:
                del self.fields["purpose"]
        if asks_purpose:
            self.fields["purpose"].required = True
            self.fields["purpose"].help_text = _("What the file is used for, and by whom.")
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
        is_asked = self.asks_purpose or not self.is_masked
        return self.cleaned_data["purpose"] if is_asked else ""

    def clean_purpose(self) -> str:
        purpose = " ".join(self.cleaned_data["purpose"].split())
        is_asked = self.asks_purpose or self.cleaned_data.get("extent") == WHOLE
        if is_asked and len(purpose) < _LEAST_PURPOSE:
            raise forms.ValidationError(_("Write what the data are needed for, in a few words."))
        return purpose

    def holds(self, count: int) -> bool:
        """Whether the file takes so many rows; a sentence beside the format when not."""
        if self.cleaned_data["format"] == Format.XLSX and count > MOST_SHEET_ROWS:
            text = _("A workbook holds %(most)s rows. Choose CSV, or narrow the list.")
            self.add_error("format", text % {"most": f"{MOST_SHEET_ROWS:,}"})
            return False
        return True
