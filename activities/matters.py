"""未了事项 of a pair: those of its own visits, and those it carries on after a change of mentor.

What a visit left open belongs to the mentee's work, so the pair that goes on with the history
carries it; a pair that rests or has ended shows its matters and closes none.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.entering import Closed, capacities
from activities.models import AlreadyClosed, OpenMatter, Visit
from pairings.models import Pairing
from pairings.succession import history_ids

MOST_LINES = 10  # that one visit leaves open
OFFERED = 20  # in the form of a visit; the page of the pair has them all


def of_pair(pairing: Pairing, user: User) -> list[OpenMatter]:
    """All matters of a pair: the open ones first, oldest first, then the closed, latest first.

    What became of those that it, or a pair before it, settled is `is_known` to its readers; who
    said so to those who are told.
    """
    history = history_ids(pairing)
    rows = OpenMatter.objects.of(history).for_list().told(user)
    found = _open_first(rows)
    for row in found:
        row.is_known = row.is_told or row.closed_for_id in history  # type: ignore[attr-defined]
    return found


def _open_first(rows: Any) -> list[OpenMatter]:
    waiting = rows.open().order_by("raised_on", "pk")
    return [*waiting, *rows.closed().order_by("-closed_on", "-closed_at", "-pk")]


def offered(pairing: Pairing, ticked: Collection[str] = ()) -> list[OpenMatter]:
    """What the next visit of the pair may close, oldest first.

    Those of `ticked`, ids as a form sent them, are there whatever became of them since.
    """
    pks = [pk for text in ticked if (pk := _uuid(text))]
    rows = OpenMatter.objects.of(history_ids(pairing)).for_list().order_by("raised_on", "pk")
    waiting = list(rows.open()[:OFFERED])
    others = set(pks) - {row.pk for row in waiting}
    return waiting + (list(rows.filter(pk__in=others)) if others else [])


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def may_close(pairing: Pairing, user: User) -> bool:
    """Whether this person settles matters of the pair, in whatever state the pair is."""
    return bool(capacities(pairing, user))


def carriers(pairings: Collection[Pairing]) -> dict[uuid.UUID, uuid.UUID]:
    """By the id of each of these pairs, and of every pair before it: which of these carries on.

    As many queries as the longest chain of mentors has links, however many pairs there are.
    """
    carrier = {pairing.pk: pairing.pk for pairing in pairings}
    before: dict[Any, uuid.UUID] = {p.succeeds_id: p.pk for p in pairings if p.succeeds_id}
    while before := {pk: now for pk, now in before.items() if pk not in carrier}:
        carrier |= before
        links = Pairing.objects.filter(pk__in=before, succeeds__isnull=False)
        before = {earlier: carrier[pk] for pk, earlier in links.values_list("pk", "succeeds")}
    return carrier


def beside(
    left_open: Sequence[Sequence[str]],
    settled: Mapping[OpenMatter, str],
    *,
    by: User,
    key: uuid.UUID | None,
) -> Callable[..., None]:
    """What is written beside the visits of one day, in their transaction.

    `left_open` has the lines of each visit, `settled` what became of earlier matters. Of several
    visits the one to the matter's own place settled it; where none went there, its note alone
    says what became of it. Raises AlreadyClosed when somebody was quicker.
    """

    def along(*visits: Visit) -> None:
        for matter, note in settled.items():
            visit = visits[0] if len(visits) == 1 else _at_the_place(visits, matter)
            day, pairing = visits[0].happened_on, visits[0].pairing
            matter.close(by=by, on=day, note=note, visit=visit, pairing=pairing, key=key)
        for visit, lines in zip(visits, left_open, strict=True):
            for line in lines:
                OpenMatter.objects.create(raised_in=visit, text=line, created_by=by)

    return along


def _at_the_place(visits: Sequence[Visit], matter: OpenMatter) -> Visit | None:
    return next((visit for visit in visits if visit.where == matter.raised_in.where), None)


def close_by_hand(
    matter: OpenMatter, pairing: Pairing, *, by: User, note: str, key: uuid.UUID | None
) -> None:
    """Close one today with a note; nothing more when this very form did so before.

    Raises Closed when the pair takes no records now, AlreadyClosed when somebody was quicker.
    The pairing's row is held meanwhile, so that nobody suspends it in between.
    """
    with transaction.atomic():
        locked = Pairing.objects.select_for_update(of=("self",), no_key=True)
        if not locked.get(pk=pairing.pk).allows_records:
            raise Closed
        try:
            matter.close(by=by, on=timezone.localdate(), note=note, pairing=pairing, key=key)
        except AlreadyClosed:
            if not OpenMatter.objects.get(pk=matter.pk).was_closed_with(key, by):
                raise
