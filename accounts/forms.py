from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("The user name or the password is wrong."),
        "inactive": _("This account is closed. Ask the system administrator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("user name")
        self.fields["password"].label = _("password")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "username",
            "password",
            Submit("submit", _("Sign in"), css_class="btn-primary btn-lg w-100 mt-2"),
        )


class PasswordForm(SetPasswordForm):
    """A password of one's own; asks for the old one, unless that came from somebody else."""

    old_password = forms.CharField(
        label=_("current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].label = _("new password")
        self.fields["new_password1"].help_text = _(
            "10 characters or more, not a common word, not like your user name."
        )
        self.fields["new_password2"].label = _("new password once more")
        self.fields["new_password2"].help_text = ""
        if user.must_change_password:
            del self.fields["old_password"]
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Save"), css_class="btn-primary"))

    def clean_old_password(self) -> str:
        old = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("The current password is wrong."))
        return old
