"""What the pages show of a batch: how far the work is, what came of each row, what is next."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, NamedTuple

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from rosters import batches
from rosters.kinds import Kind, kind_of
from rosters.models import Batch, BatchFile, BatchRow, Job
from rosters.states import GOOD, Outcome, State
from tables.paging import page_of

ALL = "all"
MOST_BLOCKED = 200  # rows told on the page of an undo
# What asks for something comes first.
TABS = (
    Outcome.DOUBT,
    Outcome.WRONG,
    Outcome.NEW,
    Outcome.CHANGED,
    Outcome.SAME,
    Outcome.SKIPPED,
)
# The classes of the badges (static/css/app.css).
OUTCOME_BADGES: dict[str, str] = {
    Outcome.NEW: "state-live",
    Outcome.CHANGED: "state-paused",
    Outcome.SAME: "state-done",
    Outcome.DOUBT: "state-waiting",
    Outcome.WRONG: "state-bad",
    Outcome.SKIPPED: "state-done",
}


class Tab(NamedTuple):
    key: str
    label: str
    rows: int
    is_chosen: bool


class Line(NamedTuple):
    """A row of the report with the words of its columns."""

    row: BatchRow
    place: str  # the number in the sheet, with the sheet's name where there are several
    badge: str
    faults: list[tuple[str, str]]  # column as the template calls it, sentence
    was_asked: bool  # the user has answered; the answer may be taken back


def batch_or_404(user: User, pk: uuid.UUID) -> Batch:
    rows = Batch.objects.visible_to(user).select_related("unit", "created_by", "job")
    return get_object_or_404(rows, pk=pk)


def job_of(batch: Batch) -> Job | None:
    return getattr(batch, "job", None)


def progress(batch: Batch) -> dict[str, Any]:
    job = job_of(batch)
    step = job.step if job else ""
    # An empty msgid is the head of the catalogue.
    told = _(step) if step else batch.get_state_display()
    return {"batch": batch, "kind": kind_of(batch.kind), "job": job, "step": told}


def annotation(batch: Batch) -> dict[str, Any]:
    """Whether the annotated workbook is there, or still being made."""
    job = job_of(batch)
    is_there = batch.files.filter(which=BatchFile.Which.ANNOTATED).exists()
    is_coming = not is_there and job is not None and bool(job.step)
    is_main = bool(batch.counts.get(Outcome.WRONG))
    return {"batch": batch, "is_there": is_there, "is_coming": is_coming, "is_main": is_main}


def report(batch: Batch, asked: QueryDict) -> dict[str, Any]:
    """Counts, tabs and one page of rows, and what the user may do now."""
    kind = kind_of(batch.kind)
    chosen = _chosen(batch, asked.get("outcome", ""))
    words = asked.get("q", "").strip()[:60]
    rows = batch.rows.all() if chosen == ALL else batch.rows.filter(outcome=chosen)
    if words:
        rows = rows.filter(name__contains=words)
    page = page_of(rows, order=("sheet", "number"), after=asked.get("after", ""))
    good = sum(batch.counts.get(outcome, 0) for outcome in GOOD)
    left = {name: batch.counts.get(name, 0) for name in (Outcome.WRONG, Outcome.DOUBT)}
    return {
        **annotation(batch),
        "kind": kind,
        "tabs": _tabs(batch, chosen),
        "chosen": chosen,
        "q": words,
        "unread": _unread(batch),
        "here": f"?{asked.urlencode()}" if asked else "",
        "page": page,
        "lines": _lines(batch, kind, page.rows),
        "count": batch.counts,
        "good": good,
        "wrong": left[Outcome.WRONG],
        "doubtful": left[Outcome.DOUBT],
        "bad": sum(left.values()),
        "undo_until": until(batch),
        "events": batch.events.select_related("actor"),
    }


def _chosen(batch: Batch, asked: str) -> str:
    """The outcome asked for; else what needs the user's eye, where there is such."""
    if asked == ALL or asked in Outcome.values:
        return asked
    if batch.state != State.CHECKED:
        return ALL
    waiting = (outcome for outcome in (Outcome.DOUBT, Outcome.WRONG) if batch.counts.get(outcome))
    return next(waiting, ALL)


def _tabs(batch: Batch, chosen: str) -> list[Tab]:
    found = [
        Tab(outcome, str(outcome.label), batch.counts.get(outcome, 0), outcome == chosen)
        for outcome in TABS
        if batch.counts.get(outcome) or outcome == chosen
    ]
    total = sum(batch.counts.get(outcome, 0) for outcome in TABS)
    return [Tab(ALL, _("all rows"), total, chosen == ALL), *found]


def _lines(batch: Batch, kind: Kind, rows: list[BatchRow]) -> list[Line]:
    names = {column.field: column.name for column in kind.columns}
    sheets = _sheets(batch)
    return [
        Line(
            row,
            f"{sheets[row.sheet]} · {row.number}" if row.sheet in sheets else str(row.number),
            OUTCOME_BADGES[row.outcome],
            [(names.get(fault["column"], ""), fault["message"]) for fault in row.faults],
            batch.state == State.CHECKED and bool(row.answer),
        )
        for row in rows
    ]


def _sheets(batch: Batch) -> dict[int, str]:
    """Names by position, where rows come from several sheets."""
    read = [sheet for sheet in batch.mapping.get("sheets", []) if sheet["is_read"]]
    return {sheet["at"]: sheet["name"] for sheet in read} if len(read) > 1 else {}


def _unread(batch: Batch) -> list[str]:
    """Headings of the sheets' columns that are not read, for an eye that misses one."""
    read = [sheet for sheet in batch.mapping.get("sheets", []) if sheet["is_read"]]
    columns = [column for sheet in read for column in sheet["columns"] if not column["field"]]
    return list(dict.fromkeys(column["heading"] for column in columns if column["heading"]))


def blocked(batch: Batch) -> list[BatchRow]:
    """The imported rows that an undo was refused for, with the sentence of each."""
    rows = batch.rows.filter(effect__isnull=False, outcome__in=GOOD).exclude(faults=[])
    return list(rows[:MOST_BLOCKED])


def until(batch: Batch) -> dt.datetime | None:
    """The last moment for an undo, where it is still to come."""
    until = batches.undo_until(batch)
    return until if until and until > timezone.now() else None
