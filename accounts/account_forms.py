"""Forms of the keepers of accounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import opening
from accounts.models import AccountEvent, AccountEventQuerySet, AccountVerb, Role, User, grant
from core.fields import ClientKeyField
from core.picking import offer
from core.text import person_name, squeeze
from units.models import Unit
from units.picking import UnitField

SAVE = HTML('{% include "accounts/_save.html" %}')


class NewAccountForm(forms.ModelForm):
    client_key = ClientKeyField()

    class Meta:
        model = User
        fields = ["username", "name", "email"]
        labels = {"username": _("user name"), "name": _("person's name"), "email": _("e-mail")}
        help_texts = {
            "username": _("Letters, digits and . - _ only; it cannot be changed later."),
            "email": _("Reminders go there; may stay empty."),
        }
        error_messages = {"username": {"unique": _("This user name is taken.")}}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["username"].widget.attrs |= {"autocomplete": "off", "autofocus": False}
        self.helper = FormHelper()
        self.helper.layout = Layout("username", "name", "email", "client_key", SAVE)

    def clean_username(self) -> str:
        return squeeze(self.cleaned_data["username"])

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])

    def validate_unique(self) -> None:
        """The very form that was sent before finds its own account taken: no error then."""
        key = self.cleaned_data.get("client_key")
        events = AccountEvent.objects.filter(created_by=self.by, client_key=key)
        if key is None or not events.exists():
            super().validate_unique()

    def open(self) -> tuple[User, str] | None:
        """The account and its first password (empty when that holds no longer), or None with an
        error beside the user name."""
        data = self.cleaned_data
        try:
            return opening.open_account(
                username=data["username"],
                name=data["name"],
                email=data["email"],
                by=self.by,
                key=data["client_key"],
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "email"]
        labels = {"name": _("person's name"), "email": _("e-mail")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("name", "email", SAVE)

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])

    @property
    def changes(self) -> list[str]:
        """Names of the fields that differ from before, once they are cleaned."""
        return [name for name, value in self.cleaned_data.items() if value != self.initial[name]]


class ResetForm(forms.Form):
    client_key = ClientKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("client_key", HTML('{% include "accounts/_reset.html" %}'))


class GrantForm(forms.Form):
    """A role over a unit of the security administrator's own area, never for themselves."""

    role = forms.ChoiceField(label=_("role"), choices=Role)
    unit = UnitField(label=_("unit"))
    client_key = ClientKeyField()

    def __init__(self, *args: Any, user: User, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.by = user, by
        offer(self, "unit", Unit.objects.live().filter(by.units_q(roles=(Role.SECADMIN,))))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the form around it carries the token
        button = HTML('{% include "accounts/_grant.html" %}')
        self.helper.layout = Layout(
            Row(
                Column("role", css_class="col-12 col-md-4"),
                Column("unit", css_class="col-12 col-md-5"),
                Column(button, css_class="col-12 col-md-3 grant-button"),
            ),
            "client_key",
        )

    def save(self) -> bool:
        """Grants; False when the rules forbid it, which then stands beside the role."""
        data = self.cleaned_data
        key = data["client_key"]
        if key and AccountEvent.objects.filter(created_by=self.by, client_key=key).exists():
            return True
        try:
            grant(self.user, data["role"], data["unit"], by=self.by, key=key)
        except ValidationError as error:
            self.add_error("role", error.messages)
            return False
        return True


class TrailForm(forms.Form):
    q = forms.CharField(
        label=_("account or who did it"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    verb = forms.ChoiceField(
        label=_("account operation"), choices=[("", _("all")), *AccountVerb.choices], required=False
    )
    since = forms.DateField(
        label=_("from day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=_("to day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("q", css_class="col-12 col-md-4"),
                Column("verb", css_class="col-12 col-md-3"),
                Column("since", css_class="col-6 col-md-2"),
                Column("until", css_class="col-6 col-md-2"),
                Column(
                    HTML('{% include "accounts/_find.html" %}'),
                    css_class="col-12 col-md-1 grant-button",
                ),
            )
        )

    def narrow(self, rows: AccountEventQuerySet) -> AccountEventQuerySet:
        """The rows that fulfil every filter that could be read."""
        if not self.is_valid() and not hasattr(self, "cleaned_data"):
            return rows
        data = self.cleaned_data
        if words := squeeze(data.get("q") or ""):
            condition = Q()
            for side in ("user", "created_by"):
                condition |= Q(**{f"{side}__name__contains": words})
                condition |= Q(**{f"{side}__username__icontains": words})
            rows = rows.filter(condition)
        if data.get("verb"):
            rows = rows.filter(verb=data["verb"])
        since, until = data.get("since"), data.get("until")
        if isinstance(since, dt.date):
            rows = rows.filter(created_at__date__gte=since)
        if isinstance(until, dt.date):
            rows = rows.filter(created_at__date__lte=until)
        return rows
