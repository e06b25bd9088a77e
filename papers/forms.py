from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from activities.fields import FilesInput
from activities.files import MEGABYTE, PICTURES
from core.fields import ClientKeyField, MonthInput
from core.months import dotted, month_of, shift
from pairings.models import Pairing
from papers import codes, handing, placing, reading
from papers.printing import PAGES
from units.models import Unit
from units.picking import UnitField

_LEAST_PURPOSE = 6
_AHEAD = 12  # months
SHOWN = 10


class PaperField(forms.FileField):
    """Photos, scans and PDF; cleans to a list of handing.Handed.

    Not `required`: no form of the system insists on a photo. This one says so when sent empty.
    """

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"accept": f"{PICTURES},application/pdf", "multiple": True}
        super().__init__(required=False, widget=FilesInput(attrs=attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[handing.Handed]:
        chosen = [file for file in data or [] if file is not None]
        if not chosen:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(chosen) > handing.MAX_FILES:
            sentence = _("No more than %(most)d files at once; a PDF may have many pages.")
            raise ValidationError(sentence % {"most": handing.MAX_FILES})
        good, bad = [], []
        for upload in chosen:
            try:
                good.append(handing.looked_into(upload))
            except ValidationError as refusal:
                bad += refusal.messages
        if bad:
            raise ValidationError(bad)
        if sum(file.pages for file in good) > reading.MOST_PAGES:
            sentence = _("Together they have more than %(most)d pages: hand in fewer at once.")
            raise ValidationError(sentence % {"most": reading.MOST_PAGES})
        return good


class HandInForm(forms.Form):
    papers = PaperField(
        label=gettext_lazy("photos or scans"),
        help_text=gettext_lazy(
            "JPG or PNG up to 10 MB each, or a PDF of up to 200 pages and 100 MB. Pages may lie "
            "in any order and upside down."
        ),
    )
    client_key = ClientKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "papers", "client_key", Submit("submit", _("Hand in paper"), css_class="btn-primary")
        )

    def say_no_room(self, left: int) -> None:
        if not left:
            self.add_error("papers", _("Your room for pages of paper is used up."))
            return
        sentence = _(
            "Your room for pages of paper has %(left)d MB left; what waits to be read counts. "
            "Hand in fewer at once."
        )
        self.add_error("papers", sentence % {"left": left // MEGABYTE})

    def say_files_are_lost(self) -> None:
        """Browsers cannot fill in chosen files again: say so beside the field."""
        if any(self.files.getlist("papers")):
            self.add_error("papers", _("Nothing was saved yet. Please choose the files again."))


class MonthForm(forms.Form):
    """Which month is printed; an office says what for."""

    month = MonthInput(label=gettext_lazy("month"), max_length=20)
    purpose = forms.CharField(
        label=gettext_lazy("purpose"),
        min_length=_LEAST_PURPOSE,
        max_length=200,
        help_text=gettext_lazy("What the file is used for. It is kept on record with your name."),
    )

    def __init__(self, *args: Any, asks_purpose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].initial = month_of(timezone.localdate())
        self.fields["month"].widget.attrs |= {"inputmode": "decimal", "placeholder": "2026.03"}
        self.fields["purpose"].initial = _("For writing the month's record by hand")
        if not asks_purpose:
            del self.fields["purpose"]
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Download as PDF"), css_class="btn-primary"))

    def clean_month(self) -> str:
        month, today = self.cleaned_data["month"], month_of(timezone.localdate())
        if not shift(today, -10 * _AHEAD) <= month <= shift(today, _AHEAD):
            raise ValidationError(_("Choose a month of the last ten years or of the next one."))
        return str(month)


class UnitMonthForm(MonthForm):
    """The month pages of all running pairs of a unit with those below it."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, asks_purpose=True, **kwargs)
        units = Unit.objects.live().filter(user.units_q(roles=(Role.COORDINATOR,)))
        self.fields["unit"] = UnitField(units, label=gettext_lazy("unit"))
        grant = next(grant for grant in user.live_grants if grant.role == Role.COORDINATOR)
        self.fields["unit"].initial = grant.unit_id
        self.order_fields(["unit", "month", "purpose"])

    def say_too_many(self, pairs: int, most: int) -> None:
        sentence = _(
            "These are %(n)d pairs with %(pages)d pages; %(most)d pages are printed at once. "
            "Choose a unit below this one."
        )
        values = {"n": pairs, "pages": pairs * PAGES, "most": most}
        self.add_error("unit", sentence % values)


class AssignForm(forms.Form):
    """Whose page it is: the letters under its code, or a pair and a month."""

    code = forms.CharField(
        label=gettext_lazy("letters and digits under the code"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("If they can be read, nothing else needs to be filled in."),
    )
    pairing = forms.ModelChoiceField(
        Pairing.objects.none(),
        label=gettext_lazy("pairing"),
        widget=forms.RadioSelect,
        required=False,
        empty_label=None,
    )
    month = MonthInput(label=gettext_lazy("month"), max_length=20, required=False)

    page_no = 0

    def __init__(self, *args: Any, user: User, query: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pairing"]
        pairs = placing.pairs_of(user)
        field.queryset = pairs  # type: ignore[attr-defined]
        found = list(pairs.search(query).order_by("mentee__pinyin", "id")[:SHOWN])
        field.choices = [(pair.pk, self._named(pair)) for pair in found]  # type: ignore[attr-defined]
        if not found:
            field.help_text = _("Nothing found")
        elif len(found) == SHOWN:
            field.help_text = _("Search by name or unit for others.")
        self.fields["month"].widget.attrs |= {"inputmode": "decimal", "placeholder": "2026.03"}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "code", Div("pairing", css_class="big-check papers-choice"), "month"
        )

    @staticmethod
    def _named(pair: Pairing) -> str:
        return f"{pair} · {pair.unit} · {pair.from_on:%Y.%m}–"

    def clean_code(self) -> codes.Code | None:
        text = self.cleaned_data["code"]
        if not text.strip():
            return None
        try:
            return codes.read(text)
        except codes.Unreadable:
            raise ValidationError(
                _("No page has this code. Compare every letter, or choose the pair and the month.")
            ) from None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if code := given.get("code"):
            given["pairing"] = self.fields["pairing"].queryset.filter(pk=code.pairing).first()  # type: ignore[attr-defined]
            given["month"], self.page_no = code.month, code.page
            if given["pairing"] is None:
                self.add_error("code", _("This page is not yours to hand in."))
        elif "code" not in self.errors:
            for name in ("pairing", "month"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose the pair and the month."))
        self._look_at_month(given.get("month"), given.get("pairing"))
        return given

    def _look_at_month(self, month: str | None, pair: Pairing | None) -> None:
        if not month or pair is None:
            return
        first, last = month_of(pair.from_on), month_of(timezone.localdate())
        if not first <= month <= last:
            sentence = _("The pair began in %(month)s; months to come have no paper yet.")
            self.add_error("month", sentence % {"month": dotted(first)})


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Withdraw this page")))
