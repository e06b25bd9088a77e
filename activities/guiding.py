"""A session with what its method brings along: the assignment set, the records looked back on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import User
from activities.entering import KINDS
from activities.methods import Method
from activities.models import Assignment, LookBack, Session, Visit
from pairings.models import Pairing
from pairings.succession import history_ids

PAGE = 10
_LINKS = {"visit": "visit", "session": "earlier", "assignment": "assignment"}


class Earlier(NamedTuple):
    """An earlier record as it is offered: `kind` is a key of activities.entering.KINDS."""

    kind: str
    pk: uuid.UUID
    day: dt.date
    text: str

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.pk}"

    @property
    def kind_name(self) -> Any:
        return KINDS[self.kind].name

    @property
    def detail(self) -> str:
        return KINDS[self.kind].detail


def offered(pairing: Pairing, user: User, *, query: str = "", page: int = 0) -> list[Earlier]:
    """The records that a review of this pair may look back on, newest first.

    One more than a page when there is a next one. Those of the pairs that this one goes on with
    after a change of mentor are among them, as far as the user reads them.
    """
    rows = _rows(pairing, user, {kind: Q(text__icontains=query) for kind in _LINKS})
    return [Earlier(*row) for row in rows[page * PAGE : (page + 1) * PAGE + 1]]


def found(pairing: Pairing, user: User, values: Sequence[str]) -> list[Earlier]:
    """The records that `kind:id` values name; what is not among those offered is left out."""
    wanted: dict[str, list[uuid.UUID]] = {kind: [] for kind in _LINKS}
    for value in values:
        kind, _colon, pk = value.partition(":")
        try:
            wanted.get(kind, []).append(uuid.UUID(pk))
        except ValueError:
            continue
    if not any(wanted.values()):
        return []
    rows = _rows(pairing, user, {kind: Q(pk__in=pks) for kind, pks in wanted.items()})
    return [Earlier(*row) for row in rows]


def looked_back_on(session: Session, user: User) -> list[Earlier]:
    """What a review looked back on, as far as the user reads it."""
    links = session.look_backs.all()
    values = [
        f"{kind}:{pk}" for link in links for kind, name in _LINKS.items()
        if (pk := getattr(link, f"{name}_id"))
    ]  # fmt: skip
    return found(session.pairing, user, values)


def bringing(
    *, by: User, key: uuid.UUID | None, due_on: dt.date | None, earlier: Sequence[Earlier]
) -> Callable[[Session], None]:
    """What is written beside a session, in its transaction; see activities.entering.enter."""

    def along(session: Session) -> None:
        if session.method == Method.ASSIGNMENT and due_on:
            session.assignment = Assignment.objects.create(
                pairing=session.pairing,
                title=session.topic,
                body=session.content,
                due_on=due_on,
                created_by=by,
                client_key=key,
                is_on_behalf=session.is_on_behalf,
            )
            session.save(update_fields=["assignment"])
        if session.method == Method.REVIEW:
            LookBack.objects.bulk_create(
                LookBack(session=session, **{f"{_LINKS[row.kind]}_id": row.pk}) for row in earlier
            )

    return along


def _rows(pairing: Pairing, user: User, conditions: dict[str, Q]) -> Any:
    pairs = history_ids(pairing)
    where = Concat(Coalesce("place__name", Value("")), Value(" "), "place_text")
    texts: dict[str, tuple[Any, str, Any]] = {
        "visit": (Visit, "happened_on", where),
        "session": (Session, "happened_on", F("topic")),
        "assignment": (Assignment, "due_on", F("title")),
    }
    parts = []
    for kind, (model, day, text) in texts.items():
        rows = model.objects.readable_by(user).filter(pairing__in=pairs)
        rows = rows.annotate(kind=Value(kind), day=F(day), text=Cast(text, CharField()))
        parts.append(rows.filter(conditions[kind]).values_list("kind", "pk", "day", "text"))
    return parts[0].union(*parts[1:], all=True).order_by("-day", "-pk")
