"""Where a page goes: to the pair and month of its code, or to those who must look at it."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max, Q, Sum
from django.utils import timezone
from PIL import Image

from accounts.models import Role, User
from activities.files import QUOTA
from pairings.models import Pairing, PairingQuerySet
from pairings.states import BEGUN
from papers import reading
from papers.models import PaperEvent, PaperPage, Stack, StackFile, StaleMove
from papers.reading import Found, Kept
from papers.states import MOVES, UNDER_WAY, WITH_PICTURE, State

# An office hands in the paper of all its pairs.
OFFICE_QUOTA = 40 * QUOTA


def pairs_of(user: User) -> PairingQuerySet:
    """Pairs whose paper this person hands in: own ones, and those of a coordinator's units."""
    condition = user.rows_q(roles=(Role.COORDINATOR,))
    condition |= Q(mentor_cadre__user=user) | Q(mentee__user=user)
    return Pairing.objects.filter(condition, state__in=BEGUN).for_list()


def pair_for(user: User, pk: UUID) -> Pairing | None:
    return pairs_of(user).filter(pk=pk).first()


def room_left(user: User) -> int:
    """Bytes of pages that this person may still hand in."""
    rows = PaperPage.objects.filter(uploaded_by=user, state__in=WITH_PICTURE)
    used: dict[str, Any] = rows.aggregate(sum=Sum("size"))
    return max((OFFICE_QUOTA if user.is_coordinator else QUOTA) - (used["sum"] or 0), 0)


def room_for_files(user: User) -> int:
    """Bytes of files that this person may still hand in: what waits to be read counts as well."""
    waiting = StackFile.objects.filter(stack__created_by=user, stack__state__in=UNDER_WAY)
    kept: dict[str, Any] = waiting.aggregate(sum=Sum("size"))
    return max(room_left(user) - (kept["sum"] or 0), 0)


def note(stack: Stack, position: int, state: State) -> None:
    """A page of which nothing is kept but what became of it."""
    PaperPage.objects.get_or_create(
        stack=stack,
        position=position,
        defaults={"state": state, "uploaded_by": stack.uploader},
    )


def place(stack: Stack, position: int, picture: Image.Image) -> None:
    """Read the page's code and keep the page where it belongs.

    A page of a pair that is not the uploader's leaves no picture and no word of whose it is.
    """
    user = stack.uploader
    found = reading.find(picture)
    pairing = pair_for(user, found.code.pairing) if found else None
    if found and pairing is None:
        note(stack, position, State.REFUSED)
        return
    kept = reading.kept(picture, found.turned if found else 0)
    if len(kept.content) > room_left(user):
        note(stack, position, State.NO_ROOM)
        return
    try:
        _keep(stack, position, kept, found, pairing)
    except IntegrityError:
        # The same bytes stand with this pair, or wait with this person.
        note(stack, position, State.REPEATED)


def _keep(
    stack: Stack, position: int, kept: Kept, found: Found | None, pairing: Pairing | None
) -> None:
    with ExitStack() as undo, transaction.atomic():
        # Held until the page stands: a worker that was taken for dead must not write over the
        # pictures of the one that goes on.
        Stack.objects.select_for_update(of=("self",), no_key=True).get(pk=stack.pk)
        if PaperPage.objects.filter(stack=stack, position=position).exists():
            return
        page = PaperPage(stack=stack, position=position, uploaded_by=stack.uploader)
        page.state, page.digest, page.size = State.WAITING, kept.digest, len(kept.content)
        if found and pairing:
            _give(page, pairing, found.code.month, found.code.page)
        elif _stands_already(page):
            raise IntegrityError(kept.digest)
        for field, content in (("file", kept.content), ("small", kept.small)):
            _store(page, field, content, undo)
        page.save(force_insert=True)
        if pairing:
            _tell(page, "place", stack.uploader)
        undo.pop_all()


def _stands_already(page: PaperPage) -> bool:
    """Whether this person has handed in the same page, and it was assigned by hand since."""
    own = PaperPage.objects.filter(uploaded_by=page.uploaded_by, digest=page.digest)
    return own.filter(state__in=WITH_PICTURE).exists()


def _store(page: PaperPage, field: str, content: bytes, undo: ExitStack) -> None:
    made = getattr(page, field)
    name = made.field.generate_filename(page, f"{field}.jpg")
    made.storage.delete(name)  # of a worker that was killed before its row stood
    made.save(f"{field}.jpg", ContentFile(content), save=False)
    undo.callback(made.storage.delete, made.name)


def _give(page: PaperPage, pairing: Pairing, month: str, page_no: int) -> None:
    """To the pair as its next version; the pair's row is held, so that two take two numbers."""
    Pairing.objects.select_for_update(of=("self",), no_key=True).get(pk=pairing.pk)
    before = PaperPage.objects.filter(pairing=pairing, month=month, page_no=page_no)
    last: dict[str, Any] = before.aggregate(last=Max("version"))
    page.state, page.pairing, page.month = State.PLACED, pairing, month
    page.page_no, page.version = page_no, (last["last"] or 0) + 1


class Twice(Exception):
    """The pair has the same page already."""


def assign(page: PaperPage, *, to: Pairing, month: str, page_no: int, by: User) -> None:
    """By hand; StaleMove where somebody was quicker, Twice where the pair has the page."""
    old = page.state
    try:
        with transaction.atomic():
            _give(page, to, month, page_no)
            changes = {name: getattr(page, name) for name in ("pairing", "month", "version")}
            _swap(page, "assign", old, page_no=page_no, **changes)
            _tell(page, "assign", by)
    except IntegrityError:
        raise Twice from None


@transaction.atomic
def discard(page: PaperPage, *, by: User) -> None:
    _swap(page, "discard", page.state, **_without_picture(page))
    _tell(page, "discard", by)


@transaction.atomic
def withdraw(page: PaperPage, *, by: User, reason: str) -> None:
    """The picture goes; that there was a page, who took it back and why, stays."""
    if not page.may_withdraw(by, timezone.now()):
        raise StaleMove("withdraw")
    _swap(page, "withdraw", page.state, **_without_picture(page))
    _tell(page, "withdraw", by, reason)


def _swap(page: PaperPage, verb: str, old: str, **changes: Any) -> None:
    source, target = MOVES[verb]
    rows = PaperPage.objects.filter(pk=page.pk, state=source)
    if old != source or not rows.update(state=target, **changes):
        raise StaleMove(verb)
    page.state = target


def _without_picture(page: PaperPage) -> dict[str, Any]:
    for made in (page.file, page.small):
        transaction.on_commit(partial(made.storage.delete, str(made.name)))
    return {"file": "", "small": "", "size": 0}


def _tell(page: PaperPage, verb: str, by: User, reason: str = "") -> None:
    PaperEvent.objects.create(
        page=page, verb=verb, to_state=page.state, actor=by, reason=reason[:300]
    )
