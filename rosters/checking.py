"""The second step: every row by itself and against the register; then the workbook back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from rosters import annotating, book, rows, sealing, staging
from rosters.kinds import Kind, Staged, kind_of
from rosters.leasing import Lease
from rosters.models import Batch, BatchFile
from rosters.moves import actor_of, lock, swap
from rosters.reading import content_of, fail
from rosters.states import Outcome, State

CHECK = gettext_noop("checking the rows")
ANNOTATE = gettext_noop("writing the remarks into your workbook")


def check(batch: Batch, lease: Lease) -> None:
    lease.begin(CHECK)
    try:
        with transaction.atomic():
            _check(batch, lease)
    except book.Unreadable as problem:
        fail(batch, State.CHECKING, str(problem))


def _check(batch: Batch, lease: Lease) -> None:
    lock(batch, State.CHECKING)
    kind, by = kind_of(batch.kind), actor_of(batch)
    answers = _answers(batch)
    old = batch.rows.all()
    old._raw_delete(old.db)
    batch.files.filter(which=BatchFile.Which.ANNOTATED).delete()
    judge = kind.judge(by)
    skipped: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    total = sum(sheet.get("rows", 0) for sheet in batch.mapping["sheets"] if sheet["is_read"])
    load = staging.load_of()
    done = 0
    for chunk in staging.chunks(_staged(batch, kind, by, answers, skipped)):
        for staged, verdict in zip(chunk, judge.judge(chunk), strict=True):
            staging.add(load, batch, staged, verdict)
            counted[verdict.outcome] += 1
        load.pour()
        done += len(chunk)
        lease.progress(done, total)
    if not done:
        raise book.Unreadable(_("There is a heading, but no row below it."))
    counts = {**counted, **staging.skipped(skipped)}
    swap(batch, State.CHECKED, by=None, counts=counts)
    if counted[Outcome.WRONG] or counted[Outcome.DOUBT]:
        lease.begin(ANNOTATE)
    else:
        lease.begin("")


def _staged(
    batch: Batch, kind: Kind, by: User, answers: dict[tuple[int, int], str], skipped: Counter[str]
) -> Iterator[Staged]:
    read = kind.reader(by)
    content = content_of(batch)
    for sheet, number, cells in rows.read_rows(content, batch.mapping, skipped=skipped):
        values, faults = read(cells)
        yield Staged(sheet, number, values, faults, answers.get((sheet, number), ""))


def _answers(batch: Batch) -> dict[tuple[int, int], str]:
    """What the user said about doubtful rows stays said when the columns are read anew."""
    answered = batch.rows.exclude(answer="").values_list("sheet", "number", "answer")
    return {(sheet, number): answer for sheet, number, answer in answered}


def annotate(batch: Batch, lease: Lease) -> None:
    """The same workbook with remarks; in the worst case there is none, and the report stands."""
    remarks: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    found = batch.rows.filter(outcome__in=(Outcome.WRONG, Outcome.DOUBT))
    for row in found.order_by("sheet", "number").iterator():
        for fault in row.faults:
            remarks[row.sheet, row.number].append((fault["column"], fault["message"]))
    try:
        content = annotating.annotate(
            content_of(batch), batch.filename, batch.mapping, remarks, kind_of(batch.kind)
        )
    except book.Unreadable:
        lease.begin("")
        return
    with transaction.atomic():
        lock(batch, State.CHECKED)
        BatchFile.objects.update_or_create(
            batch=batch,
            which=BatchFile.Which.ANNOTATED,
            defaults={
                "name": annotating.name(batch.filename)[-200:],
                "sealed": sealing.seal(content),
            },
        )
    lease.begin("")
