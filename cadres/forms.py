"""Forms of the register. They read and check; what they lead to stands in models and views."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Fieldset, Layout, Row
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from cadres import codes, membership
from cadres.id_field import IdNumberField, Proof
from cadres.models import Cadre, MenteeCategory, Posting
from core.fields import ClientKeyField, DayField
from core.months import month_of
from core.picking import offer
from core.text import person_name, squeeze
from units.models import Unit
from units.picking import UnitField

BUTTON = HTML('{% include "cadres/_save.html" %}')


# The columns that hold codes, with their tables.
CODED = {
    "gender": "gender",
    "ethnicity": "ethnicity",
    "political_status": "political_status",
    "education": "education",
    "later_education": "education",
    "staffing": "staffing",
}


def own_units(user: User) -> Any:
    """The units in which this user may register and post people."""
    return Unit.objects.live().filter(user.units_q(roles=(Role.COORDINATOR,)))


def past_day(**kwargs: Any) -> DayField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(widget=widget, **kwargs)


def not_later_than_today(day: dt.date) -> dt.date:
    if day > timezone.localdate():
        raise forms.ValidationError(_("The day lies in the future."))
    return day


class CadreForm(forms.ModelForm):
    """The facts of a person. The unit and the post change by a move, with their date.

    Gives `proof` (of the ID number typed, or None), `known` (who has that number, when this user
    may see them) and `homonyms` (visible people of the same name and birth month).
    """

    id_number = IdNumberField()
    id_proof = forms.CharField(widget=forms.HiddenInput, required=False)
    is_another = forms.BooleanField(
        label=_("I have compared: this is another person"), required=False
    )

    class Meta:
        model = Cadre
        fields = [
            "name",
            "gender",
            "birth_month",
            "ethnicity",
            "political_status",
            "party_month",
            "education",
            "later_education",
            "is_party_school",
            "work_month",
            "staffing",
            "phone",
        ]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.proof: Proof | None = None
        self.known: Cadre | None = None
        self.homonyms: list[Cadre] = []
        self.fields["birth_month"].required = True  # unknown in some old rows, never in a new one
        for name, table in CODED.items():
            self.fields[name] = self._code_field(name, table)
        self.fields["phone"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        self.fields["id_number"].help_text = (
            _("Registered, ends in %(tail)s. Leave empty to keep it.")
            % {"tail": self.instance.id_tail}
            if self.instance.id_tail
            else _("Verified and then kept as a digest with the last four characters.")
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("Person"), *self.person(), css_class="card card-body mb-3"),
            *self.placement(),
            Fieldset(_("Background"), *self.background(), css_class="card card-body mb-3"),
            "id_proof",
            BUTTON,
        )

    @property
    def corrected(self) -> list[str]:
        """The columns that this form changes; the ID number by the name of its digest."""
        columns = [name for name in self.changed_data if name in (self._meta.fields or ())]
        return [*columns, "id_digest"] if self.proof else columns

    def _code_field(self, name: str, table: str) -> forms.ChoiceField:
        """The codes in use, and the one that the row has, even when it is no longer in use."""
        kept = getattr(self.instance, name)
        known = codes.choices(table)
        if kept and kept not in dict(known):
            known.append((kept, codes.name(table, kept)))
        return forms.ChoiceField(
            label=self.fields[name].label,
            choices=[("", _("not given")), *known],
            required=name == "gender",
        )

    def person(self) -> list[Any]:
        half = "col-sm-6"
        return [
            Row(Column("name", css_class=half), Column("gender", css_class=half)),
            Row(Column("birth_month", css_class=half), Column("id_number", css_class=half)),
            HTML('{% include "cadres/_homonyms.html" %}'),
            Row(Column("phone", css_class=half), Column("ethnicity", css_class=half)),
        ]

    def placement(self) -> list[Any]:
        return []

    def background(self) -> list[Any]:
        half = "col-sm-6"
        return [
            Row(Column("political_status", css_class=half), Column("party_month", css_class=half)),
            Row(
                Column("education", css_class=half),
                Column("later_education", "is_party_school", css_class=half),
            ),
            Row(Column("work_month", css_class=half), Column("staffing", css_class=half)),
            *self.category(),
        ]

    def category(self) -> list[Any]:
        return []

    def others(self) -> Any:
        """Everybody else: not this row, nor the row that this very form made before."""
        return Cadre.objects.exclude(pk=self.instance.pk)

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        phone = squeeze(self.cleaned_data["phone"]).replace(" ", "").replace("-", "")
        if phone and not phone.removeprefix("+86").isdecimal():
            raise forms.ValidationError(_("A phone number has digits only."))
        return phone

    def clean_birth_month(self) -> str:
        month: str = self.cleaned_data["birth_month"]
        if month > month_of(timezone.localdate()):
            raise forms.ValidationError(_("The month lies in the future."))
        return month

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("is_party_school") and not given.get("later_education"):
            self.add_error(
                "later_education", _("Say which in-service education the party school gave.")
            )
        self._check_membership(given)
        self._prove(given)
        if self.proof and not self.errors:
            self._refuse_known(self.proof)
        if not self.errors:
            self._tell_homonyms(given)
        return given

    def _check_membership(self, given: dict[str, Any]) -> None:
        found = membership.faults(
            joined=given.get("party_month", ""),
            birth=given.get("birth_month", ""),
            status=given.get("political_status", ""),
            today=timezone.localdate(),
        )
        for sentence in found:
            self.add_error("party_month", sentence)

    def _prove(self, given: dict[str, Any]) -> None:
        if number := given.get("id_number"):
            self.proof = Proof.of(number)
        elif "id_number" in given:
            self.proof = Proof.signed(given.get("id_proof", ""))
        proof = self.proof.sign() if self.proof else ""
        self.data = {**QueryDict.dict(self.data), "id_proof": proof}  # type: ignore[arg-type]
        if not self.proof:
            return
        # The bound field took its help text before the number was read.
        self["id_number"].help_text = _(
            "Verified, ends in %(tail)s. Type it again only to change it."
        ) % {"tail": self.proof.tail}
        if given.get("birth_month") not in (None, self.proof.birth_month):
            self.add_error("birth_month", _("The ID number says another birth month."))
        if given.get("gender") not in (None, "", self.proof.gender):
            self.add_error("gender", _("The ID number says the other gender."))

    def _refuse_known(self, proof: Proof) -> None:
        rows = self.others().filter(id_digest=proof.digest).select_related("unit")
        if not (known := rows.first()):
            return
        if Cadre.objects.visible_to(self.user).filter(pk=known.pk).exists():
            self.known = known
            self.add_error(
                "id_number",
                _("%(name)s (%(apart)s) is registered with this ID number.")
                % {"name": known.name, "apart": known.told_apart},
            )
        else:
            self.add_error(
                "id_number",
                _("This ID number is registered in another unit. Ask the office above for a move."),
            )

    def _tell_homonyms(self, given: dict[str, Any]) -> None:
        asked = self.instance._state.adding or {"name", "birth_month"} & {*self.changed_data}
        if not asked:
            return
        rows = self.others().visible_to(self.user).with_post().for_list()
        rows = rows.filter(name=given["name"], birth_month=given["birth_month"])
        if self.proof:  # two different ID numbers are two people
            rows = rows.filter(id_digest=None)
        self.homonyms = list(rows.order_by("id")[:5])
        if self.homonyms and not given.get("is_another"):
            self.add_error(
                None,
                _("Somebody of this name and birth month is registered. Compare before saving."),
            )

    def save(self, commit: bool = True) -> Cadre:
        if self.proof:
            self.instance.id_digest = self.proof.digest
            self.instance.id_tail = self.proof.tail
        return super().save(commit)


class NewCadreForm(CadreForm):
    unit = UnitField(label=_("unit"))
    title = forms.CharField(label=_("post"), max_length=200, required=False)
    mentee_category = forms.ModelChoiceField(
        MenteeCategory.objects.filter(is_active=True),
        label=_("mentee category"),
        required=False,
        empty_label=_("is no mentee"),
        help_text=_("Enters the person in the register of mentees as well."),
    )
    client_key = ClientKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", own_units(self.user))

    def category(self) -> list[Any]:
        return [Row(Column("mentee_category", css_class="col-sm-6"))]

    def placement(self) -> list[Any]:
        half = "col-sm-6"
        return [
            "client_key",
            Fieldset(
                _("Post"),
                Row(Column("unit", css_class=half), Column("title", css_class=half)),
                css_class="card card-body mb-3",
            ),
        ]

    def others(self) -> Any:
        key = self.cleaned_data.get("client_key")
        if key is None:
            return Cadre.objects.all()
        return Cadre.objects.exclude(created_by=self.user, client_key=key)

    def clean_title(self) -> str:
        return squeeze(self.cleaned_data["title"])


class MoveForm(forms.Form):
    """Another unit or post from a day on."""

    unit = UnitField(label=_("unit"))
    title = forms.CharField(label=_("post"), max_length=200, required=False)
    on = past_day(label=_("from the day"), initial=timezone.localdate)

    def __init__(self, *args: Any, user: User, posting: Posting | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posting = posting
        offer(self, "unit", own_units(user))
        self.helper = FormHelper()
        self.helper.layout = Layout("unit", "title", "on", BUTTON)

    def clean_title(self) -> str:
        return squeeze(self.cleaned_data["title"])

    def clean_on(self) -> dt.date:
        day = not_later_than_today(self.cleaned_data["on"])
        if self.posting and self.posting.from_on and day < self.posting.from_on:
            raise forms.ValidationError(_("The present post began later than that."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        now = self.posting
        same = now and (now.unit, now.title) == (given.get("unit"), given.get("title"))
        if now and same and given.get("on") not in (None, now.from_on):
            self.add_error(None, _("Neither the unit nor the post is another one."))
        return given


class LeaveForm(forms.Form):
    on = past_day(label=_("last day"), initial=timezone.localdate)
    reason = forms.CharField(label=_("reason for leaving"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("on", "reason", BUTTON)

    def clean_on(self) -> dt.date:
        return not_later_than_today(self.cleaned_data["on"])


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("user name"),
        max_length=150,
        help_text=_("Suggested from the pinyin of the name; the person signs in with it."),
    )
    client_key = ClientKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(Field("username", autocomplete="off"), "client_key", BUTTON)
