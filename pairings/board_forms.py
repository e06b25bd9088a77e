"""The filters of the board of places; their state stands in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.picking import offer
from mentors.models import MentorCategory, MentorQuerySet, Strength
from pairings.board import names, with_room
from tables.as_of import DatedForm
from tables.sorting import Sort
from units.models import Unit
from units.picking import UnitField


def sorts(day: dt.date | None) -> dict[str, Sort]:
    """No order by free places: they are counted row by row, for the rows of a page alone."""
    return {
        "unit": Sort(_("unit"), ("unit__path", "pinyin", "id")),
        "name": Sort(_("name"), ("pinyin", "id")),
        "places": Sort(_("places"), (names(day).capacity, "pinyin", "id")),
    }


class BoardForm(DatedForm):
    """A value that cannot be read narrows nothing."""

    q = forms.CharField(
        label=_("name, unit or pinyin"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("name, unit or pinyin initials")}
        ),
    )
    unit = UnitField(label=_("unit"), required=False)
    category = forms.ModelChoiceField(
        MentorCategory.objects.all(),
        label=_("mentor category"),
        required=False,
        empty_label=_("any"),
    )
    strength = forms.ModelChoiceField(
        Strength.objects.all(), label=_("strength"), required=False, empty_label=_("any")
    )
    is_free = forms.BooleanField(label=_("with free places"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", Unit.objects.visible_to(user))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        find = StrictButton(_("Find"), type="submit", css_class="btn-outline-secondary w-100")
        self.helper.layout = Layout(
            Row(
                Column("q", css_class="col-12 col-lg-4"),
                Column("unit", css_class="col-12 col-lg-4"),
                Column("category", css_class="col-6 col-lg-4"),
                Column("strength", css_class="col-6 col-lg-4"),
                Column("as_of", css_class="col-6 col-lg-3"),
                Column("is_free", css_class="col-6 col-lg-3 board-free"),
                Column(find, css_class="col-12 col-lg-2 find"),
            )
        )

    def narrow(self, rows: MentorQuerySet) -> MentorQuerySet:
        """The mentors, given with their places, that fulfil every filter that could be read."""
        self.is_valid()
        given = self.cleaned_data
        rows = rows.search(given.get("q", ""))
        if unit := given.get("unit"):
            rows = rows.filter(unit.rows_q())
        if category := given.get("category"):
            rows = rows.filter(category=category)
        if strength := given.get("strength"):
            rows = rows.filter(strengths=strength)
        return rows.filter(with_room(self.day)) if given.get("is_free") else rows
