"""Where a pair stands, in words: what comes next, whose answer it waits for, since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from pairings.models import Pairing, PairingEvent, Policy
from pairings.states import ENDED, MOVES, Role, State

ON_BEHALF = {
    "confirm_mentor": gettext_lazy("Confirm for the mentor"),
    "confirm_mentee": gettext_lazy("Confirm for the mentee"),
}


class Button(NamedTuple):
    verb: str
    label: str | Promise
    is_main: bool
    is_one_tap: bool  # asks nothing, so it needs no page of its own
    is_weighty: bool


def policy_of(pairing: Pairing) -> Policy:
    """The rule that the pair was made under, or the unsaved preset, which says what it is."""
    return pairing.policy or Policy.in_force(pairing.unit, pairing.from_on)


def notes(pairing: Pairing, today: dt.date) -> list[str]:
    """What became of the two people while their pair is open, for whoever decides next."""
    found = []
    if pairing.is_open and (left_on := pairing.mentee.left_on):
        text = _("%(name)s left the register on %(day)s.")
        found.append(text % {"name": pairing.mentee.name, "day": _day(left_on)})
    ended_on = pairing.mentor.to_on
    if pairing.is_open and ended_on is not None and ended_on < today:
        text = _("The appointment of %(name)s as mentor ended on %(day)s.")
        found.append(text % {"name": pairing.mentor_cadre.name, "day": _day(ended_on)})
    return found


def buttons(pairing: Pairing, policy: Policy, user: User, today: dt.date) -> list[Button]:
    """The moves open to this user, the main one first, those that end something last."""
    own = pairing.side_of(user) is not None
    found = []
    for verb in pairing.moves_for(user):
        move = MOVES[verb]
        stands_in = verb in ON_BEHALF and not own
        found.append(
            Button(
                verb=verb,
                label=ON_BEHALF[verb] if stands_in else move.label,
                is_main=_is_main(pairing, policy, verb, today) and not stands_in,
                # Who confirms for another is asked how the other agreed, and may say it.
                is_one_tap=not move.asks and not stands_in,
                is_weighty=move.is_weighty,
            )
        )
    return sorted(found, key=lambda button: (button.is_weighty, not button.is_main))


def _is_main(pairing: Pairing, policy: Policy, verb: str, today: dt.date) -> bool:
    if verb == "complete":
        return is_near_its_end(pairing, policy, today)
    return verb in {"confirm_mentor", "confirm_mentee", "approve", "resume"}


def is_near_its_end(pairing: Pairing, policy: Policy, today: dt.date) -> bool:
    notice = dt.timedelta(days=policy.expiring_days)
    return pairing.to_on is not None and pairing.to_on - notice <= today


def since(events: Iterable[PairingEvent]) -> dt.datetime | None:
    """The moment of the last change of state that stands; of events with the newest first."""
    changes = (event.at for event in events if event.changes_state and event.stands)
    return next(changes, None)


def sentence(pairing: Pairing, policy: Policy, since: dt.datetime | None, today: dt.date) -> str:
    """One plain sentence: what happens next, and who it waits for, since when."""
    if pairing.waits_for:
        return waiting(pairing, since, today)
    if pairing.state == State.SUSPENDED:
        return _suspended(pairing, since, today)
    if pairing.state in ENDED:
        said = {"state": pairing.get_state_display(), "day": _day(pairing.ended_on)}
        return _("%(state)s on %(day)s; the file stays.") % said
    return _active(pairing, policy, today)


def waiting(pairing: Pairing, since: dt.datetime | None, today: dt.date) -> str:
    """Whom a pair that waits is waiting for, and since when."""
    text = _("Waiting for %(who)s to confirm")
    if pairing.state == State.AGREED:
        text = _("Waiting for %(who)s to approve")
    return text % {"who": _(" and ").join(pairing.waits_for)} + _since(since, today)


def _suspended(pairing: Pairing, since: dt.datetime | None, today: dt.date) -> str:
    words = {"since": _since(since, today).rstrip("。"), "day": _day(pairing.resumes_on)}
    if pairing.resumes_on is None:
        return _("Suspended%(since)s; the office resumes or ends it.") % words
    if pairing.resumes_on <= today:
        text = _("Suspended%(since)s. It was to go on on %(day)s: the office resumes or ends it.")
        return text % words
    return _("Suspended%(since)s; it is to go on on %(day)s.") % words


def _active(pairing: Pairing, policy: Policy, today: dt.date) -> str:
    if pairing.from_on > today:
        text = _("Approved; begins on %(day)s.")
        if not pairing.needs_approval:
            text = _("Settled without an approval; begins on %(day)s.")
        return text % {"day": _day(pairing.from_on)}
    if pairing.to_on is None:
        return _("Active; no end of term is on record.")
    if pairing.role == Role.SUBSTITUTE:
        text = _("Stands in until %(day)s, and ends by itself then.")
        return text % {"day": _day(pairing.to_on)}
    days = (pairing.to_on - today).days
    if days < 0:
        text = _("The term ended %(days)d days ago: the office graduates, extends or ends it.")
        return text % {"days": -days}
    if is_near_its_end(pairing, policy, today):
        text = _("The term ends in %(days)d days: the office graduates, extends or ends it.")
        return text % {"days": days}
    return _("Active; the term ends on %(day)s.") % {"day": _day(pairing.to_on)}


def _since(since: dt.datetime | None, today: dt.date) -> str:
    """「，自2026年11月20日起，已等 3 天。」"""
    if since is None:
        return "。"
    day = timezone.localdate(since)
    if day >= today:
        return _(", since today.")
    return _(", since %(day)s, %(days)d days.") % {"day": _day(day), "days": (today - day).days}


def _day(day: dt.date | None) -> str:
    return date_format(day, "Y年n月j日") if day else ""
