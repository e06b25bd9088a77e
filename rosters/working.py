"""The worker's side: read, check, save and undo a batch; each step wholly or not at all.

A step is one transaction that ends in the next state. Whatever interrupts it (the process is
killed, the database restarts) rolls it back; the lease runs out, and the sweep does it again.
"""

from __future__ import annotations

import contextlib
import gc
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rosters import checking, locking, purging, reading, staging
from rosters.kinds import Refused, Staged, Verdict, kind_of
from rosters.leasing import Lease, Lost
from rosters.models import Batch, Job
from rosters.moves import Settled, actor_of, lock, swap
from rosters.states import GOOD, WORKING, State

logger = logging.getLogger(__name__)

MOST_TRIES = 3
WAIT = gettext_noop("waiting for another import to finish")
JUDGE = gettext_noop("comparing with the register once more")
SAVE = gettext_noop("importing")
UNDO = gettext_noop("undoing the import")


class Worse(Exception):
    """Rows that were good when they were checked, and are not now."""

    def __init__(self, rows: list[tuple[int, Verdict]]) -> None:
        super().__init__(f"{len(rows)} rows")
        self.rows = rows


def run(batch_id: UUID | str) -> bool:
    """Work on a batch until it waits for its user; False when there was nothing to do for us."""
    pk = UUID(str(batch_id))
    has_worked = False
    # What is confirmed while the last step of a run ends is not left to the sweep.
    while _has_work(pk):
        lease = Lease.take(pk)
        if lease is None:
            break
        has_worked = True
        with lease, _few_collections():
            _work(pk, lease)
    return has_worked


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Hundreds of thousands of rows make no cycles: looking for some after every 700 objects
    cost a quarter of the time."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def left_alone() -> list[UUID]:
    """Batches with work that nobody holds a lease on."""
    jobs = Job.objects.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
    jobs = jobs.filter(_with_work()).order_by("batch__created_at")
    return list(jobs.values_list("batch_id", flat=True))


def _with_work() -> Q:
    return Q(batch__state__in=WORKING) | Q(batch__state=State.CHECKED, step=checking.ANNOTATE)


def _has_work(pk: UUID) -> bool:
    return Job.objects.filter(_with_work(), pk=pk).exists()


def _work(pk: UUID, lease: Lease) -> None:
    while _has_work(pk):
        batch = Batch.objects.get(pk=pk)
        state = State(batch.state)
        if lease.tries > MOST_TRIES:
            _give_up(batch, lease)
            continue
        try:
            STEPS[state](batch, lease)
        except (Settled, Lost):
            logger.info("roster %s moved on while a worker was at it", pk)
            return
        lease.succeeded()
    lease.begin("")


# -- saving -----------------------------------------------------------------------------------


def _save(batch: Batch, lease: Lease) -> None:
    """All rows that are to be imported, or none."""
    try:
        _save_all(batch, lease)
    except Worse as worse:
        _fall_back(batch, worse.rows)
    except IntegrityError:
        logger.exception("roster %s met the register's own constraints", batch.pk)
        _fall_back(batch, [])


@transaction.atomic
def _save_all(batch: Batch, lease: Lease) -> None:
    lock(batch, State.SAVING)
    by = actor_of(batch)
    lease.begin(WAIT)
    locking.one_import_at_a_time(by, lease)
    lease.begin(JUDGE)
    kind = kind_of(batch.kind)
    effects = kind.save(_judged_again(batch, lease), by, lease.progress)
    saved = staging.keep_effects(effects)
    swap(
        batch,
        State.DONE,
        by=by,
        detail=_("%(count)s rows") % {"count": saved},
        saved_at=timezone.now(),
        counts=_counts(batch),
    )


def _judged_again(batch: Batch, lease: Lease) -> Iterator[list[tuple[int, Staged, Verdict]]]:
    """The good rows, against the register as it is now; Worse when one is good no longer."""
    judge = kind_of(batch.kind).judge(actor_of(batch))
    worse: list[tuple[int, Verdict]] = []
    better: list[tuple[int, Verdict]] = []
    done, total = 0, sum(batch.counts.get(outcome, 0) for outcome in GOOD)
    for chunk in staging.kept(batch.rows.filter(outcome__in=GOOD)):
        verdicts = judge.judge([row.staged for row in chunk])
        for row, now in zip(chunk, verdicts, strict=True):
            was = row.verdict
            if now.outcome not in GOOD or _does_other(was, now):
                worse.append((row.pk, now))
            elif now.outcome != was.outcome:
                better.append((row.pk, now))
        if not worse:
            yield [(row.pk, row.staged, now) for row, now in zip(chunk, verdicts, strict=True)]
        done += len(chunk)
        lease.progress(done, total)
    if worse:
        raise Worse(worse + better)
    staging.rewrite(better)
    lease.begin(SAVE)


def _does_other(was: Verdict, now: Verdict) -> bool:
    """Something that the user did not see: other changes than shown, or to somebody else."""
    if now.outcome == was.outcome:
        return (now.changes, now.match) != (was.changes, was.match)
    return bool(now.changes)


@transaction.atomic
def _fall_back(batch: Batch, rows: list[tuple[int, Verdict]]) -> None:
    """To the user, with what is different now; nothing was written."""
    lock(batch, State.SAVING)
    staging.rewrite(rows)
    sentence = _(
        "The register has changed since the file was checked: %(count)s rows would do something "
        "else now. Nothing was imported. Look at the report again."
    ) % {"count": len(rows)}
    if not rows:
        sentence = _(
            "The register was changed while the file was imported. Nothing was imported. Try again."
        )
    swap(batch, State.CHECKED, by=None, failure=sentence, counts=_counts(batch))


def _counts(batch: Batch) -> dict[str, int]:
    ignored = {key: count for key, count in batch.counts.items() if key == "ignored"}
    return {**ignored, **staging.counts(batch)}


# -- undoing ----------------------------------------------------------------------------------


def _undo(batch: Batch, lease: Lease) -> None:
    try:
        _undo_all(batch, lease)
    except Refused as refused:
        _stay(batch, refused)


@transaction.atomic
def _undo_all(batch: Batch, lease: Lease) -> None:
    lock(batch, State.UNDOING)
    by = actor_of(batch)
    locking.one_import_at_a_time(by, lease)
    lease.begin(UNDO)
    saved = batch.rows.exclude(effect=None)
    total = saved.count()
    found: Any = saved.order_by("sheet", "number").values_list("pk", "sheet", "number", "effect")
    undone = kind_of(batch.kind).undo(
        staging.chunks(found.iterator(chunk_size=staging.CHUNK)),
        lease.progress,
        keep_blocked=batch.keeps_blocked,
    )
    left = _("%(count)s rows were left as they are.") % {"count": total - undone}
    detail = _("%(count)s rows") % {"count": undone}
    failure = left if undone < total else ""
    swap(batch, State.UNDONE, by=by, detail=f"{detail} {failure}".strip(), failure=failure)


@transaction.atomic
def _stay(batch: Batch, refused: Refused) -> None:
    """Imported as before, with the rows that stand against undoing it."""
    lock(batch, State.UNDOING)
    batch.rows.exclude(effect=None).exclude(faults=[]).update(faults=[])
    for sheet, number, message in refused.rows:
        batch.rows.filter(sheet=sheet, number=number).update(
            faults=[{"column": "", "message": message}]
        )
    sentence = _(
        "Nothing was undone: later work rests on %(count)s rows. They are listed with the reason."
    ) % {"count": len(refused.rows)}
    swap(batch, State.DONE, by=None, failure=sentence)


# -- all steps --------------------------------------------------------------------------------


def _give_up(batch: Batch, lease: Lease) -> None:
    """Three times interrupted: the user hears of it, and that nothing was written."""
    logger.error("roster %s was given up in state %s", batch.pk, batch.state)
    sentence = _(
        "The work on the file was interrupted several times. Nothing was written. Try again."
    )
    back = {
        State.READING: State.FAILED,
        State.CHECKING: State.MAPPING,
        State.SAVING: State.CHECKED,
        State.UNDOING: State.DONE,
    }
    state = State(batch.state)
    with transaction.atomic():
        if state in back:
            swap(batch, back[state], by=None, failure=sentence)
            if batch.state == State.FAILED:
                purging.empty(batch)
    lease.succeeded()
    lease.begin("")


STEPS: dict[State, Callable[[Batch, Lease], None]] = {
    State.READING: reading.read,
    State.CHECKING: checking.check,
    State.CHECKED: checking.annotate,
    State.SAVING: _save,
    State.UNDOING: _undo,
}
