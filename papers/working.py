"""The worker's side of a stack: each page is drawn, its code read, and the page put away.

A page is one transaction. Whatever interrupts the work leaves the pages before as they are; when
the lease has run out somebody else goes on with the next one. A page that takes a worker down
three times is noted as one that cannot be drawn, and the rest goes on. A stack that fails for
another reason is given up after as many tries.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop
from PIL import Image

from core import leasing
from papers import placing, reading
from papers.drawing import drawer
from papers.models import PaperPage, Stack, StackFile
from papers.states import UNDER_WAY, StackState, State

logger = logging.getLogger(__name__)

MOST_TRIES = 3  # of one page
READ = gettext_noop("reading the pages")
Drawing = Callable[[int], Image.Image]  # by the page's number in its file; reading.Damaged


class Lease(leasing.Lease):
    table = "papers_stack"
    key = "id"


def run(stack_id: UUID | str) -> bool:
    """Read a stack to its end; False when there was nothing to do for us."""
    pk = UUID(str(stack_id))
    if not Stack.objects.filter(pk=pk, state__in=UNDER_WAY).exists():
        return False
    lease = Lease.take(pk)
    if lease is None:
        return False
    with lease:
        try:
            _work(Stack.objects.select_related("created_by").get(pk=pk), lease)
        except leasing.Lost:
            logger.info("stack %s went to another worker", pk)
        except Exception:
            # A page that fails so often is passed over: it is the stack itself that does.
            if lease.tries > MOST_TRIES:
                logger.exception("stack %s was given up", pk)
                _give_up(pk)
            raise
    return True


def resume() -> None:
    """Go on with the stacks that nobody works on.

    One that fails keeps no other waiting; what failed is raised when all the others are done.
    """
    failures: list[Exception] = []
    for pk in left_alone():
        try:
            run(pk)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("stacks that could not be read", failures)


def left_alone() -> list[UUID]:
    """Stacks under way that nobody holds a lease on."""
    rows = Stack.objects.filter(state__in=UNDER_WAY).order_by("id")
    rows = rows.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
    return list(rows.values_list("pk", flat=True))


def _work(stack: Stack, lease: Lease) -> None:
    Stack.objects.filter(pk=stack.pk, state=StackState.QUEUED).update(state=StackState.READING)
    lease.begin(READ)
    read = set(stack.pages.values_list("position", flat=True))
    position = 0
    for file in stack.files.all():
        places = range(position + 1, position + file.pages + 1)
        position += file.pages
        if read.issuperset(places):
            continue
        with _opened(file) as drawing:
            for place in places:
                if place not in read:
                    lease.progress(place - 1, stack.pages_total)
                    _read(stack, drawing, place, place - places[0], lease)
    lease.progress(stack.pages_total, stack.pages_total)
    _finish(stack)


@contextmanager
def _opened(file: StackFile) -> Iterator[Drawing]:
    """Where the storage has lost it, no page of it can be drawn."""
    try:
        source: IO[bytes] = file.file.open("rb")
    except FileNotFoundError:
        yield _lost
        return
    with source:
        if not file.is_pdf:
            yield lambda index: reading.picture_of(source.read())
            return
        with drawer(source) as drawn:
            yield drawn.page


def _lost(index: int) -> Image.Image:
    raise reading.Damaged


def _read(stack: Stack, drawing: Drawing, place: int, index: int, lease: Lease) -> None:
    if lease.tries > MOST_TRIES:
        logger.error("page %s of stack %s was given up", place, stack.pk)
        placing.note(stack, place, State.DAMAGED)
    else:
        try:
            picture = drawing(index)
        except reading.Damaged:
            placing.note(stack, place, State.DAMAGED)
        else:
            placing.place(stack, place, picture)
    lease.succeeded()


def _give_up(stack_id: UUID) -> None:
    """What was read stays; the files go, and whoever handed them in is told to do so again."""
    stack = Stack.objects.get(pk=stack_id)
    with transaction.atomic():
        _end(stack, StackState.FAILED)


@transaction.atomic
def _finish(stack: Stack) -> None:
    """What was handed in goes: the pages are kept, upright and without what cameras add."""
    if PaperPage.objects.filter(stack=stack).count() < stack.pages_total:
        raise leasing.Lost
    _end(stack, StackState.DONE)


def _end(stack: Stack, state: StackState) -> None:
    ended = {"state": state, "ended_at": timezone.now()}
    if not Stack.objects.filter(pk=stack.pk, state=StackState.READING).update(**ended):
        return
    for file in stack.files.all():
        if file.file:
            transaction.on_commit(partial(file.file.storage.delete, str(file.file.name)))
    stack.files.update(file="")
