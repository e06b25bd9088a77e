"""The form of a comment."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy

from activities.forms.shared import NO_NAMES, area, watch
from activities.models import Comment
from core.fields import ClientKeyField


class CommentForm(forms.ModelForm):
    client_key = ClientKeyField()

    class Meta:
        model = Comment
        fields = ["text"]
        labels = {"text": gettext_lazy("your comment")}
        help_texts = {"text": NO_NAMES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Its ids stand beside those of the page's other forms.
        kwargs.setdefault("auto_id", "comment_%s")
        super().__init__(*args, **kwargs)
        watch(self, Comment.free_text)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("client_key", area("text"))
