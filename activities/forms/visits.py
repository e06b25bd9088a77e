"""The form of a visit, and that of several visits of one day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activities.entering import room_left
from activities.fields import Choices, FilesField, PlaceField
from activities.forms.settling import SETTLE, LeavesOpen, Settles
from activities.forms.shared import (
    NO_NAMES,
    PHOTOS,
    DayInput,
    RecordForm,
    area,
    day_of,
    days_of,
    no_room,
    watch,
)
from activities.models import Visit
from core.fields import ClientKeyField
from pairings.models import Pairing
from units.models import Unit

SPARE = 3  # empty rows of a new page; without scripts so many more at once
MOST = 12  # of one day; households of a village are one visit with their number


class OneVisit(LeavesOpen, RecordForm):
    """What is asked of each visit, alone or among those of a day."""

    place = PlaceField(label=gettext_lazy("place visited"), required=False)
    uploads = FilesField(label=gettext_lazy("photos"), pictures_only=True, help_text=PHOTOS)

    class Meta:
        model = Visit
        fields = [
            "place", "place_text", "visited", "people_count", "is_with_mentor", "asked", "done",
        ]  # fmt: skip
        widgets = {"visited": forms.RadioSelect}
        help_texts = {"asked": NO_NAMES, "done": NO_NAMES}

    def __init__(self, *args: Any, nearby: Sequence[Unit] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.offer(nearby)
        self.fields["place_text"].label = _("or in words")
        self.fields["place_text"].widget.attrs["placeholder"] = _("such as a firm or a spot")
        visited: Any = self.fields["visited"]
        visited.choices = [choice for choice in visited.choices if choice[0]]
        self.fields["people_count"].widget.attrs |= {"min": 1, "inputmode": "numeric"}
        watch(self, ["left_open"])

    def where(self) -> Row:
        return Row(
            Column("place", css_class="col-sm-6"), Column("place_text", css_class="col-sm-6")
        )

    def layout(self) -> Layout:
        return Layout(
            self.where(),
            Choices("visited"),
            "people_count",
            Div("is_with_mentor", css_class="big-check"),
            area("asked", 2),
            area("done", 2),
            "left_open",
            "uploads",
        )

    def clean_people_count(self) -> int:
        count: int = self.cleaned_data["people_count"]
        if count < 1:
            raise ValidationError(_("At least one."))
        return count


class VisitForm(Settles, OneVisit):
    client_key = ClientKeyField()

    class Meta(OneVisit.Meta):
        fields = ["happened_on", *OneVisit.Meta.fields]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_matters(self.instance.pairing)

    def layout(self) -> Layout:
        return Layout(
            "client_key",
            self.where(),
            Choices("visited"),
            Row(
                Column("people_count", css_class="col-6"),
                Column("happened_on", css_class="col-6"),
            ),
            Div("is_with_mentor", css_class="big-check"),
            SETTLE,
            area("asked"),
            area("done"),
            "left_open",
            "uploads",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.check_settled(cleaned.get("happened_on"))
        return cleaned


class DayForm(Settles):
    """The day that several visits share, and the matters settled on it."""

    # Which of the visits settled one is not asked, so its note has to say.
    needs_notes = True

    happened_on = forms.DateField(label=gettext_lazy("date"), initial=timezone.localdate)
    client_key = ClientKeyField()

    def __init__(self, *args: Any, pairing: Pairing, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairing, self.user = pairing, user
        self.fields["happened_on"].widget = DayInput(attrs=days_of(pairing))
        self.offer_matters(pairing)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("client_key", "happened_on", SETTLE)

    def clean_happened_on(self) -> Any:
        return day_of(self.pairing, self.cleaned_data["happened_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.check_settled(cleaned.get("happened_on"))
        return cleaned


class Visits(forms.BaseFormSet):
    """The visits of a day; rows that are left empty are none."""

    def __init__(
        self, data: Any = None, files: Any = None, *, pairing: Pairing, user: User, **kwargs: Any
    ) -> None:
        self.pairing, self.user = pairing, user
        super().__init__(data, files, prefix="visits", **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        given = super().get_form_kwargs(index)
        return {**given, "instance": Visit(pairing=self.pairing), "user": self.user}

    @property
    def filled(self) -> list[OneVisit]:
        return [row for row in self.forms if row.has_changed()]

    def clean(self) -> None:
        if any(self.errors):
            return
        if not self.filled:
            raise ValidationError(_("Write at least one visit."))
        files = [file for row in self.filled for file in row.cleaned_data["uploads"]]
        size = sum(len(file.content) for file in files)
        if size and size > (room := room_left(self.user)):
            raise no_room(room)

    def say_files_are_lost(self) -> None:
        for row in self.forms:
            row.say_files_are_lost()


def visit_rows(
    data: Any = None, files: Any = None, *, more: int = 0, rows: int = SPARE, **kwargs: Any
) -> Visits:
    """The rows of the page; `more` empty ones besides those that were sent."""
    kind: Any = forms.formset_factory(
        OneVisit, formset=Visits, extra=rows, max_num=MOST, absolute_max=MOST
    )
    if data is not None and more:
        data = data.copy()
        sent = str(data.get("visits-TOTAL_FORMS") or "")
        total = int(sent) if sent.isdecimal() else SPARE
        data["visits-TOTAL_FORMS"] = str(min(total + more, MOST))
    found: Visits = kind(data, files, **kwargs)
    return found
