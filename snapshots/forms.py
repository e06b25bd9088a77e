"""What a snapshot is sealed for; what it holds stands in the address of the page."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import ClientKeyField
from snapshots.models import Snapshot


class SealForm(forms.ModelForm):
    client_key = ClientKeyField()

    class Meta:
        model = Snapshot
        fields = ["purpose"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].help_text = _("such as the quarterly table handed in to the city")
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "purpose",
            "client_key",
            Submit("submit", _("Seal the figures"), css_class="btn-primary"),
        )


class DifferencesForm(forms.Form):
    """What the file of differences, which holds names, is for."""

    purpose = forms.CharField(
        label=gettext_lazy("purpose"),
        min_length=6,
        max_length=200,
        help_text=gettext_lazy("What the file is used for. It is kept on record with your name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
