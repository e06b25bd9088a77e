from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from cadres.models import Cadre
from core.fields import ClientKeyField
from core.months import month_of
from core.picking import PickField, offer
from mentors.models import Mentor, MentorCategory

BUTTON = HTML('{% include "mentors/_save.html" %}')
MAX_CAPACITY = 99


def day_field(**kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(widget=widget, initial=timezone.localdate, **kwargs)


class TermsForm(forms.Form):
    """What may change while an appointment lasts."""

    category = forms.ModelChoiceField(
        MentorCategory.objects.filter(is_active=True), label=_("mentor category")
    )
    capacity = forms.IntegerField(
        label=_("places"),
        min_value=0,
        max_value=MAX_CAPACITY,
        initial=2,
        help_text=_("How many mentees at a time; a pairing beyond it is a warning, no refusal."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("category", css_class="col-sm-8"), Column("capacity", css_class="col-sm-4")),
            BUTTON,
        )


class AppointForm(TermsForm):
    cadre = PickField(Cadre.objects.none(), url_name="cadres:options", label=_("cadre"))
    from_on = day_field(label=_("from the day"))
    client_key = ClientKeyField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        own = Cadre.objects.visible_to(user).filter(user.rows_q(roles=(Role.COORDINATOR,)))
        offer(self, "cadre", own.on_register().select_related("unit"))
        self.helper.layout = Layout(
            "cadre", *self.helper.layout[:-1], "from_on", "client_key", BUTTON
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        cadre = given.get("cadre")
        if cadre and given.get("from_on") and month_of(given["from_on"]) < cadre.birth_month:
            self.add_error("from_on", _("That is before this person was born."))
        rows = Mentor.objects.filter(cadre=cadre, to_on=None) if cadre else Mentor.objects.none()
        if (key := given.get("client_key")) is not None:
            rows = rows.exclude(created_by=self.user, client_key=key)
        if rows.exists():
            self.add_error("cadre", _("This person is a mentor already."))
        return given


class EndForm(forms.Form):
    on = day_field(label=_("last day"))
    reason = forms.CharField(label=_("reason for ending"), max_length=200)

    def __init__(self, *args: Any, mentor: Mentor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mentor = mentor
        self.helper = FormHelper()
        self.helper.layout = Layout("on", "reason", BUTTON)

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future."))
        if self.mentor.from_on and day < self.mentor.from_on:
            raise forms.ValidationError(_("The appointment began later than that."))
        return day
