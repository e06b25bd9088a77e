"""An ID number on a form: typed in clear once, verified, and never written to a page again.

When the form comes back for another reason, a signed proof stands for the number: its digest,
its tail, and the birth month and gender in it. So nobody types the number twice, and a page
never holds it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from cadres import identity
from core.text import squeeze

SALT = "cadres.id_field"


class Proof(NamedTuple):
    """What is kept of a verified ID number."""

    digest: str
    tail: str
    birth_month: str  # YYYY-MM
    gender: str  # GB/T 2261.1

    @classmethod
    def of(cls, number: str) -> Proof:
        return cls(
            identity.digest(number),
            number[-4:],
            identity.birth_month(number),
            identity.gender(number),
        )

    @classmethod
    def signed(cls, text: str) -> Proof | None:
        """The proof behind a hidden field, or None when it is not ours."""
        try:
            return cls(*signing.loads(text, salt=SALT))
        except (signing.BadSignature, TypeError):
            return None

    def sign(self) -> str:
        return signing.dumps(list(self), salt=SALT)


class UnechoedInput(forms.TextInput):
    """A text field whose value is never written back into the page."""

    def format_value(self, value: Any) -> None:
        return None


class IdNumberField(forms.CharField):
    """Cleans to 18 characters with a right check digit, or to the empty text."""

    def __init__(self) -> None:
        super().__init__(
            label=_("ID number"),
            required=False,
            max_length=40,
            widget=UnechoedInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )

    def clean(self, value: Any) -> str:
        number = squeeze(str(super().clean(value))).replace(" ", "").upper()
        if not number or identity.is_valid(number):
            return number
        if len(number) != 18:
            raise forms.ValidationError(_("An ID number has 18 characters."))
        if number[:17].isdecimal() and identity.check_digit(number[:17]) != number[17]:
            raise forms.ValidationError(
                _("The check digit of the ID number is wrong: compare it with the card.")
            )
        raise forms.ValidationError(_("This is not an ID number: compare it with the card."))
