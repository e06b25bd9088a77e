"""A sealed table as a file: that of the page of figures, with the seal on it."""

from __future__ import annotations

import json

from django.utils import timezone
from django.utils.translation import gettext as _

from snapshots.freezing import thaw
from snapshots.models import Snapshot
from stats import printing
from stats.cuts import chinese
from stats.exports import WRITERS, subtitle_of, title_of
from stats.figures import Table
from stats.grids import notes
from stats.workbook import write_workbook


def seal_of(snapshot: Snapshot) -> str:
    """When it was sealed, and the whole digest: what a printed table can be checked by."""
    return _("Sealed on %(day)s, digest %(digest)s") % {
        "day": f"{timezone.localtime(snapshot.created_at):%Y-%m-%d %H:%M}",
        "digest": snapshot.digest,
    }


def write(snapshot: Snapshot, kind: str) -> bytes:
    """One of stats.exports.WRITERS; a CSV holds figures alone, so it is as it was."""
    table = thaw(snapshot.content)
    if kind == "pdf":
        subtitle = f"{subtitle_of(table)}\n{seal_of(snapshot)}"
        return printing.write_pdf(table, title_of(table), subtitle)
    if kind == "xlsx":
        return _workbook(snapshot, table)
    content = WRITERS[kind].write(table)
    if kind == "json":
        sealed = {"at": snapshot.created_at.isoformat(), "digest": snapshot.digest}
        said = {**json.loads(content), "sealed": sealed}
        return json.dumps(said, ensure_ascii=False, indent=2).encode()
    return content


def _workbook(snapshot: Snapshot, table: Table) -> bytes:
    footnotes = {
        section.code: [
            *notes(table, section.columns),
            *snapshot.content["remarks"],
            seal_of(snapshot),
        ]
        for section in table.sections
    }
    day = chinese(table.cut.as_of)
    return write_workbook(table, title_of(table), subtitle_of(table), footnotes, day=day)
