"""The forms of an assignment: set, handed in, reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activities.fields import FilesField
from activities.forms.shared import NO_NAMES, RecordForm, WithFiles, area, watch
from activities.models import Assignment, AssignmentTemplate, Submission
from core.fields import ClientKeyField
from pairings.models import Pairing


class AssignmentForm(RecordForm):
    """The task, the day, and for whom; `fixed` is the pair of the page, `offered` are others.

    `initial` fills an unbound form with what was typed before a template was chosen.
    """

    day_field = "due_on"
    # Fills in the fields below it and decides nothing, so that one withdrawn meanwhile spoils
    # no form.
    template = forms.CharField(label=gettext_lazy("from a template"), required=False)
    pairs = forms.TypedMultipleChoiceField(
        label=gettext_lazy("for whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose one mentee at least."),
            "invalid_choice": gettext_lazy(
                "Nothing was saved: not all of those chosen take assignments now. Choose again."
            ),
        },
    )
    client_key = ClientKeyField()

    class Meta:
        model = Assignment
        fields = ["title", "body", "due_on"]

    def __init__(
        self,
        *args: Any,
        fixed: Pairing | None = None,
        offered: Sequence[Pairing] = (),
        templates: Sequence[AssignmentTemplate] = (),
        **kwargs: Any,
    ) -> None:
        self.fixed, self.offered, self.templates = fixed, offered, templates
        self.is_template_gone = False
        super().__init__(*args, **kwargs)

    def layout(self) -> Layout:
        self._offer_pairs()
        self._offer_templates()
        button = HTML("{% include 'activities/_fill_in.html' %}") if self.templates else None
        parts = ["client_key", *(["template", button] if button else []), self.task()]
        pairs = [Div("pairs", css_class="big-check")] if "pairs" in self.fields else []
        return Layout(*parts, *pairs)

    def task(self) -> Div:
        """The part of the page that a template fills in."""
        note = HTML("{% include 'activities/_template_note.html' %}")
        return Div(note, "title", area("body", 5), "due_on", css_id="task")

    @property
    def part_helper(self) -> FormHelper:
        """Draws the task alone, for the page that has all the rest."""
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf = False, True
        helper.layout = Layout(self.task())
        return helper

    def _offer_pairs(self) -> None:
        if self.fixed and not self.offered:
            del self.fields["pairs"]
            return
        pairs: Any = self.fields["pairs"]
        found = {str(pairing.pk): pairing for pairing in self.offered}
        pairs.coerce = found.__getitem__
        pairs.choices = [
            (pk, f"{pairing.mentee.name} · {pairing.mentee.told_apart}")
            for pk, pairing in found.items()
        ]
        if self.fixed:
            pairs.label, pairs.required = gettext_lazy("the same for others as well"), False
        elif len(found) == 1:
            pairs.initial = list(found)

    def _offer_templates(self) -> None:
        if not self.templates:
            del self.fields["template"]
            return
        choices: list[tuple[str, Any]] = [("", gettext_lazy("no template"))]
        choices += [(str(one.pk), f"{one.title} · {one.unit.name}") for one in self.templates]
        # Without scripts the button beside it fills the task in.
        asks = {"hx-post": "", "hx-trigger": "change", "hx-vals": '{"step": "template"}'}
        asks |= {"hx-target": "#task", "hx-swap": "outerHTML"}
        self.fields["template"].widget = forms.Select(attrs=asks, choices=choices)

    def chosen(self) -> list[Pairing]:
        """Of a valid form: the pairs for which it is set, the page's own first."""
        fixed = [self.fixed] if self.fixed else []
        return [*fixed, *self.cleaned_data.get("pairs", [])]

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
        watch(self, ["text"])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("client_key", area("text", 6), "uploads")

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
        # Several may stand on one page, and each label points to its own field.
        seen = self.data.get("seen") or self.initial.get("seen") or ""
        self.auto_id = f"id_%s_{seen}" if seen else "id_%s"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("client_key", "seen", area("comment", 4))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.data.get("verb") == "give_back" and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say what is still to be done."))
        return cleaned
