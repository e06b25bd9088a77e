"""The forms that make pairs: what speaks against one is asked of `registering`, and shown here."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cadres.models import Cadre, MenteeCategory
from core.fields import ClientKeyField, DayField
from core.months import end_of_term
from core.picking import PickManyField
from core.problems import Problem, Severity, unsettled
from mentors.models import Mentor
from pairings.circumstances import Couple
from pairings.forms import DayInput, MentorPickField
from pairings.models import Method, Policy
from pairings.problems import NOT_ENTERED
from pairings.states import Role

MOST = 20  # mentees that one form registers with a mentor
# A substitute is named in the file of the pair whose mentor is away.
ROLES = [(role.value, role.label) for role in Role if role != Role.SUBSTITUTE]


class ProblemForm(forms.Form):
    """A form that is sent again: with a reason for what may be waived, the warnings read."""

    waive = forms.BooleanField(label=gettext_lazy("Allow it all the same"), required=False)
    waiver = forms.CharField(
        label=gettext_lazy("Why it is allowed"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Kept in the pair's file together with your name."),
    )
    read = forms.CharField(widget=forms.HiddenInput, required=False)
    client_key = ClientKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[Problem] = []

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("waive") and not given.get("waiver", "").strip():
            self.add_error("waiver", _("Say why: the reason is kept in the pair's file."))
        return given

    @property
    def settled(self) -> dict[str, Any]:
        """The waiver and the warnings read, as `registering` asks for them."""
        given = self.cleaned_data
        return {
            "waiver": given["waiver"].strip() if given["waive"] else "",
            "read": given["read"].split(","),
        }

    def show(self, problems: list[Problem]) -> None:
        """Keep everything typed, and say what speaks against the pair beside its field."""
        waiver, read = self.settled["waiver"], self.settled["read"]
        for problem in unsettled(problems, waiver=waiver, read=read):
            if problem.severity == Severity.BLOCKER:
                field = problem.field if problem.field in self.fields else None
                self.add_error(field, problem.sentence)
        self.problems = [row for row in problems if row.severity != Severity.BLOCKER]
        # Sent again as they stand, the warnings have been read.
        warnings = [row.code for row in problems if row.severity == Severity.WARNING]
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["read"] = ",".join(warnings)  # type: ignore[index]

    @property
    def asks_waiver(self) -> bool:
        return bool(self.data.get("waive")) or any(
            problem.severity == Severity.WAIVABLE for problem in self.problems
        )

    def last_lines(self, label: str, *more: str) -> list[Any]:
        """The problems, the waiver where one is asked for, and the button."""
        return [
            HTML("{% include 'pairings/_problems.html' %}"),
            *more,
            Div("waive", "waiver", css_class="waiver") if self.asks_waiver else Div(),
            "read",
            "client_key",
            Submit(
                "submit",
                _("Register all the same") if self.problems else label,
                css_class="btn-primary",
            ),
        ]


class PairingForm(ProblemForm):
    """Registers a mentor's pairs, one for each mentee chosen."""

    role = forms.ChoiceField(
        label=gettext_lazy("role of the mentor"), choices=ROLES, required=False
    )
    term_months = forms.IntegerField(
        label=gettext_lazy("term in months"), min_value=1, max_value=120, required=False
    )
    from_on = DayField(label=gettext_lazy("begins"), widget=DayInput)
    to_on = DayField(
        label=gettext_lazy("or its last day"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("When both are filled in, the last day counts."),
    )
    method = forms.ChoiceField(label=gettext_lazy("formed by"), choices=Method)
    category = forms.ModelChoiceField(
        MenteeCategory.objects.filter(is_active=True),
        label=gettext_lazy("Enter in the register of mentees, in the category"),
        required=False,
        empty_label=gettext_lazy("not now"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mentors = Mentor.objects.visible_to(user).select_related("cadre__unit", "unit")
        cadres = Cadre.objects.visible_to(user).select_related("unit")
        self.fields["mentor"] = MentorPickField(
            mentors, url_name="mentors:options", label=gettext_lazy("mentor")
        )
        self.fields["mentee"] = PickManyField(
            cadres,
            url_name="cadres:options",
            label=gettext_lazy("mentee"),
            help_text=gettext_lazy("Several people may be chosen: each gets a pair."),
        )
        self.fields["term_months"].help_text = self._about_the_term(user)
        self.fields["from_on"].initial = timezone.localdate
        self.fields["method"].initial = Method.ASSIGNED

    @staticmethod
    def _about_the_term(user: User) -> str:
        """What an empty field means, with the document that says so."""
        unit = next(grant.unit for grant in user.live_grants)
        policy = Policy.in_force(unit, timezone.localdate())
        text = _("Empty: as the mentee's unit has it, at %(unit)s %(months)d months (%(basis)s).")
        return text % {"unit": unit, "months": policy.term_months, "basis": policy.basis}

    def clean_mentee(self) -> list[Cadre]:
        people = list(self.cleaned_data["mentee"])
        if len(people) > MOST:
            raise forms.ValidationError(_("Choose %(most)d people at most.") % {"most": MOST})
        return people

    def clean_role(self) -> str:
        return self.cleaned_data["role"] or Role.LEAD

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        from_on, to_on = given.get("from_on"), given.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", _("The last day lies before the first."))
        return given

    @property
    def chosen_mentee(self) -> str:
        """Whom the page was opened for, when it is one person."""
        chosen = self.initial.get("mentee", [])
        return chosen[0] if len(chosen) == 1 else ""

    @property
    def couples(self) -> list[Couple]:
        """The pairs that are asked for, each with the term of the mentee's unit."""
        given = self.cleaned_data
        from_on, months = given["from_on"], given["term_months"]
        found = []
        for mentee in given["mentee"]:
            to_on = given["to_on"]
            if to_on is None:
                term = months or Policy.in_force(mentee.unit, from_on).term_months
                to_on = end_of_term(from_on, term)
            found.append(Couple(given["mentor"], mentee, from_on, to_on, given["role"]))
        return found

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        enters = bool(self.data.get("category")) or any(
            problem.code.startswith(NOT_ENTERED) for problem in self.problems
        )
        helper.layout = Layout(
            "mentor",
            "mentee",
            Row(
                Column("role", css_class="col-sm-6"),
                Column("method", css_class="col-sm-6"),
            ),
            Row(
                Column("from_on", css_class="col-sm-4"),
                Column("term_months", css_class="col-sm-4"),
                Column("to_on", css_class="col-sm-4"),
            ),
            *self.last_lines(_("Register the pair"), *(["category"] if enters else [])),
        )
        return helper
