from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_LEAST_PURPOSE = 6


class HandbookForm(forms.Form):
    """An office says what the file is for; the two take what is their own."""

    purpose = forms.CharField(
        label=gettext_lazy("purpose"),
        min_length=_LEAST_PURPOSE,
        max_length=200,
        help_text=gettext_lazy("What the file is used for. It is kept on record with your name."),
    )
    with_photos = forms.BooleanField(
        label=gettext_lazy("With photos"),
        required=False,
        help_text=gettext_lazy("Small, four a record at most; the file becomes larger."),
    )

    def __init__(self, *args: Any, asks_purpose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_purpose:
            del self.fields["purpose"]
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Download as PDF"), css_class="btn-primary"))
