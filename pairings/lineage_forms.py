"""Which tree of teaching is asked for, and as of which day."""

from __future__ import annotations

import datetime as dt

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.fields import DayField
from core.picking import offer
from pairings.forms import DayInput
from pairings.lineage import DEEPEST, DEPTH
from units.models import Unit
from units.picking import UnitField


class DayForm(forms.Form):
    """Always bound: what the address does not say has its usual value."""

    q = forms.CharField(
        label=_("name or pinyin, within this lineage"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    as_of = DayField(label=_("as of (inclusive)"), widget=DayInput)

    def __init__(self, given: QueryDict, **usual: str) -> None:
        asked = {name: value for name, value in given.items() if value}
        super().__init__({"as_of": timezone.localdate().isoformat(), **usual, **asked})
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        columns = [Column(name, css_class="col-12 col-sm-6 col-lg-3") for name in self.fields]
        button = StrictButton(_("Show the lineage"), type="submit", css_class="btn-primary")
        self.helper.layout = Layout(Row(*columns), button)

    def clean_as_of(self) -> dt.date:
        day: dt.date = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day cannot be later than today."))
        return day


LEAST = ((1, _("all of them")), (3, _("3 or more")), (4, _("4 or more")))


class UnitForm(DayForm):
    unit = UnitField(label=_("unit"))
    least = forms.TypedChoiceField(label=_("generations of a lineage"), choices=LEAST, coerce=int)

    field_order = ["unit", "as_of", "least", "q"]

    def __init__(self, given: QueryDict, *, user: User, unit: Unit) -> None:
        super().__init__(given, least="1")
        self.data = {**self.data, "unit": str(unit.pk)}
        offer(self, "unit", Unit.objects.visible_to(user))


class PersonForm(DayForm):
    depth = forms.IntegerField(
        label=_("generations above and below"), min_value=1, max_value=DEEPEST
    )

    field_order = ["as_of", "depth", "q"]

    def __init__(self, given: QueryDict) -> None:
        super().__init__(given, depth=str(DEPTH))
