"""The form of a session, which follows its method."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.entering import may_enter
from activities.fields import Choices, FilesField
from activities.forms.shared import NO_NAMES, PHOTOS, DayInput, RecordForm, area, watch
from activities.guiding import PAGE, Earlier, found, offered
from activities.methods import SHORT_FORMS, Method, short_form
from activities.models import Session
from core.fields import ClientKeyField


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
            area("content", 4),
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
                if is_shown:
                    watch(self, [name])
                else:
                    self._others.append(name)
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
