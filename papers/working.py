"""The worker's side of a stack: each page is drawn, its code read, and the page put away.

A page is one transaction. Whatever interrupts the work leaves the pages before as they are; when
the lease has run out somebody else goes on with the next one. A page that takes a worker down
three times is noted as one that cannot be drawn, and the rest goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop
from PIL import Image

from core import leasing
from papers import placing, reading
from papers.models import PaperPage, Stack, StackFile
from papers.states import UNDER_WAY, StackState, State

logger = logging.getLogger(__name__)

MOST_TRIES = 3  # of one page
READ = gettext_noop("reading the pages")


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
    return True


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
        with _opened(file) as source:
            for place in places:
                if place not in read:
                    lease.progress(place - 1, stack.pages_total)
                    _read(stack, file, source, place, place - places[0], lease)
    lease.progress(stack.pages_total, stack.pages_total)
    _finish(stack)


@contextmanager
def _opened(file: StackFile) -> Iterator[IO[bytes] | None]:
    """None where the storage has lost it: then no page of it can be drawn."""
    try:
        source: IO[bytes] = file.file.open("rb")
    except FileNotFoundError:
        yield None
        return
    with source:
        yield source


def _read(stack: Stack, file: StackFile, source: Any, place: int, index: int, lease: Lease) -> None:
    if lease.tries > MOST_TRIES:
        logger.error("page %s of stack %s was given up", place, stack.pk)
        placing.note(stack, place, State.DAMAGED)
    else:
        try:
            picture = _drawn(file, source, index)
        except reading.Damaged:
            placing.note(stack, place, State.DAMAGED)
        else:
            placing.place(stack, place, picture)
    lease.succeeded()


def _drawn(file: StackFile, source: Any, index: int) -> Image.Image:
    if source is None:
        raise reading.Damaged
    if file.is_pdf:
        return reading.page_of_pdf(source, index)
    source.seek(0)
    return reading.picture_of(source.read())


@transaction.atomic
def _finish(stack: Stack) -> None:
    """What was handed in goes: the pages are kept, upright and without what cameras add."""
    if PaperPage.objects.filter(stack=stack).count() < stack.pages_total:
        raise leasing.Lost
    ended = {"state": StackState.DONE, "ended_at": timezone.now()}
    if not Stack.objects.filter(pk=stack.pk, state=StackState.READING).update(**ended):
        return
    for file in stack.files.all():
        if file.file:
            transaction.on_commit(partial(file.file.storage.delete, str(file.file.name)))
    stack.files.update(file="")
