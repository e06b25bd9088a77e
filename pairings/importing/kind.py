"""The pair roster: pairs that an office has already, as a kind of roster (rosters.kinds).

They become active at once; docs/decisions/import-pairings-are-approved.md says why.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import PROTECT, Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.months import end_of_term
from pairings.importing.judging import PairJudge, PairVerdict
from pairings.importing.rows import COLUMNS, read_row
from pairings.importing.template import template
from pairings.models import Method, Pairing, PairingEvent, Policy
from pairings.states import MOVES, Role, State
from rosters.kinds import Cell, Judge, Kind, Progress, Reading, Refused, Staged, Values, Verdict
from rosters.states import Outcome
from units.models import Unit

_BATCH = 1_000
# What the importing office does for each pair, in this order.
_VERBS = ("confirm_mentor", "confirm_mentee", "approve")
_EVENTS = 1 + len(_VERBS)
Effects = Iterator[list[tuple[int, int, int, dict[str, Any]]]]


class PairRoster(Kind):
    code = "pairings"
    title = gettext_lazy("Roster of pairs")
    lead = gettext_lazy(
        "For pairs that exist already: they become active from their first day on. "
        "Both people must be in the register."
    )
    columns = COLUMNS
    seen_at = "pairings:list"
    takes_new = False

    def reader(self, by: User) -> Callable[[Mapping[str, Cell]], Reading]:
        return functools.partial(read_row, today=timezone.localdate())

    def judge(self, by: User) -> Judge:
        return PairJudge(by)

    def save(
        self, rows: Iterator[list[tuple[int, Staged, Verdict]]], by: User, progress: Progress
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """New pairs with their events; the others are in the register already."""
        found = [
            (pk, staged.values, verdict)
            for chunk in rows
            for pk, staged, verdict in chunk
            if verdict.outcome == Outcome.NEW and isinstance(verdict, PairVerdict)
        ]
        make = _Making(by)
        for start in range(0, len(found), _BATCH):
            chunk = found[start : start + _BATCH]
            pairs = [make.pairing(values, verdict) for _pk, values, verdict in chunk]
            Pairing.objects.bulk_create(pairs)
            events = [event for pairing in pairs for event in _events(pairing, by)]
            PairingEvent.objects.bulk_create(events)
            progress(start + len(chunk), len(found))
            for (pk, _values, _verdict), pairing in zip(chunk, pairs, strict=True):
                yield pk, {"pairing": str(pairing.pk)}

    def undo(self, effects: Effects, progress: Progress, *, keep_blocked: bool) -> int:
        """Remove the pairs as if they had never come in; see `_resting` for what forbids it."""
        free: list[UUID] = []
        blocked: list[tuple[int, int, str]] = []
        for chunk in effects:
            ids = {UUID(effect["pairing"]): (sheet, row) for _pk, sheet, row, effect in chunk}
            resting = _resting(ids)
            blocked += [(*ids[pk], sentence) for pk, sentence in resting.items()]
            free += [pk for pk in ids if pk not in resting]
            progress(0, 0)
        if blocked and not keep_blocked:
            raise Refused(sorted(blocked))
        for start in range(0, len(free), _BATCH):
            rows = Pairing.objects.filter(pk__in=free[start : start + _BATCH])
            PairingEvent.objects.filter(pairing__in=rows).delete()
            rows.delete()
            progress(start, len(free))
        return len(free)

    def template(self, by: User) -> bytes:
        return template(by)


class _Making:
    """New pairs of a roster; the rules in force are read once for each unit and day."""

    def __init__(self, by: User) -> None:
        self._by = by
        self._policies: dict[tuple[int, dt.date], Policy] = {}

    def pairing(self, values: Values, verdict: PairVerdict) -> Pairing:
        mentor, mentee = verdict.mentor, verdict.mentee
        if mentor is None or mentee is None:
            raise ValueError("a new pair has both people")
        begins = dt.date.fromisoformat(values["from_on"])
        policy = self._policy(mentee.unit, begins)
        months = values.get("months", policy.term_months)
        pairing = Pairing(
            mentor=mentor,
            mentor_cadre_id=mentor.cadre_id,
            mentee=mentee,
            policy=None if policy.is_preset else policy,
            role=values.get("role", Role.LEAD),
            method=values.get("method", Method.ASSIGNED),
            from_on=begins,
            to_on=end_of_term(begins, months) if months else None,
            remark=values.get("remark", ""),
            state=State.ACTIVE,
            created_by=self._by,
        )
        pairing.put_in(mentee.unit)
        return pairing

    def _policy(self, unit: Unit, on: dt.date) -> Policy:
        if (unit.pk, on) not in self._policies:
            self._policies[unit.pk, on] = Policy.in_force(unit, on)
        return self._policies[unit.pk, on]


def _events(pairing: Pairing, by: User) -> list[PairingEvent]:
    """The same rows that `register` and `move` would write, with the first day as theirs."""
    state, reason = State.PROPOSED, _("Taken over from the office's list")
    events = [
        PairingEvent(
            pairing=pairing, actor=by, verb="register", to_state=state, on=pairing.from_on,
            reason=reason,
        )
    ]  # fmt: skip
    for verb in _VERBS:
        old, state = state, MOVES[verb].path[state]
        events.append(
            PairingEvent(
                pairing=pairing, actor=by, is_on_behalf=verb != "approve", verb=verb,
                from_state=old, to_state=state, on=pairing.from_on, reason=reason,
            )
        )  # fmt: skip
    return events


def _resting(ids: Iterable[UUID]) -> dict[UUID, str]:
    """By pair, the sentence that forbids to remove it: records, certificates, later moves.

    What hangs on a pair stands in rooms above; whatever protects it there is found by itself.
    """
    rows = Pairing.objects.filter(pk__in=list(ids)).annotate(moves=Count("events"))
    hangers = [r for r in Pairing._meta.related_objects if r.on_delete is PROTECT]
    for number, relation in enumerate(hangers):
        there = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        rows = rows.annotate(**{f"has_{number}": Exists(there)})
    sentences = {}
    for pairing in rows:
        hanging = [
            str(relation.related_model._meta.verbose_name)
            for number, relation in enumerate(hangers)
            if getattr(pairing, f"has_{number}")
        ]
        if hanging:
            message = _("The pair has these already: %(what)s.")
            sentences[pairing.pk] = message % {"what": "、".join(hanging)}
        elif pairing.moves != _EVENTS:
            sentences[pairing.pk] = _("The pair has been moved since the import.")
    return sentences


PAIRINGS = PairRoster()
