from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import ClientKeyField
from reminders.models import MailChoice, Suggestion


class MailChoiceForm(forms.ModelForm):
    class Meta:
        model = MailChoice
        fields = ["wants_digest", "address"]

    def __init__(self, *args: Any, account_address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = (
            _("Empty: %(address)s, the address of your account.") % {"address": account_address}
            if account_address
            else _("Your account has no address: without one no mail is sent.")
        )
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Save"), css_class="btn-primary"))


class SuggestionForm(forms.ModelForm):
    client_key = ClientKeyField()

    class Meta:
        model = Suggestion
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "text",
            "client_key",
            Submit("submit", _("Send the suggestion"), css_class="btn-primary"),
        )

    def save(self, commit: bool = True) -> Suggestion:
        self.instance.client_key = self.cleaned_data["client_key"]
        return super().save(commit)
