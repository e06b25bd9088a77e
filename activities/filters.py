"""What a list is narrowed by: the fields of its URL."""

from __future__ import annotations

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activities.forms import DayInput
from activities.methods import called
from activities.models import AssignmentState, Method
from core.picking import offer
from units.models import Unit
from units.picking import UnitField

OVERDUE = "overdue"
HIDDEN = ("kind", "pairing")


class MethodField(forms.ChoiceField):
    """One of the six, by its code or, in an address, by any word for it (案例分析)."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value).strip()
        found = called(text)
        return found[0] if len(found) == 1 else text


class RecordFilter(forms.Form):
    """Narrowing by names, unit and days; by method for sessions, by state for assignments."""

    kind = forms.CharField(widget=forms.HiddenInput, required=False)
    pairing = forms.UUIDField(widget=forms.HiddenInput, required=False)
    q = forms.CharField(label=_("name"), required=False, max_length=60)
    unit = UnitField(label=_("unit"), required=False)
    method = MethodField(
        label=_("method"), required=False, choices=[("", _("all")), *Method.choices]
    )
    state = forms.ChoiceField(
        label=_("state"),
        required=False,
        choices=[("", _("all")), (OVERDUE, _("overdue")), *AssignmentState.choices],
    )
    first = forms.DateField(label=_("from"), required=False, widget=DayInput)
    last = forms.DateField(label=_("to"), required=False, widget=DayInput)

    def __init__(self, *args: Any, kind: str, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != "session":
            del self.fields["method"]
        if kind != "assignment":
            del self.fields["state"]
        if user.is_office:
            offer(self, "unit", Unit.objects.visible_to(user).live())
        else:
            del self.fields["unit"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        columns = [Column(name, css_class="col-sm") for name in self.fields if name not in HIDDEN]
        self.helper.layout = Layout(
            *HIDDEN,
            Row(
                *columns,
                Column(
                    StrictButton(
                        _("Search"), type="submit", css_class="btn-outline-secondary w-100"
                    ),
                    css_class="col-sm-auto align-self-end mb-3",
                ),
                css_class="gx-2",
            ),
        )

    @property
    def is_narrowing(self) -> bool:
        return any(value for name, value in self._given().items() if name != "kind")

    def apply(self, rows: Any) -> Any:
        """The rows that fit; what cannot be read narrows nothing, its field says why."""
        given = self._given()
        rows = rows.search(given.get("q") or "").between(given.get("first"), given.get("last"))
        if pairing := given.get("pairing"):
            rows = rows.filter(pairing=pairing)
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        if method := given.get("method"):
            rows = rows.filter(method=method)
        if (state := given.get("state")) == OVERDUE:
            return rows.overdue(timezone.localdate())
        return rows.filter(state=state) if state else rows

    def _given(self) -> dict[str, Any]:
        self.full_clean()
        return self.cleaned_data
