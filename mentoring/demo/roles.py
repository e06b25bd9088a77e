"""Mentees of the demo with more than one mentor: other roles, a change of mentor, a substitute."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from mentoring.demo.life import Lives
from mentors.models import Mentor
from pairings.models import Pairing, PairingEvent
from pairings.states import Cause, Role, State
from units.models import Unit

OTHERS = 12  # mentees with a political, a life or a work mentor besides
CHANGES = 3
_ROLES = (Role.POLITICAL, Role.LIFE, Role.WORK)
_NO_DOCUMENT = "无"
_CHANGED = "原导师工作变动，由同乡镇导师接任"
_AWAY = "导师参加脱产培训三个月"


def enter(county: Unit, lives: Lives) -> int:
    """Enter them beside the pairs of the county that are written already; how many new pairs."""
    cast = _Cast(county, lives.chance.today)
    pairs = Pairing.objects.for_detail().filter(county=county, role=Role.LEAD).order_by("id")
    # The pair that has sign-ins stays what its page says.
    pairs = pairs.filter(to_on__isnull=False, mentor_cadre__user=None, mentee__user=None)
    running = [(pair, mentor) for pair in pairs.filter(state=State.ACTIVE)[:200]
               if (mentor := cast.another(pair))]  # fmt: skip
    for number, (pair, mentor) in enumerate(running[:OTHERS]):
        made = lives.pair(mentor, pair.mentee, State.ACTIVE, from_on=pair.from_on)
        made.role = _ROLES[number % len(_ROLES)]
    for pair, mentor in running[OTHERS : OTHERS + CHANGES]:
        _change(lives, pair, mentor)
    away = next(
        ((pair, mentor) for pair in pairs.filter(state=State.SUSPENDED)
         if (mentor := cast.another(pair))), None,
    )  # fmt: skip
    if away:
        _stand_in(lives, *away)
    return lives.write()["Pairing"]


class _Cast:
    """Mentors with a place free, each asked once."""

    def __init__(self, county: Unit, today: dt.date) -> None:
        rows = Mentor.objects.in_office(today).with_free_places().filter(county=county)
        rows = rows.filter(cadre__left_on=None).exclude(township=None)
        self._free = list(rows.select_related("cadre__unit", "unit").order_by("id"))
        open_ = Pairing.objects.open().filter(county=county)
        self._couples: set[tuple[UUID, UUID]] = set(open_.values_list("mentee", "mentor_cadre"))

    def another(self, pair: Pairing) -> Mentor | None:
        for mentor in self._free:
            is_near = mentor.township_id == pair.township_id and mentor.cadre_id != pair.mentee_id
            if is_near and (pair.mentee_id, mentor.cadre_id) not in self._couples:
                self._free.remove(mentor)
                return mentor
        return None


def _change(lives: Lives, pair: Pairing, mentor: Mentor) -> None:
    """The old pair ended on a day of the last weeks, and the new one goes on from it."""
    chance = lives.chance
    first = max(pair.from_on + dt.timedelta(days=1), chance.today - dt.timedelta(days=60))
    on = chance.day(min(first, chance.today), chance.today)
    at = chance.moment(chance.today)
    PairingEvent.objects.create(
        pairing=pair, actor=lives.by, verb="terminate", from_state=pair.state,
        to_state=State.TERMINATED, cause=Cause.CHANGED, reason=_CHANGED,
        document=_NO_DOCUMENT, on=on, at=at,
    )  # fmt: skip
    Pairing.objects.filter(pk=pair.pk).update(
        state=State.TERMINATED, ended_on=on, end_cause=Cause.CHANGED, end_reason=_CHANGED
    )
    made = lives.pair(mentor, pair.mentee, State.ACTIVE, from_on=on)
    made.succeeds, made.to_on = pair, max(pair.to_on or on, on + dt.timedelta(days=30))


def _stand_in(lives: Lives, pair: Pairing, mentor: Mentor) -> None:
    """The pair is suspended while its mentor studies, and somebody stands in until then."""
    today = lives.chance.today
    ends = today + dt.timedelta(days=80)
    back = ends + dt.timedelta(days=1)
    suspended = pair.events.filter(verb="suspend")
    begins = suspended.values_list("on", flat=True).first() or today
    suspended.update(reason=_AWAY, document=_NO_DOCUMENT, resumes_on=back)
    Pairing.objects.filter(pk=pair.pk).update(resumes_on=back)
    made = lives.pair(mentor, pair.mentee, State.ACTIVE, from_on=begins)
    made.role, made.stands_in_for, made.to_on = Role.SUBSTITUTE, pair, ends
