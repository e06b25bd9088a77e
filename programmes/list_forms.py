"""The forms of the list of a programme; what they lead to stands in `programmes.listing`."""

from __future__ import annotations

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Layout, Row, Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cadres.models import Cadre, MenteeQuerySet
from core.picking import PickField, offer
from core.problems import Problem
from mentors.models import Mentor
from pairings.forms import MentorPickField
from pairings.states import Role
from programmes.checking import by_name, without_mentor
from programmes.listing import Couple
from programmes.models import PlannedPair, Programme
from programmes.models.planned import ROLES
from units.models import Unit
from units.picking import UnitField

SHOWN = 100  # people of one form
ALL, OPEN, WARNED = "", "open", "warned"


def mentor_field(user: User, **kwargs: Any) -> MentorPickField:
    rows = Mentor.objects.visible_to(user).select_related("cadre__unit", "unit")
    return MentorPickField(rows, url_name="mentors:options", **kwargs)


def mentee_field(user: User, programme: Programme, **kwargs: Any) -> PickField:
    """Anybody of the programme's subtree, on the register of mentees or not."""
    rows = Cadre.objects.visible_to(user).filter(programme.unit.rows_q())
    return PickField(rows.select_related("unit"), url_name="cadres:options", **kwargs)


class ListFilterForm(forms.Form):
    """What the list is narrowed by; what cannot be read narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Name or pinyin"), max_length=50, required=False, strip=True
    )
    show = forms.ChoiceField(
        label=gettext_lazy("rows to show"),
        choices=[
            (ALL, gettext_lazy("all rows")),
            (OPEN, gettext_lazy("rows that are not settled")),
            (WARNED, gettext_lazy("rows with a remark")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("q", css_class="col-6 col-md-3"),
                Column("show", css_class="col-6 col-md-3"),
                Column(
                    StrictButton(_("Filter"), type="submit", css_class="btn-outline-secondary"),
                    css_class="col-12 col-md-auto",
                ),
                css_class="g-2 pairing-filters",
            )
        )

    @property
    def given(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

    @property
    def is_narrowing(self) -> bool:
        return any(self.given.values())


class PeopleForm(forms.Form):
    """Which mentees the form offers: those of the programme who have no lead mentor."""

    unit = UnitField(label=gettext_lazy("unit"), required=False)
    q = forms.CharField(label=gettext_lazy("Name or pinyin"), required=False, max_length=50)

    def __init__(self, *args: Any, programme: Programme, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        units = Unit.objects.visible_to(user).filter(path__startswith=programme.unit.path)
        offer(self, "unit", units)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "filters"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("unit", css_class="col-12 col-sm-5"),
                Column("q", css_class="col-12 col-sm-4"),
                Column(
                    HTML('{% include "pairings/_mentee_people.html" %}'),
                    css_class="col-12 col-sm-3 find",
                ),
            )
        )

    def found(self) -> MenteeQuerySet:
        self.is_valid()
        given = self.cleaned_data
        rows = without_mentor(self.programme)
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q("cadre__"))
        return by_name(rows.search(given.get("q", "")))


class _Listing(forms.Form):
    """Shows what was refused beside the field that it is about."""

    def show(self, problems: list[Problem]) -> None:
        for problem in problems:
            self.add_error(
                problem.field if problem.field in self.fields else None, problem.sentence
            )


class MenteesForm(_Listing):
    """One mentor, several mentees in one go."""

    role = forms.ChoiceField(label=gettext_lazy("role of the mentor"), choices=ROLES)
    mentees = forms.ModelMultipleChoiceField(
        Cadre.objects.none(),
        label=gettext_lazy("mentees without a lead mentor"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, programme: Programme, user: User, shown: list[Cadre], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"] = mentor_field(user, label=gettext_lazy("mentor"))
        # All of the subtree may be sent: the page may have offered others before.
        people = Cadre.objects.visible_to(user).filter(programme.unit.rows_q())
        offer(self, "mentees", people.select_related("unit"))
        self.fields["mentees"].choices = [  # type: ignore[attr-defined]
            (cadre.pk, f"{cadre.name} · {cadre.told_apart}") for cadre in shown
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("mentor", css_class="col-sm-8"), Column("role", css_class="col-sm-4")),
            Field("mentees", wrapper_class="picks"),
            Submit("submit", _("Add to the list")),
        )

    @property
    def couples(self) -> list[Couple]:
        given = self.cleaned_data
        role = Role(given["role"])
        return [Couple(given["mentor"], mentee, role) for mentee in given["mentees"]]

    def show(self, problems: list[Problem]) -> None:
        for problem in problems:
            self.add_error("mentees", problem.sentence)


class MentorsForm(_Listing):
    """One mentee, a mentor for each role."""

    def __init__(self, *args: Any, programme: Programme, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentee"] = mentee_field(user, programme, label=gettext_lazy("mentee"))
        for role, label in ROLES:
            self.fields[role] = mentor_field(user, label=label, required=False)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "mentee", *(role for role, _label in ROLES), Submit("submit", _("Add to the list"))
        )

    @property
    def couples(self) -> list[Couple]:
        given = self.cleaned_data
        return [
            Couple(given[role], given["mentee"], Role(role)) for role, _l in ROLES if given[role]
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        chosen = [given[role] for role, _label in ROLES if given.get(role)]
        if not chosen and not self.errors:
            self.add_error(Role.LEAD, _("Choose at least one mentor."))
        if len({mentor.pk for mentor in chosen}) < len(chosen):
            self.add_error(None, _("The same mentor was chosen for two roles."))
        return given


class RowForm(_Listing):
    """Another mentor or another role for the mentee of a row."""

    role = forms.ChoiceField(label=gettext_lazy("role of the mentor"), choices=ROLES)

    def __init__(self, *args: Any, row: PlannedPair, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"mentor": row.mentor_id, "role": row.role}
        super().__init__(*args, **kwargs)
        self.fields["mentor"] = mentor_field(user, label=gettext_lazy("mentor"))
        # Who stands there may be a mentor whom a higher office chose.
        offer(self, "mentor", self._rows(row, user))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("mentor", "role", Submit("submit", _("Save")))

    @staticmethod
    def _rows(row: PlannedPair, user: User) -> QuerySet[Mentor]:
        seen = Mentor.objects.visible_to(user).values("pk")
        rows = Mentor.objects.filter(pk__in=seen) | Mentor.objects.filter(pk=row.mentor_id)
        return rows.select_related("cadre__unit", "unit")


class WaiveForm(forms.Form):
    waiver = forms.CharField(
        label=gettext_lazy("Why it is allowed"),
        max_length=150,
        help_text=gettext_lazy("Kept in the pair's file together with your name."),
    )

    def __init__(self, *args: Any, row: PlannedPair, **kwargs: Any) -> None:
        kwargs["initial"] = {"waiver": row.waiver}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("waiver", Submit("submit", _("Allow it")))


class ReasonForm(forms.Form):
    """Why the two of a row are not to be paired."""

    reason = forms.CharField(label=gettext_lazy("reason"), max_length=150)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "reason",
            Submit("submit", _("Never these two"), css_class="btn-outline-danger"),
        )


class ForbidForm(forms.Form):
    """Two who are not to be paired in this programme, whether they are on the list or not."""

    reason = forms.CharField(label=gettext_lazy("reason"), max_length=150)

    def __init__(self, *args: Any, programme: Programme, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"] = mentor_field(user, label=gettext_lazy("mentor"))
        self.fields["mentee"] = mentee_field(user, programme, label=gettext_lazy("mentee"))
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("mentor", css_class="col-sm-6"), Column("mentee", css_class="col-sm-6")),
            "reason",
            Submit("submit", _("Note it")),
        )
