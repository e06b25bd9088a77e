"""The forms of an assignment: set, handed in, reviewed."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activities.fields import FilesField
from activities.forms.shared import NO_NAMES, RecordForm, WithFiles, area
from activities.models import Assignment, Submission
from core.fields import ClientKeyField


class AssignmentForm(RecordForm):
    day_field = "due_on"
    client_key = ClientKeyField()

    class Meta:
        model = Assignment
        fields = ["title", "body", "due_on"]

    def layout(self) -> Layout:
        return Layout("client_key", "title", area("body", 5), "due_on")

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
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("client_key", "seen", area("comment", 4))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.data.get("verb") == "give_back" and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say what is still to be done."))
        return cleaned
