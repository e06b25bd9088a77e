"""Two records of one person side by side, made one, and that undone."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import UserRequest, coordinator
from accounts.models import User
from cadres import codes
from cadres.forms import CODED
from cadres.merging import FACTS, CannotMerge, blockers, kept_by, merge, undo
from cadres.models import Cadre, Merge
from cadres.pages import closed, form_page, governed
from core.fields import ClientKeyField
from core.months import dotted
from core.once import once
from core.picking import PickField, offer

BUTTON = HTML('{% include "cadres/_save.html" %}')


class ChooseForm(forms.Form):
    other = PickField(
        Cadre.objects.none(),
        url_name="cadres:options",
        label=gettext_lazy("second record of this person"),
    )

    def __init__(self, *args: Any, user: User, cadre: Cadre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "other", kept_by(user).exclude(pk=cadre.pk).select_related("unit"))
        self.helper = FormHelper()
        self.helper.layout = Layout("other", BUTTON)


class Line(NamedTuple):
    """One row of the comparison; `choice` where both records say something else."""

    label: str
    values: tuple[str, str]
    choice: forms.BoundField | None


class MergeForm(forms.Form):
    """Which record is kept, and whose value holds where the two differ."""

    reason = forms.CharField(label=gettext_lazy("reason for merging"), max_length=200)
    client_key = ClientKeyField()

    def __init__(self, *args: Any, one: Cadre, other: Cadre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = (one, other)
        labels = [(str(each.pk), f"{each.name} · {each.told_apart}") for each in self.pair]
        self.fields["keep"] = _choice(_("record to keep"), labels)
        for name in FACTS:
            values = [(str(each.pk), shown(each, name)) for each in self.pair]
            if all(value for _pk, value in values) and values[0][1] != values[1][1]:
                self.fields[name] = _choice(_label_of(name), values)
        self.helper = FormHelper()
        table = HTML('{% include "cadres/_compare.html" %}')
        self.helper.layout = Layout(table, "reason", "client_key", BUTTON)

    @property
    def lines(self) -> list[Line]:
        one, other = self.pair
        facts = [
            Line(
                _label_of(name),
                (shown(one, name), shown(other, name)),
                self[name] if name in self.fields else None,
            )
            for name in FACTS
        ]
        return [Line(_("record to keep"), ("", ""), self["keep"]), *facts, *self._others()]

    def _others(self) -> list[Line]:
        told = {
            _("unit"): [str(each.unit) for each in self.pair],
            _("post"): [each.post or "" for each in self.pair],
            _("ID number ends in"): [each.id_tail for each in self.pair],
            _("sign-in"): [each.user.username if each.user else "" for each in self.pair],
        }
        return [Line(label, (values[0], values[1]), None) for label, values in told.items()]

    def chosen(self) -> tuple[Cadre, Cadre, frozenset[str]]:
        """The record to keep, the second one, and the facts to take from the second one."""
        given = self.cleaned_data
        one, other = self.pair
        kept, absorbed = (one, other) if given["keep"] == str(one.pk) else (other, one)
        take = {name for name in FACTS if given.get(name) == str(absorbed.pk)}
        return kept, absorbed, frozenset(take)


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, initial=choices[0][0], widget=forms.RadioSelect
    )


def _label_of(name: str) -> str:
    return str(Cadre._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def shown(cadre: Cadre, name: str) -> str:
    """A fact in words; the phone masked, as everywhere."""
    if name in CODED:
        return codes.name(CODED[name], getattr(cadre, name))
    if name.endswith("_month"):
        return dotted(getattr(cadre, name))
    return cadre.masked_phone if name == "phone" else str(getattr(cadre, name))


@coordinator
def choose(request: UserRequest, pk: UUID) -> HttpResponse:
    cadre = governed(request, pk)
    form = ChooseForm(request.POST or None, user=request.user, cadre=cadre)
    if request.method == "POST" and form.is_valid():
        return redirect("cadres:merge", pk=pk, other_pk=form.cleaned_data["other"].pk)
    return form_page(request, form, _("Merge with a second record"), cadre, action=_("Compare"))


@coordinator
def compare(request: UserRequest, pk: UUID, other_pk: UUID) -> HttpResponse:
    if done := _made_before(request):
        return redirect("cadres:detail", pk=done.kept_id)
    one, other = _pair(request, pk, other_pk)
    form = MergeForm(request.POST or None, one=one, other=other)
    try:
        if found := blockers(one, other):
            raise CannotMerge(*found)
        if request.method == "POST" and form.is_valid():
            merged = _merged(request.user, form)
            messages.success(request, _("The two records are one now; this can be undone here."))
            return redirect("cadres:detail", pk=merged.kept_id)
    except CannotMerge as refusal:
        return closed(request, one, "\n".join(refusal.sentences))
    context = {"form": form, "cadre": one, "other": other, "action": _("Merge")}
    return render(request, "cadres/merge.html", context, status=422 if form.errors else 200)


@coordinator
def undo_merge(request: UserRequest, pk: UUID) -> HttpResponse:
    merged = get_object_or_404(Merge.objects.select_related("kept__unit", "absorbed__unit"), pk=pk)
    if not kept_by(request.user).filter(pk=merged.kept_id).exists():
        raise Http404
    if not request.user.governs(merged.absorbed.unit):
        raise PermissionDenied
    if request.method == "POST":
        try:
            undo(merged, by=request.user)
        except CannotMerge as refusal:
            return closed(request, merged.kept, "\n".join(refusal.sentences))
        messages.success(request, _("The merge is undone; both records stand as before."))
        return redirect("cadres:detail", pk=merged.absorbed_id)
    return render(request, "cadres/undo_merge.html", {"merged": merged, "cadre": merged.kept})


def _made_before(request: UserRequest) -> Merge | None:
    """What this very form did when it was sent the first time."""
    try:
        key = UUID(request.POST.get("client_key", ""))
    except ValueError:
        return None
    return Merge.objects.filter(created_by=request.user, client_key=key).first()


def _merged(user: User, form: MergeForm) -> Merge:
    kept, absorbed, take = form.chosen()
    key, reason = form.cleaned_data["client_key"], form.cleaned_data["reason"]

    def make() -> Merge:
        return merge(kept, absorbed, take=take, reason=reason, by=user, key=key)

    return once(Merge, by=user, key=key, make=make)


def _pair(request: UserRequest, pk: UUID, other_pk: UUID) -> tuple[Cadre, Cadre]:
    """Both records, when the user coordinates the units of both."""
    rows = kept_by(request.user).with_post().for_detail().filter(pk__in=[pk, other_pk])
    by_pk = {row.pk: row for row in rows}
    if pk == other_pk or len(by_pk) != 2:
        raise Http404
    return by_pk[pk], by_pk[other_pk]
