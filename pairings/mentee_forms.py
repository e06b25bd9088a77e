"""The forms of the register of mentees; what they lead to stands in `cadres.models.Mentee`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Layout, Row
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cadres.models import Cadre, Mentee, MenteeCategory, MenteeVerb
from core.fields import ClientKeyField, DayField
from core.picking import offer
from pairings.coverage import paired_only, unregistered
from pairings.forms import DayInput
from units.models import Unit
from units.picking import UnitField

SHOWN = 100  # people of one form
BUTTONS = HTML('{% include "pairings/_mentee_buttons.html" %}')
EVERYBODY, PAIRED = "", "paired"


def day_field(label: Any, **kwargs: Any) -> DayField:
    return DayField(label=label, widget=DayInput, **kwargs)


def category_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        MenteeCategory.objects.filter(is_active=True), label=_("mentee category")
    )


def not_later_than_today(day: dt.date | None) -> dt.date | None:
    if day and day > timezone.localdate():
        raise forms.ValidationError(_("The day lies in the future."))
    return day


class PeopleForm(forms.Form):
    """Whom the form of registering offers: asked by address, so that a link can say it."""

    unit = UnitField(label=_("unit"), required=False)
    q = forms.CharField(label=_("Name or pinyin"), required=False, max_length=60)
    who = forms.ChoiceField(
        label=_("people"),
        choices=[
            (EVERYBODY, _("all who are not on the register")),
            (PAIRED, _("paired, and not on the register")),
        ],
        required=False,
    )
    cadre = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            Unit.objects.visible_to(user), label=_("unit"), required=False
        )
        self.people = unregistered(user).select_related("unit").order_by("pinyin", "id")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("unit", css_class="col-12 col-sm-6"),
                Column("q", css_class="col-12 col-sm-6"),
                Column("who", css_class="col-12 col-sm-8"),
                Column(
                    HTML('{% include "pairings/_mentee_people.html" %}'),
                    css_class="col-12 col-sm-4 find",
                ),
            )
        )

    def found(self) -> QuerySet[Cadre]:
        """Nobody before anything is asked for: a county's people are no pick-list."""
        self.is_valid()
        given = self.cleaned_data
        if not any(given.values()):
            return self.people.none()
        rows = self.people
        if given.get("cadre"):
            rows = rows.filter(pk=given["cadre"])
        if given.get("unit"):
            rows = rows.filter(given["unit"].rows_q())
        if given.get("q"):
            rows = rows.filter(pk__in=Cadre.objects.search(given["q"]))
        return paired_only(rows) if given.get("who") == PAIRED else rows


class RegisterForm(forms.Form):
    """Several people at once, in one category."""

    cadres = forms.ModelMultipleChoiceField(
        Cadre.objects.none(), label=_("people"), widget=forms.CheckboxSelectMultiple
    )
    category = category_field()
    from_on = day_field(
        _("mentee since"), required=False, help_text=_("Leave empty when it is not known.")
    )
    client_key = ClientKeyField()

    def __init__(
        self, *args: Any, user: User, people: QuerySet[Cadre], shown: list[Cadre], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field = self.fields["cadres"]
        # All may be sent, since the page may have offered other people; a hundred are shown.
        offer(self, "cadres", people)
        field.choices = [  # type: ignore[attr-defined]
            (cadre.pk, f"{cadre.name} · {cadre.told_apart}") for cadre in shown
        ]
        self.fields["from_on"].initial = timezone.localdate
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field("cadres", wrapper_class="picks"),
            Row(Column("category", css_class="col-sm-8"), Column("from_on", css_class="col-sm-4")),
            "client_key",
            BUTTONS,
        )

    def clean_from_on(self) -> dt.date | None:
        return not_later_than_today(self.cleaned_data["from_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("cadres") and "from_on" in given:
            rows = Mentee.objects.filter(cadre__in=given["cadres"], to_on__isnull=False)
            rows = rows.filter(to_on__gte=given["from_on"]) if given["from_on"] else rows
            if names := sorted(set(rows.values_list("cadre__name", flat=True))):
                text = _("Former entries last until this day or later: %(names)s.")
                self.add_error("from_on", text % {"names": "、".join(names)})
        return given

    @property
    def was_sent_before(self) -> bool:
        key = self.cleaned_data.get("client_key")
        rows = Mentee.objects.filter(created_by=self.user, client_key=key)
        return key is not None and rows.exists()


class EntryForm(forms.Form):
    """What a verb on an entry asks for; the cleaned data are the arguments of the verb."""

    def __init__(self, *args: Any, entry: Mentee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        for name in ("on", "from_on"):
            if name in self.fields:
                self.fields[name].initial = timezone.localdate
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, BUTTONS)

    def within(self, day: dt.date | None) -> dt.date | None:
        """A day of the entry, up to today."""
        not_later_than_today(day)
        if day and self.entry.from_on and day < self.entry.from_on:
            raise forms.ValidationError(_("This person is on the register from a later day on."))
        return day

    def clean_on(self) -> dt.date | None:
        return self.within(self.cleaned_data["on"])


class ExemptForm(EntryForm):
    from_on = day_field(_("from the day"))
    to_on = day_field(
        _("last day"), required=False, help_text=_("Leave empty when it is not known yet.")
    )
    reason = forms.CharField(
        label=_("reason for the exemption"),
        max_length=200,
        help_text=_("Such as maternity leave, a secondment, full-time study."),
    )
    document = forms.CharField(label=_("document number"), max_length=100, required=False)
    client_key = ClientKeyField()

    def clean_from_on(self) -> dt.date | None:
        return self.within(self.cleaned_data["from_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("from_on"), given.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", _("The last day lies before the first."))
        elif first:
            rows = self.entry.exemptions.filter(Q(to_on=None) | Q(to_on__gte=first))
            if (rows.filter(from_on__lte=last) if last else rows).exists():
                text = _("On some of these days the person is exempt already.")
                self.add_error("from_on", text)
        return given


class IncludeForm(EntryForm):
    on = day_field(_("to be paired from the day on"))
    reason = forms.CharField(label=_("remark"), max_length=200, required=False)

    def clean_on(self) -> dt.date | None:
        day = not_later_than_today(self.cleaned_data["on"])
        if day and day < self.entry.exempt_now[0].from_on:
            raise forms.ValidationError(_("The exemption began later than that."))
        return day


class CategoryForm(EntryForm):
    category = category_field()
    on = day_field(
        _("from the day"), help_text=_("Figures of the days before keep the old category.")
    )
    reason = forms.CharField(label=_("remark"), max_length=200, required=False)

    def clean_category(self) -> MenteeCategory:
        category: MenteeCategory = self.cleaned_data["category"]
        if category.pk == self.entry.category_id:
            raise forms.ValidationError(_("This is the present category."))
        return category


class CorrectForm(EntryForm):
    category = category_field()
    from_on = day_field(
        _("mentee since"), required=False, help_text=_("Leave empty when it is not known.")
    )

    def __init__(self, *args: Any, entry: Mentee, **kwargs: Any) -> None:
        super().__init__(*args, entry=entry, **kwargs)
        self.fields["category"].initial = entry.category_id
        self.fields["from_on"].initial = entry.from_on

    def clean_from_on(self) -> dt.date | None:
        day = not_later_than_today(self.cleaned_data["from_on"])
        first = self.entry.exemptions.order_by("from_on").first()
        if day and first and day > first.from_on:
            raise forms.ValidationError(_("The person was exempt before this day already."))
        others = Mentee.objects.filter(cadre=self.entry.cadre_id).exclude(pk=self.entry.pk)
        if (others.filter(to_on__gte=day) if day else others).exists():
            raise forms.ValidationError(_("An earlier entry lasts longer than that."))
        return day


class EndForm(EntryForm):
    on = day_field(_("last day"))
    reason = forms.CharField(
        label=_("reason for ending"),
        max_length=200,
        help_text=_("Such as a graduation, a transfer, entered by mistake."),
    )


class ReopenForm(EntryForm):
    reason = forms.CharField(label=_("reason"), max_length=200)


FORMS: dict[str, type[EntryForm]] = {
    MenteeVerb.EXEMPT: ExemptForm,
    MenteeVerb.INCLUDE: IncludeForm,
    MenteeVerb.CATEGORY: CategoryForm,
    MenteeVerb.CORRECT: CorrectForm,
    MenteeVerb.END: EndForm,
    MenteeVerb.REOPEN: ReopenForm,
}
