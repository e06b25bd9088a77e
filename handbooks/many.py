"""The worker's side: the handbooks of many pairs into one ZIP.

The ZIP grows on the disk, one handbook in memory at a time, and reaches the storage whole. The
person's grants are read anew before each pair: what they may no longer read is left out without a
name. Whatever interrupts the work leaves no file; the lease runs out and the sweep begins again.
"""

from __future__ import annotations

import logging
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from typing import IO, Any, NamedTuple
from uuid import UUID

from django.core.files import File
from django.db import Error
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from accounts.models import User
from core import leasing
from core.glyphs import MissingGlyph
from handbooks.models import UNDER_WAY, Failure, HandbookRun, RunState
from handbooks.packing import Names
from handbooks.printing import printed
from handbooks.scope import pairs_of, told_of
from handbooks.sweeping import remove_old
from units.models import Unit

logger = logging.getLogger(__name__)

MOST_TRIES = 3
PRINT = gettext_noop("printing the handbooks")
KEEP = gettext_noop("putting the file away")
ERRORS = "未生成的手册.txt"


class Written(NamedTuple):
    made: int
    left_out: int  # stand in the list of those that could not be made
    pairs: set[UUID]  # of which either tells


class Lease(leasing.Lease):
    table = "handbooks_handbookrun"
    key = "id"


def run(run_id: UUID | str) -> bool:
    """Work on a run to its end; False when there was nothing to do for us."""
    pk = UUID(str(run_id))
    if not HandbookRun.objects.under_way().filter(pk=pk).exists():
        return False
    lease = Lease.take(pk)
    if lease is None:
        return False
    with lease:
        try:
            _work(HandbookRun.objects.select_related("unit").get(pk=pk), lease)
        except leasing.Lost:
            logger.info("printing %s went to another worker", pk)
        except Exception as error:
            logger.exception("printing %s failed, try %s", pk, lease.tries)
            if lease.tries >= MOST_TRIES:
                _give_up(pk, Failure.INTERRUPTED if isinstance(error, Error) else Failure.ERROR)
            raise
    return True


def left_alone() -> list[UUID]:
    """Runs under way that nobody holds a lease on."""
    rows = HandbookRun.objects.filter(state__in=UNDER_WAY).order_by("id")
    rows = rows.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
    return list(rows.values_list("pk", flat=True))


def sweep() -> None:
    """One that fails keeps nobody else waiting; what failed is raised when all are done."""
    failures: list[Exception] = []
    acts: list[Callable[[], object]] = [partial(run, run_id) for run_id in left_alone()]
    for act in [*acts, remove_old]:
        try:
            act()
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("handbooks that could not be printed or cleared away", failures)


def _give_up(pk: UUID, failure: Failure) -> None:
    row = HandbookRun.objects.under_way().filter(pk=pk).first()
    if row is not None:
        row.swap(RunState.FAILED, failure=failure)


def _work(row: HandbookRun, lease: Lease) -> None:
    if lease.tries > MOST_TRIES:
        logger.error("printing %s was given up", row.pk)
        row.swap(RunState.FAILED, failure=Failure.INTERRUPTED)
        return
    if row.state == RunState.QUEUED:
        row.swap(RunState.RUNNING)
    if row.state != RunState.RUNNING:
        return
    asker = _asker(row)
    grants = [grant.pk for grant in asker.live_grants]
    ids = list(pairs_of(row, asker).values_list("pk", flat=True))
    lease.begin(PRINT)
    with tempfile.TemporaryFile(prefix="bangdai-handbooks-") as content:
        written = _write(row, ids, lease, content)
        # Whether it is still theirs is asked once more when all is written, as at each pair.
        if not _asker(row).governs(Unit.objects.get(pk=row.unit_id)):
            row.swap(RunState.FAILED, failure=Failure.SCOPE)
        elif not written.pairs:
            row.swap(RunState.FAILED, failure=Failure.EMPTY)
        else:
            lease.begin(KEEP)
            _keep(row, lease, content, written, grants)


def _asker(row: HandbookRun) -> User:
    """Read anew, without the grants that an earlier reading kept."""
    return User.objects.get(pk=row.created_by_id)


def _write(row: HandbookRun, ids: list[UUID], lease: Lease, content: IO[bytes]) -> Written:
    names, failed, made, pairs = Names(), [], 0, set[UUID]()
    with zipfile.ZipFile(content, "w") as archive:  # stored: a PDF is compressed already
        for done, pk in enumerate(ids):
            lease.progress(done, len(ids))
            user = _asker(row)
            pairing = pairs_of(row, user).for_detail().filter(pk=pk).first()
            if pairing is None:
                continue
            pairs.update([pk, *told_of(pairing, user).values_list("pk", flat=True)])
            mentor, mentee, unit = pairing.mentor_cadre.name, pairing.mentee.name, pairing.unit
            try:
                pdf = printed(pairing, user, with_photos=row.with_photos)
            except Error:
                raise  # the database: the whole run comes again
            except MissingGlyph as missing:
                failed.append(f"{unit}　{mentor}　{mentee}：{missing}")
            except Exception:
                logger.exception("handbook of %s", pk)
                failed.append(f"{unit}　{mentor}　{mentee}：生成时出错，请联系系统管理员。")
            else:
                archive.writestr(names.of(str(unit), mentor, mentee), pdf)
                made += 1
        if failed:
            # With the mark by which Notepad knows UTF-8.
            archive.writestr(ERRORS, "\ufeff" + "\r\n".join(failed) + "\r\n")
    lease.progress(len(ids), len(ids))
    return Written(made, len(failed), pairs)


def _keep(
    row: HandbookRun, lease: Lease, content: Any, written: Written, grants: list[int]
) -> None:
    size = content.tell()
    content.seek(0)
    storage = row.file.storage
    name = storage.save(row.file.field.generate_filename(row, ""), File(content))
    try:
        lease.progress(0, 0)  # Lost: another worker makes the file
        is_ours = row.swap(
            RunState.DONE,
            file=name,
            size=size,
            made=written.made,
            left_out=written.left_out,
            pairs=sorted(written.pairs),
            grants=grants,
        )
    except BaseException:
        storage.delete(name)
        raise
    if not is_ours:
        storage.delete(name)
