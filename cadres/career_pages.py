"""Pages of a person's posts, and of coming back onto the register."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import UserRequest, coordinator
from accounts.models import User
from cadres.forms import BUTTON, not_later_than_today, own_units, past_day
from cadres.models import AlreadyLeft, Cadre, NotLeft, Posting
from cadres.pages import closed, form_page, governed
from cadres.posts import StalePost, add_post, correct_post, end_post, overlapping
from core.picking import offer
from core.text import squeeze
from units.picking import UnitField


class AddPostForm(forms.Form):
    unit = UnitField(label=gettext_lazy("unit"))
    title = forms.CharField(label=gettext_lazy("post"), max_length=200)
    from_on = past_day(
        label=gettext_lazy("from the day"),
        required=False,
        help_text=gettext_lazy("Leave it empty where it is not known; no day is made up."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", own_units(user))
        self.helper = FormHelper()
        self.helper.layout = Layout("unit", "title", "from_on", BUTTON)

    def clean_title(self) -> str:
        return squeeze(self.cleaned_data["title"])

    def clean_from_on(self) -> dt.date | None:
        day = self.cleaned_data["from_on"]
        return not_later_than_today(day) if day else None


class EndPostForm(forms.Form):
    on = past_day(label=gettext_lazy("last day"), initial=timezone.localdate)

    def __init__(self, *args: Any, post: Posting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        self.helper = FormHelper()
        self.helper.layout = Layout("on", BUTTON)

    def clean_on(self) -> dt.date:
        day = not_later_than_today(self.cleaned_data["on"])
        if self.post.from_on and day < self.post.from_on:
            raise forms.ValidationError(_("The post began later than that."))
        return day


class CorrectPostForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("post"), max_length=200, required=False)
    from_on = past_day(label=gettext_lazy("from the day"), required=False)
    to_on = past_day(label=gettext_lazy("last day"))

    def __init__(self, *args: Any, post: Posting, **kwargs: Any) -> None:
        kwargs["initial"] = {"title": post.title, "from_on": post.from_on, "to_on": post.to_on}
        super().__init__(*args, **kwargs)
        self.post = post
        if post.to_on is None:  # it ends by a move, by leaving or by its own verb
            del self.fields["to_on"]
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, BUTTON)

    def clean_title(self) -> str:
        return squeeze(self.cleaned_data["title"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        from_on, to_on = given.get("from_on"), given.get("to_on")
        for name, day in (("from_on", from_on), ("to_on", to_on)):
            if day and day > timezone.localdate():
                self.add_error(name, _("The day lies in the future."))
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", _("The post began later than that."))
        if not self.errors and (other := overlapping(self.post, from_on, to_on)):
            told = _("On these days the main post was: %(post)s.") % {"post": other}
            self.add_error(None, told)
        return given


class ReinstateForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("reason", BUTTON)


@coordinator
def add(request: UserRequest, pk: UUID) -> HttpResponse:
    cadre = governed(request, pk)
    form = AddPostForm(request.POST or None, user=request.user)
    try:
        if cadre.left_on:
            raise AlreadyLeft
        if request.method == "POST" and form.is_valid():
            add_post(cadre, **form.cleaned_data, by=request.user)
            messages.success(request, _("The additional post is entered."))
            return redirect("cadres:detail", pk=pk)
    except AlreadyLeft:
        return closed(request, cadre)
    return form_page(request, form, _("Add an additional post"), cadre)


@coordinator
def end(request: UserRequest, pk: UUID, post_pk: UUID) -> HttpResponse:
    cadre, post = _post(request, pk, post_pk)
    form = EndPostForm(request.POST or None, post=post)
    try:
        if post.to_on or post.is_main:
            raise StalePost
        if request.method == "POST" and form.is_valid():
            end_post(post, on=form.cleaned_data["on"], by=request.user)
            messages.success(request, _("The post is ended."))
            return redirect("cadres:detail", pk=pk)
    except StalePost:
        why = _("This post has ended already, or it is the main post: that ends by a move.")
        return closed(request, cadre, why)
    return form_page(request, form, _("End the post"), cadre, post=post)


@coordinator
def correct(request: UserRequest, pk: UUID, post_pk: UUID) -> HttpResponse:
    cadre, post = _post(request, pk, post_pk)
    form = CorrectPostForm(request.POST or None, post=post)
    if request.method == "POST" and form.is_valid():
        given = {"to_on": None, **form.cleaned_data}
        try:
            correct_post(post, **given, by=request.user)
        except StalePost:
            why = _("Somebody else has changed this post meanwhile. Look at it again.")
            return closed(request, cadre, why)
        messages.success(request, _("Saved."))
        return redirect("cadres:detail", pk=pk)
    return form_page(request, form, _("Correct the dates of a post"), cadre, post=post)


@coordinator
def reinstate(request: UserRequest, pk: UUID) -> HttpResponse:
    cadre = governed(request, pk)
    form = ReinstateForm(request.POST or None)
    try:
        if cadre.left_on is None:
            raise NotLeft
        if request.method == "POST" and form.is_valid():
            cadre.reinstate(reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("The person is on the register again."))
            return redirect("cadres:detail", pk=pk)
    except NotLeft:
        return closed(request, cadre, _("The person is on the register."))
    return form_page(request, form, _("Back onto the register"), cadre)


def _post(request: UserRequest, pk: UUID, post_pk: UUID) -> tuple[Cadre, Posting]:
    """A post of the person, kept by the office of the unit where it was held."""
    cadre = governed(request, pk)
    post = get_object_or_404(cadre.postings.select_related("unit", "cadre"), pk=post_pk)
    if not request.user.governs(post.unit):
        raise PermissionDenied
    return cadre, post
