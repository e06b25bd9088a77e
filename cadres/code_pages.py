"""代码表: what the codes of the register mean, and which words an office's files use for them."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, coordinator
from accounts.models import Role, User
from cadres.models import Code, CodeAlias, CodeAliasEvent, CodeAliasVerb, Table
from core.fields import ClientKeyField
from core.once import once
from core.picking import offer
from units.models import Unit

SHOWN = 20  # events below a table


def own_offices(user: User) -> Any:
    """The units that this user coordinates themselves, not those below."""
    held = [grant.unit_id for grant in user.live_grants if grant.role == Role.COORDINATOR]
    return Unit.objects.filter(pk__in=held)


class WordForm(forms.ModelForm):
    """A word that the files of one's own office use for a code."""

    client_key = ClientKeyField()

    class Meta:
        model = CodeAlias
        fields = ["word", "code", "unit"]

    def __init__(self, *args: Any, user: User, table: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        code, unit = self.fields["code"], self.fields["unit"]
        offer(self, "code", Code.objects.filter(table=table))
        code.label = gettext_lazy("means")
        offer(self, "unit", own_offices(user))
        unit.required, unit.empty_label = True, None  # type: ignore[attr-defined]
        unit.label = gettext_lazy("in the files of")
        self.helper = FormHelper()
        self.helper.form_action = f"{reverse('cadres:codes')}?table={table}"
        self.helper.layout = Layout(
            Row(
                Column("word", css_class="col-sm-6 col-lg-3"),
                Column("code", css_class="col-sm-6 col-lg-4"),
                Column("unit", css_class="col-sm-6 col-lg-3"),
                Column(HTML('{% include "cadres/_add.html" %}'), css_class="col-lg-2 find"),
                css_class="filters",
            ),
            "client_key",
        )

    def _post_clean(self) -> None:
        # Sent again, the word is known because this very form has made it known.
        if not self._made_before():
            super()._post_clean()  # type: ignore[misc]

    def _made_before(self) -> CodeAlias | None:
        key = self.cleaned_data.get("client_key")
        made = CodeAlias.objects.filter(created_by=self.user, client_key=key)
        return made.select_related("code").first() if key else None

    def add(self) -> CodeAlias:
        """The word, once for a form; IntegrityError when another form was quicker."""
        word, key = self.instance, self.cleaned_data["client_key"]
        word.created_by, word.client_key = self.user, key
        return once(CodeAlias, by=self.user, key=key, make=self._noted)

    def _noted(self) -> CodeAlias:
        with transaction.atomic():
            word: CodeAlias = self.save()
            CodeAliasEvent.note(word, CodeAliasVerb.ADD, by=self.user)
        return word


@coordinator
def tables(request: UserRequest) -> HttpResponse:
    """One table with its words; a POST adds a word of one's own office."""
    table = request.GET.get("table", "")
    table = table if table in Table.values else Table.EDUCATION.value
    form = WordForm(request.POST or None, user=request.user, table=table)
    if request.method == "POST" and form.is_valid():
        try:
            word = form.add()
        except IntegrityError:
            form.add_error("word", _("This word has a meaning here already."))
        else:
            told = {"word": word, "name": word.code}
            messages.success(request, _("「%(word)s」 is read as 「%(name)s」 now.") % told)
            return redirect(f"{reverse('cadres:codes')}?table={table}")
    seen = CodeAlias.objects.visible_to(request.user).select_related("unit").order_by("pk")
    events = CodeAliasEvent.objects.visible_to(request.user).filter(code__table=table)
    context = {
        "form": form,
        "table": Table(table),
        "tables": Table,
        "codes": Code.objects.filter(table=table).prefetch_related(Prefetch("aliases", seen)),
        "events": events.select_related("code", "unit", "actor")[:SHOWN],
        "mine": set(own_offices(request.user).values_list("pk", flat=True)),
    }
    return render(request, "cadres/codes.html", context, status=422 if form.errors else 200)


@coordinator
@require_POST
def remove_word(request: UserRequest, pk: int) -> HttpResponse:
    """Files read from now on do not know the word; rows that were read stay as they are."""
    words = CodeAlias.objects.visible_to(request.user).select_related("unit", "code")
    word = get_object_or_404(words, pk=pk)
    if word.unit is None or not request.user.governs(word.unit):
        raise PermissionDenied
    with transaction.atomic():
        deleted, _rows = word.delete()
        if deleted:  # somebody else may have been quicker
            CodeAliasEvent.note(word, CodeAliasVerb.REMOVE, by=request.user)
    messages.success(request, _("「%(word)s」 is no longer read.") % {"word": word})
    return redirect(f"{reverse('cadres:codes')}?table={word.table}")
