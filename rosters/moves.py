"""A batch from one state to the next: compare and swap, with an event."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from rosters.models import Batch, BatchEvent
from rosters.states import NEXT, State


class Settled(Exception):
    """The batch has moved on meanwhile; nothing was done."""


def swap(batch: Batch, new: State, *, by: User | None, detail: str = "", **fields: Any) -> None:
    """Put the batch into a state that may follow its own, with other columns; or Settled.

    Belongs in a transaction: the event stands in it as well.
    """
    old = State(batch.state)
    if new not in NEXT[old]:
        raise Settled
    if not Batch.objects.filter(pk=batch.pk, state=old).update(state=new, **fields):
        raise Settled
    for name, value in {"state": new, **fields}.items():
        setattr(batch, name, value)
    BatchEvent.objects.create(
        batch=batch, actor=by, from_state=old, to_state=new, detail=detail[:500]
    )


def lock(batch: Batch, state: State) -> None:
    """Hold the batch's row until the transaction ends; Settled when it is in another state."""
    locked = Batch.objects.select_for_update().filter(pk=batch.pk, state=state).first()
    if locked is None:
        raise Settled
    batch.counts, batch.mapping = locked.counts, locked.mapping


def actor_of(batch: Batch) -> User:
    """Who asked for what is being done: that user's scope is the scope of it."""
    asked = BatchEvent.objects.filter(batch=batch).exclude(actor=None).select_related("actor")
    actor = asked.latest("at", "pk").actor
    if actor is None:
        raise ValueError("an event without an actor")
    return actor
