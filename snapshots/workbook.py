"""The differences from a snapshot as a workbook: one sheet of figures, one of rows."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from core.text import inert
from snapshots.differences import Changed, Part
from snapshots.files import seal_of
from snapshots.models import Snapshot
from snapshots.reasons import Reason

A4 = 9


def write_differences(snapshot: Snapshot, changed: list[Changed], parts: list[Part]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    figures = ((each.line, each.title, each.then, each.now, each.change) for each in changed)
    head = [_("unit"), _("figure"), _("when sealed"), _("as of today"), _("difference")]
    _sheet(book, _("Figures"), snapshot, head, figures, (20, 44, 12, 12, 12))
    people = (
        (part.title, row.name, row.then, row.now, words(row.why))
        for part in parts
        for row in part.rows
    )
    head = [_("what is counted"), _("person or pair"), _("when sealed"), _("as of today")]
    head.append(_("reasons"))
    _sheet(book, _("Names and reasons"), snapshot, head, people, (18, 30, 36, 36, 60))
    book.close()
    return buffer.getvalue()


def words(why: Iterable[Reason]) -> str:
    """The reasons of a row in one text; said plainly where none was found."""
    said = [
        _("%(day)s %(by)s: %(said)s%(on)s")
        % {
            "day": f"{timezone.localdate(reason.at):%Y-%m-%d}",
            "by": reason.by,
            "said": reason.said,
            "on": _(" (from %(on)s)") % {"on": reason.on} if reason.on else "",
        }
        for reason in why
    ]
    return "；".join(said) or _("no reason found")


def _sheet(
    book: Any,
    name: str,
    snapshot: Snapshot,
    head: list[str],
    lines: Iterable[tuple[Any, ...]],
    widths: tuple[int, ...],
) -> None:
    base = {"font_name": "宋体", "font_size": 11, "valign": "top", "text_wrap": True}
    boxed = book.add_format({**base, "border": 1})
    bold = book.add_format({**base, "border": 1, "bold": True, "align": "center"})
    title = book.add_format({**base, "font_size": 16, "bold": True, "align": "center"})
    plain = book.add_format({**base, "align": "center"})
    sheet = book.add_worksheet(name)
    last = len(head) - 1
    subject = _("Differences from the figures of %(unit)s as of %(day)s") % {
        "unit": snapshot.unit.name,
        "day": f"{snapshot.as_of:%Y-%m-%d}",
    }
    sheet.merge_range(0, 0, 0, last, inert(subject), title)
    sheet.merge_range(1, 0, 1, last, seal_of(snapshot), plain)
    for column, (text, width) in enumerate(zip(head, widths, strict=True)):
        sheet.write_string(2, column, text, bold)
        sheet.set_column(column, column, width)
    row = 3
    for line in lines:
        for column, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(row, column, value, boxed)
            else:
                sheet.write_string(row, column, str(inert(value or "—")), boxed)
        row += 1
    for text, column in zip(answering(), (0, last // 2, last), strict=True):
        sheet.write_string(row + 1, column, text, book.add_format(base))
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row + 1, last)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    sheet.set_footer("&C" + _("page &P of &N"))


def answering() -> list[str]:
    """Who answers for the sheet, to be filled in by hand."""
    return [_("Filled in by:"), _("Checked by:"), _("Telephone:")]
