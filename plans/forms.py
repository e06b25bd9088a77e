from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from activities.models import Method, Session
from core.fields import ClientKeyField
from core.months import dotted
from plans.keeping import Line
from plans.models import Plan, PlanStep, PlanTemplate, TemplateStep
from plans.states import STEP_MOVES
from units.models import Unit
from units.picking import UnitField

MOST_STEPS = 80
SPARE = 3  # empty rows below the steps
MORE = 5
METHODS = [("", gettext_lazy("any method")), *Method.choices]


def months_offered(months: Sequence[str], present: str = "") -> list[tuple[str, str]]:
    """The months as choices; one that stands already stays offered."""
    known = sorted({*months, present} - {""})
    return [(month, dotted(month)) for month in known]


class StartForm(forms.Form):
    template = forms.UUIDField(required=False, widget=forms.HiddenInput)
    carry = forms.BooleanField(required=False, widget=forms.HiddenInput)
    client_key = ClientKeyField()


class SeenForm(forms.Form):
    """A verb on a plan as it was read."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    client_key = ClientKeyField()


class PlanForm(forms.ModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    client_key = ClientKeyField()

    class Meta:
        model = Plan
        fields = ["goals"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("seen", "client_key", Field("goals", rows=4))


class RowForm(forms.Form):
    """One step in a list of steps: left empty it is none, emptied it is left out."""

    text = forms.CharField(
        label=gettext_lazy("what is to be done"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("method of guidance"), choices=METHODS, required=False
    )

    when: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        columns = Row(
            Column(self.when, css_class="col-6"), Column("method", css_class="col-6"),
            css_class="g-2",
        )  # fmt: skip
        hidden = [name for name in self.fields if self.fields[name].widget.is_hidden]
        self.helper.layout = Layout(*hidden, columns, "text")

    def clean_text(self) -> str:
        # One line; punctuation stays as it was written, full width or not.
        return " ".join(self.cleaned_data["text"].split())


class StepForm(RowForm):
    step = forms.UUIDField(required=False, widget=forms.HiddenInput)
    month = forms.ChoiceField(label=gettext_lazy("month"), required=False)
    when = "month"

    def __init__(self, *args: Any, months: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month: Any = self.fields["month"]
        offered = months_offered(months, self.initial.get("month", ""))
        month.choices = [("", _("no month")), *offered]

    @property
    def line(self) -> Line:
        given = self.cleaned_data
        return Line(given["step"], given["month"], given["method"], given["text"])


class TemplateStepForm(RowForm):
    number = forms.IntegerField(
        label=gettext_lazy("in which month"), min_value=1, max_value=60, required=False
    )
    when = "number"


def step_forms(
    plan: Plan, months: Sequence[str], data: Any = None, *, more: int = 0
) -> forms.BaseFormSet:
    """The open steps of a plan as rows, and some empty ones."""
    rows: list[dict[str, Any]] = [
        {"step": step.pk, "month": step.month, "method": step.method, "text": step.text}
        for step in plan.steps.to_do()
    ]
    return _rows(StepForm, rows, data, more=more, form_kwargs={"months": months})


def template_step_forms(
    steps: Sequence[TemplateStep], data: Any = None, *, more: int = 0
) -> forms.BaseFormSet:
    rows = [{"number": s.number, "method": s.method, "text": s.text} for s in steps]
    return _rows(TemplateStepForm, rows, data, more=more)


def _rows(
    form: type[RowForm], rows: list[dict[str, Any]], data: Any, *, more: int, **kwargs: Any
) -> forms.BaseFormSet:
    kind = forms.formset_factory(form, extra=SPARE, max_num=MOST_STEPS, absolute_max=MOST_STEPS)
    if data is not None and more:
        data = data.copy()
        total = int(data.get("steps-TOTAL_FORMS") or 0)
        data["steps-TOTAL_FORMS"] = str(min(total + more, MOST_STEPS))
    return kind(data, initial=rows, prefix="steps", **kwargs)


class StepMoveForm(forms.Form):
    """Asks for what the verb asks (`StepMove.asks`)."""

    month = forms.ChoiceField(label=gettext_lazy("new month"), required=False)
    session = forms.ModelChoiceField(
        Session.objects.none(),
        label=gettext_lazy("record of it"),
        required=False,
        empty_label=gettext_lazy("no record"),
        help_text=gettext_lazy("Optional: a step is done without a record as well."),
    )
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, required=False)
    client_key = ClientKeyField()

    def __init__(
        self, *args: Any, step: PlanStep, verb: str, months: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        asked = STEP_MOVES[verb]
        for name in ("month", "session", "reason"):
            if name not in asked.asks:
                del self.fields[name]
            elif name in asked.needs:
                self.fields[name].required = True
        if "month" in self.fields:
            month: Any = self.fields["month"]
            later = [value for value in months if value != step.month]
            month.choices = [("", _("choose a month")), *months_offered(later)]
        if "session" in self.fields:
            session: Any = self.fields["session"]
            session.queryset = Session.objects.filter(pairing=step.plan.pairing_id).order_by(
                "-happened_on", "-pk"
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, Submit("submit", asked.label))


class TemplateForm(forms.ModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = ClientKeyField()

    class Meta:
        model = PlanTemplate
        fields = ["unit", "title", "mentee_category", "goals"]

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
        self.helper.layout = Layout(
            "seen", "client_key", *(["unit"] if is_new else []), "title", "mentee_category",
            Field("goals", rows=4),
        )  # fmt: skip
