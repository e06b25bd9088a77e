from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes, InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Field, Layout, Row, Submit
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from cadres.models import Cadre
from core.fields import ClientKeyField, DayField
from core.months import end_of_term, month_of
from core.picking import PickField, offer
from core.problems import Problem, Severity
from mentors.models import Mentor, MentorCategory, MentorPolicy, Strength
from mentors.states import MOVES

BUTTON = HTML('{% include "mentors/_save.html" %}')
PROBLEMS = HTML('{% include "mentors/_problems.html" %}')
MAX_CAPACITY = 99
AT_ONCE, LATER = "appoint", "propose"


def day_field(**kwargs: Any) -> DayField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(widget=widget, **kwargs)


class Waived(forms.Form):
    """Shows what speaks against an appointment, and asks why it is made all the same."""

    waiver = forms.CharField(
        label=_("Why it is allowed all the same"),
        max_length=150,
        required=False,
        help_text=_("Kept in the mentor's file together with your name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[Problem] = []

    @property
    def asks_for_a_waiver(self) -> bool:
        given = bool(self.is_bound and self.data.get("waiver"))
        return given or any(row.severity == Severity.WAIVABLE for row in self.problems)

    def show(self, problems: list[Problem]) -> None:
        """Keep everything typed; blockers stand beside their field, the others are listed.

        Before anything was sent all of them are listed.
        """
        blockers = [row for row in problems if row.severity == Severity.BLOCKER]
        for problem in blockers if self.is_bound else []:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, problem.sentence)
        self.problems = [row for row in problems if not self.is_bound or row not in blockers]
        if self.is_bound and self.asks_for_a_waiver and not self.data.get("waiver", "").strip():
            self.add_error("waiver", _("Say why, or correct the record."))

    @property
    def waiver_row(self) -> Div:
        return Div("waiver", css_class="waiver") if self.asks_for_a_waiver else Div()


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
    strengths = forms.ModelMultipleChoiceField(
        Strength.objects.filter(is_active=True),
        label=_("strengths"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    rows = (
        Row(Column("category", css_class="col-sm-8"), Column("capacity", css_class="col-sm-4")),
        InlineCheckboxes("strengths"),
    )

    def __init__(self, *args: Any, mentor: Mentor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mentor:  # what was chosen before stays, even when it is no longer offered
            kept = Q(is_active=True) | Q(mentors=mentor)
            offer(self, "strengths", Strength.objects.filter(kept).distinct())
            offer(
                self,
                "category",
                MentorCategory.objects.filter(Q(is_active=True) | Q(pk=mentor.category_id)),
            )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.layout = Layout(*self.rows, BUTTON)
        return helper


class AppointForm(TermsForm, Waived):
    """A new mentor: appointed at once, or listed as a proposal."""

    cadre = PickField(Cadre.objects.none(), url_name="cadres:options", label=_("cadre"))
    how = forms.ChoiceField(
        label=_("what is entered"),
        choices=[
            (AT_ONCE, _("an appointment that is made")),
            (LATER, _("a proposal, to be appointed later")),
        ],
        initial=AT_ONCE,
        required=False,
        widget=forms.RadioSelect,
    )
    from_on = day_field(label=_("from the day"), initial=timezone.localdate, required=False)
    term_to_on = day_field(
        label=_("term ends"),
        required=False,
        help_text=_("Empty: as the unit's rule has it, or without an agreed end."),
    )
    document = forms.CharField(label=_("document number"), max_length=100, required=False)
    client_key = ClientKeyField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        own = Cadre.objects.visible_to(user).filter(user.rows_q(roles=(Role.COORDINATOR,)))
        offer(self, "cadre", own.on_register().select_related("unit"))
        self._fill_in()

    def _fill_in(self) -> None:
        """What the rule says, as a start: of the person's unit, or else of the user's first."""
        chosen = self.chosen_before
        grants = [g.unit for g in self.user.live_grants if g.role == Role.COORDINATOR]
        unit = chosen.unit if chosen else grants[0]
        policy = MentorPolicy.in_force(unit, timezone.localdate())
        self.fields["capacity"].initial = policy.capacity
        if policy.term_months:
            text = _("Empty: as the unit's rule has it, at %(unit)s %(months)d months (%(basis)s).")
            self.fields["term_to_on"].help_text = text % {
                "unit": unit,
                "months": policy.term_months,
                "basis": policy.basis,
            }

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.layout = Layout(
            "cadre",
            *self.rows,
            InlineRadios("how"),
            Row(
                Column("from_on", css_class="col-sm-4"),
                Column("term_to_on", css_class="col-sm-4"),
                Column("document", css_class="col-sm-4"),
            ),
            PROBLEMS,
            self.waiver_row,
            "client_key",
            BUTTON,
        )
        return helper

    @property
    def chosen_before(self) -> Cadre | None:
        """The person whom another page led here with, while nothing has been sent."""
        field = self.fields["cadre"]
        if self.is_bound or not self.initial.get("cadre"):
            return None
        try:
            found: Cadre = field.clean(self.initial["cadre"])
        except forms.ValidationError:
            return None
        return found

    @property
    def is_at_once(self) -> bool:
        return self.cleaned_data.get("how") != LATER

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        cadre, on = given.get("cadre"), given.get("from_on")
        if on is None and self.is_at_once and "from_on" not in self.errors:
            self.add_error("from_on", _("Say from which day the appointment holds."))
        if cadre and on and self.is_at_once and month_of(on) < cadre.birth_month:
            self.add_error("from_on", _("That is before this person was born."))
        if on and given.get("term_to_on") and given["term_to_on"] < on:
            self.add_error("term_to_on", _("The last day lies before the first."))
        rows = Mentor.objects.filter(cadre=cadre, to_on=None) if cadre else Mentor.objects.none()
        if (key := given.get("client_key")) is not None:
            rows = rows.exclude(created_by=self.user, client_key=key)
        if rows.exists():
            self.add_error("cadre", _("This person is a mentor already."))
        return given


class MoveForm(Waived):
    """Asks for what the verb asks (`Move.asks`)."""

    on = day_field(label=_("with effect from"), initial=timezone.localdate)
    notice_to_on = day_field(label=_("last day of the notice"))
    term_to_on = day_field(label=_("term ends"))
    document = forms.CharField(label=_("document number"), max_length=100)
    reason = forms.CharField(
        label=_("remark"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, mentor: Mentor, verb: str, policy: MentorPolicy, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mentor, self.verb = mentor, verb
        asks, needs = MOVES[verb].asks, MOVES[verb].needs
        for name in ("on", "notice_to_on", "term_to_on", "document", "reason"):
            if name not in asks:
                del self.fields[name]
            else:
                self.fields[name].required = name in needs
        if verb != "appoint":
            del self.fields["waiver"]
        if "reason" in needs:
            self.fields["reason"].label = _("reason")
        if verb == "end":
            self.fields["on"].label = _("last day")
        self._fill_in(policy)

    def _fill_in(self, policy: MentorPolicy) -> None:
        """What the rule says, as a start; who knows better writes over it."""
        today = timezone.localdate()
        if self.verb == "publish" and policy.notice_days:
            last = today + dt.timedelta(days=policy.notice_days - 1)
            self.fields["notice_to_on"].initial = last
        if self.verb in {"appoint", "renew"} and policy.term_months:
            ended = self.mentor.term_to_on
            first = ended + dt.timedelta(days=1) if ended and self.verb == "renew" else today
            self.fields["term_to_on"].initial = end_of_term(first, policy.term_months)
        if self.verb == "appoint":
            self.fields["term_to_on"].help_text = _("Empty: without an agreed end.")

    @property
    def helper(self) -> FormHelper:
        move = MOVES[self.verb]
        look = "btn-danger" if move.is_weighty else "btn-primary"
        helper = FormHelper()
        helper.layout = Layout(
            *(Field(name) for name in move.asks),
            PROBLEMS,
            self.waiver_row if "waiver" in self.fields else Div(),
            Submit("submit", move.label, css_class=look),
        )
        return helper

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        earliest = self.mentor.earliest(self.verb)
        if self.verb not in {"publish", "appoint"} and day > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future."))
        if earliest is not None and day < earliest:
            raise forms.ValidationError(_("The appointment began later than that."))
        if month_of(day) < self.mentor.cadre.birth_month:
            raise forms.ValidationError(_("That is before this person was born."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first = given.get("on")
        if self.verb == "renew":
            first = self.mentor.term_to_on or self.mentor.from_on
            if first and given.get("term_to_on") == self.mentor.term_to_on:
                self.add_error("term_to_on", _("The new term ends later than the present one."))
        for name in ("notice_to_on", "term_to_on"):
            if first and given.get(name) and given[name] < first:
                self.add_error(name, _("The last day lies before the first."))
        return given


class PolicyForm(forms.ModelForm):
    """A new version of a unit's rule, from a day on; the versions before stay as they are."""

    client_key = ClientKeyField()

    # The numbers in the order of an appointment's life, with the least and most that make sense.
    BOUNDS = {
        "min_service_years": (1, 60), "max_age": (18, 120), "min_party_years": (1, 80),
        "notice_days": (1, 365), "term_months": (1, 240), "capacity": (1, MAX_CAPACITY),
        "expiring_days": (1, 365),
    }  # fmt: skip

    class Meta:
        model = MentorPolicy
        fields = [
            "from_on", "basis", "min_service_years", "max_age", "requires_party",
            "min_party_years", "requires_notice", "notice_days", "term_months", "capacity",
            "expiring_days",
        ]  # fmt: skip
        widgets = {"from_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, latest: MentorPolicy | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest
        for name, (least, most) in self.BOUNDS.items():
            self.fields[name].validators += [MinValueValidator(least), MaxValueValidator(most)]
            self.fields[name].widget.attrs |= {"min": least, "max": most, "inputmode": "numeric"}
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("from_on", css_class="col-sm-4"), Column("basis", css_class="col-sm-8")),
            Row(*(Column(name, css_class="col-6 col-md-4") for name in self.BOUNDS)),
            Div("requires_party", "requires_notice", css_class="big-check"),
            "client_key",
            Submit("submit", _("Put the new version in force"), css_class="btn-primary"),
        )

    def clean_from_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["from_on"]
        if self.latest and day <= self.latest.from_on:
            text = _("A version holds from %(day)s: a new one begins later.")
            raise forms.ValidationError(text % {"day": self.latest.from_on.isoformat()})
        return day
