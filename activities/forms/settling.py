"""未了事项 in the form of a visit: what earlier visits left open, to be ticked off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activities.forms.shared import NO_NAMES, watch
from activities.matters import MOST_LINES, offered
from activities.models import OpenMatter
from core.fields import ClientKeyField
from pairings.models import Pairing

LONGEST: Any = OpenMatter._meta.get_field("text").max_length
NOTE: Any = OpenMatter._meta.get_field("closed_note").max_length
SETTLE = HTML("{% include 'activities/_settle.html' %}")


class LinesField(forms.CharField):
    """One matter a line; cleans to the lines that say something."""

    def __init__(self, **kwargs: Any) -> None:
        lines = forms.Textarea(attrs={"rows": 2})
        super().__init__(required=False, widget=lines, max_length=5000, **kwargs)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("No more than %(n)s lines.") % {"n": MOST_LINES})
        if any(len(line) > LONGEST for line in lines):
            raise ValidationError(
                _("No line may have more than %(n)s characters.") % {"n": LONGEST}
            )
        return lines


class LeavesOpen(forms.Form):
    """What a visit leaves open."""

    left_open = LinesField(
        label=gettext_lazy("left open"),
        help_text=gettext_lazy(
            "one matter a line; it comes up again in the form of the next visit"
        ),
    )


class Settles(forms.Form):
    """A form with the open matters of a pair, each with a tick and what became of it."""

    user: User
    needs_notes = False

    def offer_matters(self, pairing: Pairing) -> None:
        """Adds the fields, also of what was ticked here and is settled meanwhile."""
        ticked = [
            name.removeprefix("settled_") for name in self.data if name.startswith("settled_")
        ]
        self.offered: Sequence[OpenMatter] = offered(pairing, ticked)
        for matter in self.offered:
            self.fields[f"settled_{matter.pk}"] = forms.BooleanField(
                label=matter.text, required=False
            )
            note = forms.CharField(
                label=gettext_lazy("what became of it"),
                required=False,
                max_length=NOTE,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )
            self.fields[f"note_{matter.pk}"] = note
            watch(self, [f"note_{matter.pk}"])

    @property
    def matters(self) -> list[tuple[OpenMatter, Any, Any]]:
        """Each with its two fields, for the page."""
        return [
            (matter, self[f"settled_{matter.pk}"], self[f"note_{matter.pk}"])
            for matter in self.offered
        ]

    @property
    def settled(self) -> dict[OpenMatter, str]:
        """The ticked ones with what became of them."""
        given = self.cleaned_data
        return {
            matter: given[f"note_{matter.pk}"].strip()
            for matter in self.offered
            if given.get(f"settled_{matter.pk}")
        }

    def check_settled(self, day: dt.date | None) -> None:
        """Beside each ticked matter, why it cannot be settled on that day."""
        key = self.cleaned_data.get("client_key")
        for matter in self.offered:
            note = f"note_{matter.pk}"
            if not self.cleaned_data.get(f"settled_{matter.pk}") or note in self.errors:
                continue
            if not matter.is_open and not matter.was_closed_with(key, self.user):
                closed = {"day": f"{matter.closed_on:%Y-%m-%d}"}
                self.add_error(note, _("Settled by somebody else, on %(day)s.") % closed)
            elif day and day < matter.raised_on:
                raised = {"day": f"{matter.raised_on:%Y-%m-%d}"}
                self.add_error(note, _("It was left open on %(day)s, after this visit.") % raised)
            elif self.needs_notes and not self.cleaned_data[note].strip():
                self.add_error(note, _("Say what became of it."))

    def say_settled(self, matter: OpenMatter) -> None:
        """Somebody was quicker, after the form had been looked through."""
        self.add_error(f"note_{matter.pk}", _("Settled by somebody else in between."))


class CloseForm(forms.Form):
    """Closing a matter by hand: what became of it."""

    note = forms.CharField(
        label=gettext_lazy("what became of it"),
        max_length=NOTE,
        widget=forms.Textarea,
        help_text=NO_NAMES,
    )
    client_key = ClientKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "client_key", Field("note", rows=3), Submit("submit", _("Mark as settled"))
        )
        watch(self, ["note"])
