"""Where an appointment stands, in words: what comes next, and which button leads there."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from mentors.models import Mentor, MentorPolicy
from mentors.states import MOVES, State


class Button(NamedTuple):
    verb: str
    label: str | Promise
    is_main: bool
    is_weighty: bool


def buttons(mentor: Mentor, policy: MentorPolicy, user: User, today: dt.date) -> list[Button]:
    """The moves open to this user, the main one first, those that end something last."""
    main = _next_step(mentor, policy, today)
    found = [
        Button(verb, MOVES[verb].label, verb == main, MOVES[verb].is_weighty)
        for verb in mentor.moves_for(user)
    ]
    return sorted(found, key=lambda button: (button.is_weighty, not button.is_main))


def _next_step(mentor: Mentor, policy: MentorPolicy, today: dt.date) -> str:
    """The verb that usually comes next; empty where nothing is due."""
    if mentor.state == State.PROPOSED:
        return "publish" if policy.requires_notice else "appoint"
    if mentor.state == State.ON_NOTICE:
        return "appoint" if is_notice_over(mentor, today) else ""
    if mentor.state == State.SUSPENDED:
        return "resume"
    return "renew" if is_near_its_end(mentor, policy, today) else ""


def is_notice_over(mentor: Mentor, today: dt.date) -> bool:
    return mentor.notice_to_on is not None and mentor.notice_to_on < today


def is_near_its_end(mentor: Mentor, policy: MentorPolicy, today: dt.date) -> bool:
    """Whether the agreed term of an open appointment ends soon, or has ended already."""
    notice = dt.timedelta(days=policy.expiring_days)
    return mentor.is_open and mentor.term_to_on is not None and mentor.term_to_on - notice <= today


def sentence(mentor: Mentor, policy: MentorPolicy, today: dt.date) -> str:
    """One plain sentence: what stands, and what the office does next."""
    match mentor.state:
        case State.PROPOSED:
            if policy.requires_notice:
                return _("Proposed; the public notice comes next (%(basis)s).") % {
                    "basis": policy.basis
                }
            return _("Proposed; the office appoints, or puts the proposal on public notice.")
        case State.ON_NOTICE:
            text = _("On public notice until %(day)s; then the office appoints.")
            if is_notice_over(mentor, today):
                text = _("The public notice ended on %(day)s: the office appoints or withdraws.")
            return text % {"day": _day(mentor.notice_to_on)}
        case State.SUSPENDED:
            return _("Suspended: pairs under way go on, new ones are not made.")
        case State.ENDED:
            text = _("The appointment ended on %(day)s; the file stays.")
            if mentor.from_on is None:
                text = _("It did not come to an appointment; closed on %(day)s.")
            return text % {"day": _day(mentor.to_on)}
    return _in_office(mentor, policy, today)


def _in_office(mentor: Mentor, policy: MentorPolicy, today: dt.date) -> str:
    if mentor.from_on is not None and mentor.from_on > today:
        return _("Appointed; begins on %(day)s.") % {"day": _day(mentor.from_on)}
    if mentor.term_to_on is None:
        return _("In office; no end of term is on record.")
    days = (mentor.term_to_on - today).days
    if days < 0:
        text = _("The term ended %(days)d days ago: the office renews or ends the appointment.")
        return text % {"days": -days}
    if is_near_its_end(mentor, policy, today):
        text = _("The term ends in %(days)d days: the office renews or ends the appointment.")
        return text % {"days": days}
    return _("In office; the term ends on %(day)s.") % {"day": _day(mentor.term_to_on)}


def _day(day: dt.date | None) -> str:
    return date_format(day, "Y年n月j日") if day else ""
