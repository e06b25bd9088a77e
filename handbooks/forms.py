from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from core.fields import ClientKeyField
from handbooks.models import HandbookRun
from handbooks.scope import MOST, pairs_of
from units.models import Unit
from units.picking import UnitField

_LEAST_PURPOSE = 6
WITH_PHOTOS = gettext_lazy("Small, four a record at most; the file becomes larger.")


class PurposeField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("purpose"),
            min_length=_LEAST_PURPOSE,
            max_length=200,
            help_text=gettext_lazy(
                "What the file is used for. It is kept on record with your name."
            ),
        )


class ManyForm(forms.ModelForm):
    """Whose handbooks, with pictures or without, and what for."""

    purpose = PurposeField()
    client_key = ClientKeyField()

    class Meta:
        model = HandbookRun
        fields = ["unit", "among", "with_photos", "purpose"]
        widgets = {"among": forms.RadioSelect}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        units = Unit.objects.live().filter(user.units_q(roles=(Role.COORDINATOR,)))
        self.fields["unit"] = UnitField(units, label=gettext_lazy("unit"))
        grant = next(grant for grant in user.live_grants if grant.role == Role.COORDINATOR)
        self.fields["unit"].initial = grant.unit_id
        self.fields["with_photos"].help_text = WITH_PHOTOS
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Print the handbooks"), css_class="btn-primary"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("unit") and given.get("among"):
            asked = HandbookRun(unit=given["unit"], among=given["among"])
            size = pairs_of(asked, self.user)[: MOST + 1].count()
            if not size:
                self.add_error("unit", _("This unit has no such pair."))
            elif size > MOST:
                text = _("These are more than %(most)d pairs. Choose a smaller unit.")
                self.add_error("unit", text % {"most": MOST})
        return given


class HandbookForm(forms.Form):
    """An office says what the file is for; the two take what is their own."""

    purpose = PurposeField()
    with_photos = forms.BooleanField(
        label=gettext_lazy("With photos"),
        required=False,
        help_text=WITH_PHOTOS,
    )

    def __init__(self, *args: Any, asks_purpose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_purpose:
            del self.fields["purpose"]
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Download as PDF"), css_class="btn-primary"))
