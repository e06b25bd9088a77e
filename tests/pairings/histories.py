"""Random lives of pairs, as rows of events, and what plain Python says of a day of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from pairings.models import Pairing, PairingEvent
from pairings.states import ENDED, MOVES, OPEN, Role, State

DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 1, 1)
SPAN = 200  # days in which things happen
_MOMENT = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)


@dataclass
class Told:
    """An event; `undoes` is the place in the history of the one that it takes back."""

    verb: str
    old: str
    new: str
    on: dt.date
    term: tuple[dt.date | None, dt.date | None] | None = None
    undoes: int | None = None


class Then(NamedTuple):
    """A pair on a day, by the second count."""

    state: str
    to_on: dt.date | None
    ended_on: dt.date | None
    since: dt.date | None


def any_day(chance: Random) -> dt.date:
    return FIRST + chance.randrange(SPAN) * DAY


def history(chance: Random, to_on: dt.date | None) -> list[Told]:
    """In the order of entry; the days in effect come in any order."""
    state = chance.choice([State.PROPOSED, State.AGREED, State.ACTIVE])
    found = [Told("register", "", state, any_day(chance))]
    term = to_on
    for _ in range(chance.randrange(7)):
        undone = {told.undoes for told in found}
        open_to_it = [
            at for at, told in enumerate(found)
            if at and at not in undone and told.undoes is None
        ]  # fmt: skip
        if open_to_it and chance.random() < 0.25:  # the last one alone, as the office may
            last = open_to_it[-1]
            back = found[last]
            term = back.term[0] if back.term else term
            found.append(Told("reverse", back.new, back.old, back.on, undoes=last))
            if back.term:
                found[-1].term = (back.term[1], back.term[0])
            state = State(back.old)
            continue
        verbs = [verb for verb, move in MOVES.items() if state in move.path]
        if not verbs:
            break
        verb = chance.choice(verbs)
        new = MOVES[verb].path[state]
        told = Told(verb, state, new, any_day(chance))
        if verb == "extend":
            longer = (term or FIRST + SPAN * DAY) + chance.randrange(1, 90) * DAY
            told.term, term = (term, longer), longer
        found.append(told)
        state = new
    return found


def enter(pairing: Pairing, story: list[Told]) -> Pairing:
    """The row as it stands after its history, with an event for each step."""
    state = story[-1].new
    pairing.state, pairing.role = state, Role.WORK
    standing = _standing(story)
    if state not in OPEN:
        pairing.ended_on = next(told.on for told in reversed(standing) if told.old != told.new)
    terms = [told.term for told in story if told.term]
    if terms:
        pairing.to_on = terms[-1][1]
    pairing.save()
    made: list[PairingEvent] = []
    for at, told in enumerate(story):
        old_to_on, new_to_on = told.term or (None, None)
        made.append(
            PairingEvent.objects.create(
                pairing=pairing, verb=told.verb, from_state=told.old, to_state=told.new,
                on=told.on, old_to_on=old_to_on, new_to_on=new_to_on,
                reverses=None if told.undoes is None else made[told.undoes],
                at=_MOMENT + at * dt.timedelta(hours=1),
            )
        )  # fmt: skip
    return pairing


def _standing(story: list[Told]) -> list[Told]:
    undone = {told.undoes for told in story}
    return [told for at, told in enumerate(story) if at not in undone and told.undoes is None]


def then(story: list[Told], first_term: dt.date | None, day: dt.date) -> Then | None:
    """What stood at the end of that day; None while the pair was not on record."""
    state, since, term = None, None, first_term
    for told in _standing(story):
        if told.on > day:
            continue
        state = told.new
        if told.old != told.new:
            since = told.on
        if told.term:
            term = told.term[1]
    if state is None:
        return None
    return Then(state, term, since if state in ENDED else None, since)
