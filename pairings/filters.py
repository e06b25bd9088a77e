"""The filters of the list of pairs; their state stands in the address."""

from __future__ import annotations

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from pairings.forms import DayInput
from pairings.models import PairingQuerySet
from pairings.past import names, with_past
from pairings.states import GROUPS, Role
from tables.as_of import DatedForm
from units.models import Unit
from units.picking import UnitField


class FilterForm(DatedForm):
    """What a list of pairs is narrowed by; a value that cannot be read narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Name or pinyin"), max_length=50, required=False, strip=True
    )
    state = forms.ChoiceField(
        label=gettext_lazy("state"),
        choices=[("", gettext_lazy("All states")), *((key, row[0]) for key, row in GROUPS.items())],
        required=False,
    )
    role = forms.ChoiceField(
        label=gettext_lazy("role of the mentor"),
        choices=[("", gettext_lazy("All roles")), *Role.choices],
        required=False,
    )
    ends_before = forms.DateField(
        label=gettext_lazy("Term ends by"), widget=DayInput, required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [
            Column("q", css_class="col-6 col-md-3"),
            Column("state", css_class="col-6 col-md-2"),
            Column("role", css_class="col-6 col-md-2"),
        ]
        if user.is_office:
            self.fields["unit"] = UnitField(
                Unit.objects.visible_to(user), label=gettext_lazy("mentee's unit"), required=False
            )
            columns.append(Column("unit", css_class="col-6 col-md-3"))
        columns.append(Column("ends_before", css_class="col-6 col-md-2"))
        columns.append(Column("as_of", css_class="col-6 col-md-2"))
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.form_class = "mb-2"
        self.helper.layout = Layout(
            Row(
                *columns,
                Column(
                    StrictButton(_("Filter"), type="submit", css_class="btn-outline-secondary"),
                    css_class="col-12 col-md-auto",
                ),
                css_class="g-2 pairing-filters",
            )
        )

    def narrow(self, rows: PairingQuerySet) -> PairingQuerySet:
        """The rows by every filter that could be read; on a past day with the columns of then."""
        day = self.day
        at, given = names(day), self.cleaned_data
        rows = rows.search(given.get("q", ""))
        if day:
            rows = with_past(rows, day)
        if group := given.get("state"):
            rows = rows.filter(**{f"{at.state}__in": GROUPS[group][1]})
        if role := given.get("role"):
            rows = rows.filter(role=role)
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        if last := given.get("ends_before"):
            rows = rows.filter(**{f"{at.to_on}__lte": last})
        return rows

    @property
    def is_narrowing(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name != "as_of")
