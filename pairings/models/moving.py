"""What a move needs and what it changes: the rules behind `Pairing.move`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from pairings.states import MOVES, OPEN, WAITING, Cause, State, leads_to

if TYPE_CHECKING:
    from pairings.models.pairing import Pairing

# A ceremony is announced so many days ahead at most, and held as long before the first day.
CEREMONY_AHEAD = dt.timedelta(days=60)
CEREMONY_BEFORE = dt.timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What was entered with a move."""

    reason: str = ""
    cause: str = ""  # of "terminate" alone: the reason as a word that figures count
    document: str = ""
    on: dt.date | None = None  # the day on which it took effect
    to_on: dt.date | None = None  # the new last day of the term, of "extend" alone
    resumes_on: dt.date | None = None  # when a suspension is meant to end
    ceremony_on: dt.date | None = None

    def check(self, pairing: Pairing, verb: str, day: dt.date) -> None:
        """ValueError for what is missing and for a day that cannot be; a form says so before."""
        asks = MOVES[verb].asks
        if "reason" in asks and not self.reason.strip():
            raise ValueError("this move needs a reason")
        self._check_cause("cause" in asks)
        if "document" in asks and not self.document.strip():
            raise ValueError("this move needs a document number")
        if (self.to_on is not None) != (verb == "extend"):
            raise ValueError("an extension, and nothing else, has a new last day")
        if self.to_on and self.to_on <= (pairing.to_on or pairing.from_on):
            raise ValueError("an extension ends later than the term")
        if self.resumes_on and (verb != "suspend" or self.resumes_on <= day):
            raise ValueError("a suspension, and nothing else, is planned to end after its day")
        if verb == "ceremony" and not self.ceremony_on:
            raise ValueError("this move needs the day of the ceremony")
        if self.ceremony_on:
            first, last = ceremony_days(pairing)
            if verb not in {"ceremony", "approve"} or not first <= self.ceremony_on <= last:
                raise ValueError("no day on which the ceremony can be")

    def _check_cause(self, may_have_one: bool) -> None:
        """A form asks for a cause; words without one are enough, as they were before."""
        if self.cause and not may_have_one:
            raise ValueError("a termination, and nothing else, has a cause")
        if may_have_one and self.cause in {"", Cause.OTHER} and not self.reason.strip():
            raise ValueError("this move needs a reason")


def ceremony_days(pairing: Pairing) -> tuple[dt.date, dt.date]:
    """The first and the last day on which the ceremony of a pair may be entered now."""
    return pairing.from_on - CEREMONY_BEFORE, timezone.localdate() + CEREMONY_AHEAD


def day_of(pairing: Pairing, verb: str, on: dt.date | None = None) -> dt.date:
    """The day from which a move counts; ValueError outside of `earliest(verb)`–today.

    Without `on` it is today, but the last step to an active pair that comes after the first
    day reaches back to it: a pair that began in March counts from March, whenever entered.
    """
    today = timezone.localdate()
    if on is None:
        begins = pairing.state in WAITING and state_after(pairing, verb) == State.ACTIVE
        on = min(today, pairing.from_on) if begins else today
    if not earliest(pairing, verb) <= on <= today:
        raise ValueError("outside of the days on which this move can take effect")
    return on


def earliest(pairing: Pairing, verb: str) -> dt.date:
    """The first day; a pair may be called off before it, but nobody graduates before it.

    A suspension and what ends it follow one another, so neither reaches behind the last.
    """
    first = min(pairing.from_on, timezone.localdate())
    if verb in {"suspend", "resume"}:
        last = pairing.events.standing().changing_state().order_by("-at", "-pk").first()
        return max(first, last.on) if last else first
    return pairing.from_on if verb == "complete" else first


def state_after(pairing: Pairing, verb: str) -> State:
    return leads_to(verb, State(pairing.state), needs_approval=pairing.needs_approval)


def changes(pairing: Pairing, verb: str, day: dt.date, given: Given) -> dict[str, Any]:
    """The columns that the move writes, by name."""
    new = state_after(pairing, verb)
    found: dict[str, Any] = {"state": new}
    if new not in OPEN:
        found |= {"ended_on": day, "end_reason": given.reason, "end_cause": given.cause}
    if new != State.SUSPENDED:
        found["resumes_on"] = None
    elif verb == "suspend":
        found["resumes_on"] = given.resumes_on
    if given.to_on:
        found["to_on"] = given.to_on
    if given.ceremony_on:
        found["ceremony_on"] = given.ceremony_on
    return found
