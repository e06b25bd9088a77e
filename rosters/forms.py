"""The forms of rosters: the file to upload, and which column is what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import ClientKeyField
from rosters import headings
from rosters.kinds import Kind

MAX_BYTES = 50 * 2**20
_ROWS = re.compile(r"\s*(\d{1,7})(?:\s*[-–—~～至]\s*(\d{1,7}))?\s*")
MOST_HEADING_ROWS = 5

Sheet = dict[str, Any]  # an entry of Batch.mapping["sheets"]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("roster file"),
        help_text=gettext_lazy("Excel, WPS or CSV, up to 50 MB and 200,000 rows"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.xlsm,.xls,.et,.ods,.csv,.tsv,.txt,.htm,.html"}
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
    client_key = ClientKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("file", "client_key")
        self.helper.add_input(Submit("submit", _("Upload and check"), css_class="btn-primary"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 50 MB. Split it up."))
        file.name = file.name[-200:]
        return file


class HeadingRowsField(forms.CharField):
    """`3` or `3-4`, as the sheet counts; cleans to the first and the last row."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "-".join(dict.fromkeys(str(number) for number in value))

    def clean(self, value: Any) -> list[int]:
        found = _ROWS.fullmatch(super().clean(value))
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 0 < first <= last < first + MOST_HEADING_ROWS:
            raise forms.ValidationError(
                _("Write the row of the headings as the sheet counts, such as 3, or 3-4 for two.")
            )
        return [first, last]


class SheetBox(Div):
    """The columns of one sheet, or of several that have the same; names escaped by the template."""

    template = "rosters/_sheet.html"

    def __init__(self, sheets: list[Sheet], *fields: Any) -> None:
        super().__init__(*fields)
        self.sheets = sheets


@dataclass(frozen=True)
class Group:
    """Sheets that are read by the same headings: each column is asked about once."""

    number: int
    sheets: list[Sheet]

    @property
    def columns(self) -> list[dict[str, Any]]:
        return list(self.sheets[0]["columns"])

    def name(self, column: dict[str, Any]) -> str:
        return f"column-{self.number}-{column['at']}"


def _grouped(sheets: list[Sheet]) -> list[Group]:
    alike: dict[tuple[Any, ...], list[Sheet]] = {}
    for sheet in sheets:
        if sheet["is_read"]:
            key = tuple((column["at"], column["heading"]) for column in sheet["columns"])
            alike.setdefault(key, []).append(sheet)
    return [Group(number, found) for number, found in enumerate(alike.values())]


class MappingForm(forms.Form):
    """Which sheets are read, where their headings stand, and what each column holds.

    Sheets that are read have a choice for each column; another one, or other heading rows, need
    the file to be looked at again (`is_to_be_read_again`).
    """

    def __init__(self, *args: Any, mapping: dict[str, Any], kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mapping, self.kind = mapping, kind
        self.sheets: list[Sheet] = mapping.get("sheets", [])
        self.groups = _grouped(self.sheets)
        for sheet in self.sheets:
            self._add_sheet(sheet)
        for group in self.groups:
            for column in group.columns:
                self.fields[group.name(column)] = self._choice(group, column)
        self.helper = self._helper()

    def _add_sheet(self, sheet: Sheet) -> None:
        self.fields[f"read-{sheet['at']}"] = forms.BooleanField(
            label=_("Read the sheet %(name)s") % {"name": sheet["name"] or sheet["at"] + 1},
            required=False,
            initial=sheet["is_read"],
        )
        self.fields[f"rows-{sheet['at']}"] = HeadingRowsField(
            label=_("Row of the headings"),
            max_length=20,
            required=sheet["is_read"],
            initial=list(sheet.get("header") or [1, 1]),
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            help_text=_("Two rows: 3-4"),
        )

    def _choice(self, group: Group, column: dict[str, Any]) -> forms.ChoiceField:
        marked = _("%(column)s (required)")
        choices = [
            (c.field, marked % {"column": c.name} if c.is_required else c.name)
            for c in self.kind.columns
        ]
        samples = "、".join(_samples(group.sheets[0], column["at"]))
        return forms.ChoiceField(
            label=column["heading"] or _("column %(number)s") % {"number": column["at"] + 1},
            choices=[("", _("not read")), *choices],
            required=False,
            initial=column["field"],
            # Crispy prints help texts as they are.
            help_text=escape(_("Such as: %(samples)s") % {"samples": samples}) if samples else "",
        )

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "form-horizontal mapping"
        helper.label_class, helper.field_class = "col-sm-5 col-lg-4", "col-sm-7 col-lg-5"
        read = [sheet["at"] for group in self.groups for sheet in group.sheets]
        boxes = [SheetBox(group.sheets, *self._names(group)) for group in self.groups]
        others = [sheet for sheet in self.sheets if sheet["at"] not in read]
        boxes += [SheetBox([sheet], *_of_sheet(sheet)) for sheet in others]
        helper.layout = Layout(*boxes)
        helper.add_input(Submit("submit", _("Confirm and check"), css_class="btn-primary"))
        return helper

    def _names(self, group: Group) -> Iterator[str]:
        for sheet in group.sheets:
            yield from _of_sheet(sheet)
        yield from map(group.name, group.columns)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not any(given.get(f"read-{sheet['at']}") for sheet in self.sheets):
            raise forms.ValidationError(_("No sheet is chosen. Tick the one that holds the list."))
        if self.errors or self.is_to_be_read_again:
            return given
        for group in self.groups:
            if any(given[f"read-{sheet['at']}"] for sheet in group.sheets):
                self._check(group, given)
        return given

    def _check(self, group: Group, given: dict[str, Any]) -> None:
        """Each field of the kind at most once, and all that are required."""
        taken: dict[str, str] = {}
        chosen = {column["at"]: given[group.name(column)] for column in group.columns}
        for column in group.columns:
            field = chosen[column["at"]]
            if field and field in taken:
                message = _("The column 「%(column)s」 is chosen for this already.")
                self.add_error(group.name(column), message % {"column": taken[field]})
            elif field:
                taken[field] = column["heading"]
        sheet = _with_fields(group.sheets[0], chosen)
        if lacking := headings.missing({"sheets": [{**sheet, "is_read": True}]}, self.kind):
            message = _("Sheet %(sheet)s: no column is chosen for %(columns)s.")
            words = {"sheet": sheet["name"], "columns": "、".join(lacking)}
            self.add_error(None, message % words)

    @property
    def is_to_be_read_again(self) -> bool:
        """Whether another sheet is ticked, or the headings are said to stand elsewhere."""
        given = self.cleaned_data
        return any(
            given.get(f"read-{sheet['at']}")
            and (not sheet["is_read"] or given.get(f"rows-{sheet['at']}") != [*sheet["header"]])
            for sheet in self.sheets
        )

    @property
    def heading_rows(self) -> dict[int, list[int]]:
        """By sheet that is to be read, where its headings stand."""
        given = self.cleaned_data
        ticked = [sheet["at"] for sheet in self.sheets if given[f"read-{sheet['at']}"]]
        return {at: given[f"rows-{at}"] for at in ticked}

    @property
    def result(self) -> dict[str, Any]:
        """The mapping as the user wants it."""
        chosen: dict[int, dict[int, str]] = {
            sheet["at"]: {
                column["at"]: self.cleaned_data[group.name(column)] for column in group.columns
            }
            for group in self.groups
            for sheet in group.sheets
        }
        sheets = [
            {
                **_with_fields(sheet, chosen.get(sheet["at"], {})),
                "is_read": bool(self.cleaned_data[f"read-{sheet['at']}"]),
            }
            for sheet in self.sheets
        ]
        return {**self.mapping, "sheets": sheets, "doubts": []}

    @property
    def corrections(self) -> dict[str, str]:
        """By heading, the fields that the user chose: what a doubt was about is known now."""
        is_doubtful = bool(self.mapping.get("doubts"))
        return {
            headings.heading(column["heading"]): self.cleaned_data[group.name(column)]
            for group in self.groups
            for column in group.columns
            if column["heading"]
            and (is_doubtful or self.cleaned_data[group.name(column)] != column["field"])
        }


def _with_fields(sheet: Sheet, chosen: dict[int, str]) -> Sheet:
    columns = [
        {**column, "field": chosen.get(column["at"], column["field"])}
        for column in sheet["columns"]
    ]
    return {**sheet, "columns": columns}


def _of_sheet(sheet: Sheet) -> tuple[str, str]:
    return f"read-{sheet['at']}", f"rows-{sheet['at']}"


def _samples(sheet: Sheet, at: int) -> list[str]:
    rows = [row for row in sheet.get("samples", []) if at < len(row) and row[at]]
    return [str(row[at])[:30] for row in rows]
