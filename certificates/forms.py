from __future__ import annotations

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate, CertificateQuerySet

QUIET = "btn-outline-secondary mb-3 w-100"


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("reason for voiding"),
        max_length=Certificate._meta.get_field("void_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Seen by the office only, never on the public page."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        # Submit would be painted as the main button, which voiding is not.
        self.helper.layout = Layout(
            "reason", StrictButton(_("Declare void"), type="submit", css_class="btn-danger")
        )


class FilterForm(forms.Form):
    """The list's search; every field may be empty, and an odd value filters nothing."""

    q = forms.CharField(label=_("serial number or name"), required=False, max_length=60)
    year = forms.TypedChoiceField(label=_("year"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label=_("certificate state"),
        required=False,
        choices=[("", _("all certificates")), ("valid", _("valid")), ("void", _("void"))],
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("all years")), *((year, year) for year in years)]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("q", css_class="col-12 col-sm"),
                Column("year", css_class="col-6 col-sm-auto"),
                Column("state", css_class="col-6 col-sm-auto"),
                Column(
                    StrictButton(_("Search"), type="submit", css_class=QUIET),
                    css_class="col-12 col-sm-auto align-self-end",
                ),
                css_class="g-2",
            )
        )

    def narrow(self, rows: CertificateQuerySet) -> CertificateQuerySet:
        self.is_valid()
        wanted = self.cleaned_data
        if year := wanted.get("year"):
            rows = rows.filter(year=year)
        if wanted.get("state") == "valid":
            rows = rows.valid()
        elif wanted.get("state") == "void":
            rows = rows.void()
        return rows.search(wanted.get("q", ""))
