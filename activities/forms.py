from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Field, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activities.entering import may_enter, room_left
from activities.fields import Choices, FilesField, PlaceField
from activities.guiding import PAGE, Earlier, found, offered
from activities.methods import SHORT_FORMS, Method, short_form
from activities.models import Assignment, Record, Session, Submission, Visit
from core.fields import ClientKeyField
from units.models import Unit

NO_NAMES = gettext_lazy(
    "Write no villager's name, phone or ID number; such numbers are masked when saved."
)
PHOTOS = gettext_lazy("optional, up to 9, 10 MB each; place and camera data are removed")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class WithFiles(forms.Form):
    """A form with an `uploads` field; chosen files must fit into the room that the author has."""

    user: User

    def clean_uploads(self) -> list[Any]:
        chosen = self.cleaned_data["uploads"]
        size = sum(len(file.content) for file in chosen)
        if size and size > (room := room_left(self.user)):
            sentence = _("Your 500 MB for files are used up but for %(room)s MB: choose fewer.")
            raise ValidationError(sentence % {"room": room // 1024 // 1024})
        return list(chosen)

    def say_files_are_lost(self) -> None:
        """Browsers cannot fill in chosen files again: say so beside the field."""
        if "uploads" in self.fields and self.files.getlist("uploads"):
            self.add_error("uploads", _("Nothing was saved yet. Please choose the files again."))


class RecordForm(forms.ModelForm, WithFiles):
    """What the three kinds of record share: the pairing is given, the day lies within its life."""

    day_field = "happened_on"

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = FormHelper()
        self.helper.form_tag = False
        day = self.fields[self.day_field]
        day.widget = DayInput(attrs=self.day_limits())
        self.helper.layout = self.layout()

    def day_limits(self) -> dict[str, str]:
        pairing = self.instance.pairing
        return {"min": f"{pairing.from_on}", "max": f"{timezone.localdate()}"}

    def layout(self) -> Layout:
        raise NotImplementedError

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        pairing = self.instance.pairing
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        if day < pairing.from_on:
            begun = {"day": f"{pairing.from_on:%Y-%m-%d}"}
            raise ValidationError(_("The pair began on %(day)s only.") % begun)
        return day


def _area(name: str, rows: int = 3) -> Field:
    return Field(name, rows=rows)


class VisitForm(RecordForm):
    place = PlaceField(label=gettext_lazy("place visited"), required=False)
    uploads = FilesField(label=gettext_lazy("photos"), pictures_only=True, help_text=PHOTOS)
    client_key = ClientKeyField()

    class Meta:
        model = Visit
        fields = [
            "happened_on", "place", "place_text", "visited", "people_count", "is_with_mentor",
            "asked", "done",
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

    def layout(self) -> Layout:
        return Layout(
            "client_key",
            Row(Column("place", css_class="col-sm-6"), Column("place_text", css_class="col-sm-6")),
            Choices("visited"),
            Row(
                Column("people_count", css_class="col-6"),
                Column("happened_on", css_class="col-6"),
            ),
            Div("is_with_mentor", css_class="big-check"),
            _area("asked"),
            _area("done"),
            "uploads",
        )

    def clean_people_count(self) -> int:
        count: int = self.cleaned_data["people_count"]
        if count < 1:
            raise ValidationError(_("At least one."))
        return count


class SessionForm(RecordForm):
    """A session with its method's short form; what was typed for another method stays, hidden."""

    due_on = forms.DateField(
        label=gettext_lazy("due date of the assignment"),
        required=False,
        help_text=gettext_lazy("with a day, the assignment is set at once; the mentee sees it"),
    )
    earlier = forms.Field(required=False)
    uploads = FilesField(label=gettext_lazy("photos"), pictures_only=True, help_text=PHOTOS)
    client_key = ClientKeyField()

    class Meta:
        model = Session
        fields = ["method", "topic", "content", "happened_on"]
        widgets = {"method": forms.RadioSelect}
        help_texts = {"content": NO_NAMES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method: Any = self.fields["method"]
        method.choices = [choice for choice in method.choices if choice[0]]

    def layout(self) -> Layout:
        self.short_form = short_form(self.typed("method"))
        self.fields["topic"].label = self.short_form.topic
        # Kept as it is while the form of another method comes in: somebody may be typing.
        self.fields["topic"].widget.attrs["hx-preserve"] = "true"
        self._add_parts()
        # Without scripts a button shows the form of the chosen method; with them the choice does.
        asks = {"hx-post": "", "hx-trigger": "change", "hx-vals": '{"step": "method"}'}
        asks |= {"hx-target": "#method-form", "hx-swap": "outerHTML"}
        return Layout(
            "client_key",
            Div(Choices("method"), **asks),
            HTML("{% include 'activities/_show_form.html' %}"),
            self.method_form(),
            _area("content", 4),
            "happened_on",
            "uploads",
        )

    def method_form(self) -> Div:
        """The part of the page that the choice of a method changes."""
        shown = [f"part_{part.name}" for part in self.short_form.parts]
        hidden = [name for name in self._others if self.typed(name)]
        return Div(
            "topic",
            *shown,
            *(["due_on"] if self.asks_due_on else []),
            *hidden,
            HTML("{% include 'activities/_earlier.html' %}"),
            css_id="method-form",
        )

    @property
    def part_helper(self) -> FormHelper:
        """Draws the method's part alone, for the page that has all the rest."""
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf = False, True
        helper.layout = Layout(self.method_form())
        return helper

    def typed(self, name: str) -> Any:
        return (self.data if self.is_bound else self.initial).get(name) or ""

    @property
    def is_review(self) -> bool:
        return bool(self.typed("method") == Method.REVIEW)

    @property
    def asks_due_on(self) -> bool:
        may_assign = may_enter("assignment", self.instance.pairing, self.user)
        return bool(self.typed("method") == Method.ASSIGNMENT and may_assign)

    def _add_parts(self) -> None:
        self._others = []
        for form in SHORT_FORMS.values():
            for part in form.parts:
                is_shown, name = form is self.short_form, f"part_{part.name}"
                lines = forms.Textarea(attrs={"rows": part.rows})
                self.fields[name] = forms.CharField(
                    label=part.label,
                    required=False,
                    max_length=part.length if is_shown else None,
                    widget=lines if is_shown else forms.HiddenInput,
                )
                self._others += [] if is_shown else [name]
        if self.asks_due_on:
            today = timezone.localdate()
            self.fields["due_on"].widget = DayInput(attrs={"min": f"{today}"})
        else:
            help_text = self.fields["due_on"].help_text
            self.fields["due_on"] = forms.CharField(
                required=False, widget=forms.HiddenInput, help_text=help_text
            )
            self._others.append("due_on")

    @cached_property
    def chosen(self) -> list[Earlier]:
        """The earlier records that are ticked, as far as they are open to the author."""
        data: Any = self.data
        given = data.getlist("earlier") if self.is_bound else self.typed("earlier")
        return found(self.instance.pairing, self.user, given or [])

    @cached_property
    def picker(self) -> dict[str, Any]:
        """Earlier records to tick: those ticked already, and a page of the others."""
        page = int(text) if (text := str(self.typed("page"))).isdecimal() else 0
        query = str(self.typed("find")).strip()[:60]
        page = min(page, 1000)
        rows = offered(self.instance.pairing, self.user, query=query, page=page)
        ticked = {row.value for row in self.chosen}
        return {
            "rows": [row for row in rows[:PAGE] if row.value not in ticked],
            "query": query,
            "page": page,
            "next": page + 1 if len(rows) > PAGE else None,
        }

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if not self.asks_due_on:
            return None
        if day and day < timezone.localdate():
            raise ValidationError(_("The due date has passed already."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        parts = [part.name for part in self.short_form.parts]
        self.instance.details = {name: cleaned.get(f"part_{name}") or "" for name in parts}
        return cleaned


class AssignmentForm(RecordForm):
    day_field = "due_on"
    client_key = ClientKeyField()

    class Meta:
        model = Assignment
        fields = ["title", "body", "due_on"]

    def layout(self) -> Layout:
        return Layout("client_key", "title", _area("body", 5), "due_on")

    def day_limits(self) -> dict[str, str]:
        return {"min": f"{timezone.localdate()}"}

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("The due date has passed already."))
        return day


class HandInForm(forms.ModelForm, WithFiles):
    uploads = FilesField(
        label=gettext_lazy("files"),
        help_text=gettext_lazy(
            "optional, up to 9, 10 MB each: pictures, PDF, Word, Excel, PowerPoint, WPS, text"
        ),
    )
    client_key = ClientKeyField()

    class Meta:
        model = Submission
        fields = ["text"]
        help_texts = {"text": NO_NAMES}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("client_key", _area("text", 6), "uploads")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["text"].strip() and not cleaned["uploads"]:
            self.add_error("text", _("Write what you did, or choose a file."))
        return cleaned


class ReviewForm(forms.Form):
    """A verdict with its comment; returning work without a word is no help, so it needs one."""

    comment = forms.CharField(
        label=gettext_lazy("comment"), required=False, widget=forms.Textarea, max_length=5000
    )
    # What the reviewer read: a newer handing-in is not judged unread.
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    client_key = ClientKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("client_key", "seen", _area("comment", 4))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.data.get("verb") == "give_back" and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say what is still to be done."))
        return cleaned


RECORD_FORMS: dict[type[Record], type[RecordForm]] = {
    Visit: VisitForm,
    Session: SessionForm,
    Assignment: AssignmentForm,
}
