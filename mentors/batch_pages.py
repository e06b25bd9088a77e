"""Upload, preview, confirm: the pages of an uploaded roster, the same for each kind."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import UserRequest
from accounts.models import User
from cadres.reading import MAX_BYTES, Unreadable
from mentors import batches
from mentors.models import RosterBatch
from mentors.reports import Importer, Report

SHOWN = 200  # errors on a page, and rows of the preview


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("roster file"),
        help_text=gettext_lazy("Excel or WPS (.xlsx, .xls) or CSV, up to 20 MB and 20,000 rows"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.et,.csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("file")
        self.helper.add_input(Submit("submit", _("Upload and check"), css_class="btn-primary"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Split it up."))
        return file


def _form(request: UserRequest) -> UploadForm:
    return UploadForm(*([request.POST, request.FILES] if request.method == "POST" else []))


@dataclass(frozen=True)
class BatchPages:
    """The pages of one kind of roster; each method is the body of a view."""

    importer: Importer
    prefix: str  # of the URL names: "mentors:roster" has _upload, _preview, _confirm, …
    title: str | Promise
    lead: str | Promise
    seen_at: str  # URL name of the list that shows what was imported
    template: Callable[[User], bytes]
    template_name: str

    def upload(self, request: UserRequest) -> HttpResponse:
        batches.sweep(timezone.now())
        form = _form(request)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                batch = batches.check(
                    self.importer, file.read(), filename=file.name, by=request.user
                )
            except Unreadable as problem:
                form.add_error("file", str(problem))
            else:
                return redirect(f"{self.prefix}_preview", pk=batch.pk)
        context = {**self._frame(), "form": form, "columns": self.importer.columns}
        status = 422 if form.errors else 200
        return render(request, "mentors/roster_upload.html", context, status=status)

    def preview(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        return self._shown(request, self._batch(request, pk), status=200)

    def confirm(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        batch = self._batch(request, pk)
        try:
            report = batches.confirm(batch, self.importer, by=request.user)
        except batches.Settled:
            return self._already(request, batch)
        if report.errors:
            messages.error(request, _("Nothing was imported: the file has errors."))
            return self._shown(request, batch, status=409)
        messages.success(request, _("The roster was imported."))
        return redirect(f"{self.prefix}_preview", pk=pk)

    def discard(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        batch = self._batch(request, pk)
        try:
            batches.discard(batch)
        except batches.Settled:
            return self._already(request, batch)
        messages.info(request, _("The upload was thrown away; nothing was imported."))
        return redirect(f"{self.prefix}_upload")

    def download_template(self, request: UserRequest) -> HttpResponse:
        content = self.template(request.user)
        response = HttpResponse(
            content,
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        name = content_disposition_header(True, self.template_name)
        response.headers["Content-Disposition"] = name or "attachment"
        return response

    def _batch(self, request: UserRequest, pk: uuid.UUID) -> RosterBatch:
        rows = RosterBatch.objects.visible_to(request.user).filter(kind=self.importer.kind)
        return get_object_or_404(rows, pk=pk)

    def _already(self, request: UserRequest, batch: RosterBatch) -> HttpResponse:
        batch.refresh_from_db()
        messages.warning(request, _("This was settled before: nothing was done a second time."))
        return self._shown(request, batch, status=409)

    def _shown(self, request: UserRequest, batch: RosterBatch, *, status: int) -> HttpResponse:
        report = Report(**batch.report)
        pages = Paginator(report.errors, SHOWN)
        context = {
            **self._frame(),
            "batch": batch,
            "report": report,
            "wrong_rows": len({fault["row"] for fault in report.errors}),
            "errors": pages.get_page(request.GET.get("page")),
            "lines": report.lines[:SHOWN],
        }
        return render(request, "mentors/roster_preview.html", context, status=status)

    def _frame(self) -> dict[str, Any]:
        """What both templates need to name and link the pages of this kind."""
        return {
            "title": self.title,
            "lead": self.lead,
            "upload_url": reverse(f"{self.prefix}_upload"),
            "template_url": reverse(f"{self.prefix}_template"),
            "confirm_name": f"{self.prefix}_confirm",
            "discard_name": f"{self.prefix}_discard",
            "seen_at": self.seen_at,
        }
