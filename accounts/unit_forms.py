"""Forms of the unit pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.unit_change_forms import day_input, namesake
from core.fields import ClientKeyField
from core.once import once
from core.picking import offer
from core.text import squeeze
from units.models import ADDABLE, PARENTS, Kind, Unit, UnitEvent, Verb
from units.picking import UnitField

SAVE = HTML('{% include "units/_save.html" %}')


class NewUnitForm(forms.Form):
    """A zone, department, station or village below a unit that the user coordinates."""

    parent = UnitField(label=_("parent unit"))
    kind = forms.ChoiceField(
        label=_("kind"),
        choices=[(kind.value, kind.label) for kind in reversed(ADDABLE)],
        widget=forms.RadioSelect,  # chosen each time: nothing becomes a village by default
    )
    name = forms.CharField(label=_("unit name"), max_length=100)
    from_on = forms.DateField(
        label=_("in use from"),
        required=False,
        widget=day_input(),
        help_text=_("Leave it empty for a unit that has long been there."),
    )
    code = forms.CharField(
        label=_("division code"),
        required=False,
        help_text=_("12 digits, for villages only; departments, stations and zones have none."),
        validators=[RegexValidator(r"^\s*[0-9]{12}\s*$", _("A division code has 12 digits."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    client_key = ClientKeyField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        offer(self, "parent", Unit.objects.live().filter(user.units_q(roles=(Role.COORDINATOR,))))
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "parent", InlineRadios("kind"), "name", "from_on", "code", "client_key", SAVE
        )

    def clean_name(self) -> str:
        return squeeze(self.cleaned_data["name"])

    def clean_from_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["from_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        parent, kind, key = data.get("parent"), data.get("kind"), data.get("client_key")
        if parent and kind and parent.kind not in PARENTS[kind]:
            self.add_error("kind", _("A unit of this kind cannot stand below the parent."))
        if data.get("code"):
            self._check_code(data["code"], kind)
        if key and UnitEvent.objects.filter(created_by=self.user, client_key=key).exists():
            return data  # sent twice: it is its own namesake
        if parent and data.get("name") and namesake(parent, data["name"]):
            self.add_error("name", _("A unit of this name stands here already."))
        return data

    def _check_code(self, code: str, kind: str | None) -> None:
        if kind != Kind.VILLAGE:
            self.add_error("code", _("Only a village or community has a code."))
        elif Unit.objects.filter(code=code, kind=kind).exclude(
            events__client_key=self.cleaned_data.get("client_key") or uuid.uuid4()
        ):
            self.add_error("code", _("This code belongs to another unit."))

    def save(self) -> Unit:
        """The new unit, or the one that this very form made before."""
        data = self.cleaned_data

        def make() -> UnitEvent:
            unit = Unit.objects.create(
                parent=data["parent"],
                kind=data["kind"],
                name=data["name"],
                code=data["code"] or None,
                from_on=data["from_on"],
            )
            return unit.note(Verb.CREATE, on=data["from_on"], by=self.user, key=data["client_key"])

        return once(UnitEvent, by=self.user, key=data["client_key"], make=make).unit
