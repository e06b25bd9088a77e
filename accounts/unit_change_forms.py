"""Forms of what becomes of a unit: another name, another parent, a successor, the end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choosing import places_for, successors_for
from accounts.models import Grant, User
from core.fields import ClientKeyField
from core.once import once
from core.picking import offer
from core.text import squeeze
from units import tree
from units.models import CODES, Kind, Unit, UnitEvent, UnitQuerySet
from units.picking import UnitField

CODE_HAS_12_DIGITS = RegexValidator(r"^[0-9]{12}$", _("A division code has 12 digits."))


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ChangeForm(forms.Form):
    """A change of a unit from a day on, at the latest today."""

    on = forms.DateField(label=_("with effect from"), widget=day_input())
    client_key = ClientKeyField()

    target = ""  # the name of the field that picks the other unit

    def __init__(self, *args: Any, unit: Unit, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
        self.unit, self.user = unit, user
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *filter(None, [self.target]),
            "on",
            "client_key",
            HTML('{% include "units/_change_button.html" %}'),
        )

    def earliest(self) -> dt.date | None:
        return tree.earliest_day(self.unit)

    def has_choice(self) -> bool:
        """Whether there is any unit to pick within the user's charge."""
        field = self.fields[self.target]
        rows = field.queryset if isinstance(field, UnitField) else None
        return rows is not None and rows.exists()

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        earliest = self.earliest()
        if day > timezone.localdate():
            raise ValidationError(_("The day lies in the future."))
        if earliest and day < earliest:
            raise ValidationError(
                _("Something is on record for %(day)s: choose that day or a later one.")
                % {"day": earliest.isoformat()}
            )
        return day

    def was_sent(self) -> bool:
        """Whether this very form was carried out before: it was sent twice."""
        try:
            key = self.fields["client_key"].clean(self.data.get("client_key"))
        except ValidationError:
            return False
        sent = UnitEvent.objects.filter(created_by=self.user, client_key=key, unit=self.unit)
        return key is not None and sent.exists()

    @property
    def here_and_below(self) -> UnitQuerySet:
        return Unit.objects.within(self.unit)

    @property
    def tallies(self) -> list[str]:
        """What goes along, counted in words."""
        return tree.tallies(self.here_and_below, self.cleaned_data["on"])

    @property
    def units_below(self) -> int:
        return self.here_and_below.live().exclude(pk=self.unit.pk).count()


class RenameForm(ChangeForm):
    """A new name; no two live units of one parent bear the same."""

    name = forms.CharField(label=_("unit name"), max_length=100)

    target = "name"

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        self.initial.setdefault("name", unit.name)

    def earliest(self) -> dt.date | None:
        return self.unit.named_since()

    def clean_name(self) -> str:
        name = squeeze(self.cleaned_data["name"])
        if namesake(self.unit.parent, name, but=self.unit.pk):
            raise ValidationError(_("A unit of this name stands here already."))
        return name

    def save(self) -> None:
        given = self.cleaned_data
        self.unit.rename(given["name"], on=given["on"], by=self.user, key=given["client_key"])


class CorrectForm(ChangeForm):
    """Kind and division code, where the ones on record are wrong; from today on, with a reason."""

    kind = forms.ChoiceField(label=_("kind"))
    code = forms.CharField(
        label=_("division code"),
        required=False,
        help_text=_("12 digits; departments, stations and zones have none."),
        validators=[CODE_HAS_12_DIGITS],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        del self.fields["on"]
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [(each.value, each.label) for each in tree.kinds_for(unit)]
        self.initial.update(kind=unit.kind, code=unit.code or "")
        button = HTML('{% include "units/_change_button.html" %}')
        self.helper.layout = Layout("kind", "code", "reason", "client_key", button)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        kind, code = data.get("kind"), data.get("code")
        if kind and code and kind not in CODES:
            self.add_error("code", _("A unit of this kind has no code: leave it empty."))
        elif kind and code and not code.endswith(CODES[kind]):
            told = {"kind": Kind(kind).label, "end": CODES[kind]}
            self.add_error("code", _("The code of a %(kind)s ends with %(end)s.") % told)
        elif code and Unit.objects.filter(code=code, kind=kind).exclude(pk=self.unit.pk).exists():
            self.add_error("code", _("This code belongs to another unit."))
        if {"kind": self.unit.kind, "code": self.unit.code or ""} == {"kind": kind, "code": code}:
            raise ValidationError(_("Nothing is different from what is on record."))
        return data

    def save(self) -> None:
        given = dict(self.cleaned_data)
        tree.correct(self.unit, by=self.user, key=given.pop("client_key"), **given)


class MoveUnitForm(ChangeForm):
    parent = UnitField(label=_("new parent unit"))

    target = "parent"

    def __init__(self, *args: Any, unit: Unit, user: User, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, user=user, **kwargs)
        offer(self, "parent", places_for(user, unit), query=f"?moves={unit.pk}")

    def clean_parent(self) -> Unit:
        parent: Unit = self.cleaned_data["parent"]
        if namesake(parent, self.unit.name):
            raise ValidationError(_("A unit of this name stands there already."))
        return parent

    @property
    def is_to_another_county(self) -> bool:
        return self.cleaned_data["parent"].county_id != self.unit.county_id

    def save(self) -> None:
        given = self.cleaned_data
        tree.move(self.unit, given["parent"], on=given["on"], by=self.user, key=given["client_key"])


class MergeForm(ChangeForm):
    into = UnitField(label=_("successor"))

    target = "into"

    def __init__(self, *args: Any, unit: Unit, user: User, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, user=user, **kwargs)
        offer(self, "into", successors_for(user, unit), query=f"?merges={unit.pk}")

    def clean_into(self) -> Unit:
        into: Unit = self.cleaned_data["into"]
        strangers, namesakes = tree.obstacles(self.unit, into)
        if strangers:
            raise ValidationError(
                _("These units below cannot stand there: %(names)s. Move them first.")
                % {"names": "、".join(unit.name for unit in strangers)}
            )
        if namesakes:
            raise ValidationError(
                _("Units of the same name stand there: %(names)s. Merge or rename them first.")
                % {"names": "、".join(unit.name for unit in namesakes)}
            )
        return into

    @property
    def grants(self) -> list[Grant]:
        """Roles over the unit: only the security administrator gives and ends them."""
        rows = Grant.objects.live(timezone.localdate()).filter(unit=self.unit)
        return list(rows.select_related("user").order_by("role", "pk"))

    def save(self) -> None:
        given = self.cleaned_data

        def make() -> UnitEvent:
            return tree.merge(
                self.unit, given["into"], on=given["on"], by=self.user, key=given["client_key"]
            )

        once(UnitEvent, by=self.user, key=given["client_key"], make=make)


class CloseUnitForm(ChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("closed on")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.unit.children.live().exists():
            raise ValidationError(_("Close the units below it first."))
        if "on" in data and (here := tree.tallies(self.only_here, data["on"])):
            raise ValidationError(
                _("%(tallies)s still stand here: move or end them first, or merge the unit.")
                % {"tallies": "、".join(here)}
            )
        return data

    @property
    def only_here(self) -> UnitQuerySet:
        return Unit.objects.filter(pk=self.unit.pk)

    def save(self) -> None:
        given = self.cleaned_data
        self.unit.close(given["on"], by=self.user, key=given["client_key"])


def namesake(parent: Unit | None, name: str, *, but: int = 0) -> bool:
    return Unit.objects.live().filter(parent=parent, name=name).exclude(pk=but).exists()
