"""The form of a template of assignments."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from activities.forms.shared import area
from activities.models import AssignmentTemplate
from core.fields import ClientKeyField
from units.models import Unit
from units.picking import UnitField


class AssignmentTemplateForm(forms.ModelForm):
    # The revision that was read: nobody writes over what they have not seen.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = ClientKeyField()

    class Meta:
        model = AssignmentTemplate
        fields = ["unit", "title", "body", "days", "mentee_category"]
        help_texts = {"days": gettext_lazy("counted from the day on which a mentor sets it")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance._state.adding
        if is_new:
            units = Unit.objects.live().filter(user.units_q(roles=(Role.COORDINATOR,)))
            self.fields["unit"] = UnitField(units, label=gettext_lazy("unit"))
            grant = next(grant for grant in user.live_grants if grant.role == Role.COORDINATOR)
            # The instance of a new template has no unit, and its emptiness would come first.
            self.initial["unit"] = grant.unit_id
        else:
            del self.fields["unit"]
        category: Any = self.fields["mentee_category"]
        category.empty_label = _("every mentee")
        self.helper = FormHelper()
        self.helper.form_tag = False
        unit = ["unit"] if is_new else []
        self.helper.layout = Layout(
            "seen", "client_key", *unit, "title", area("body", 5), "days", "mentee_category"
        )
