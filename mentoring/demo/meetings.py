"""Planned meetings of the demo's county: to come, held, moved to another day, called off."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from accounts.models import User
from activities.models import Method
from calendars.models import MeetingEvent, PlannedMeeting
from calendars.states import State
from mentoring.demo.chance import Chance
from pairings.models import Pairing
from pairings.states import Role
from pairings.states import State as PairState
from units.models import Unit

PAIRS = 12


class _Meeting(NamedTuple):
    after: int  # days from today
    clock: dt.time | None
    method: str
    topic: str
    place: str
    verb: str = ""
    reason: str = ""


_MEETINGS = (
    _Meeting(-16, dt.time(9), Method.ON_SITE, "一起走访联系村的独居老人", "村委会", "hold"),
    _Meeting(-9, dt.time(14, 30), Method.CASE, "解剖一起宅基地纠纷", "乡综治中心", "hold"),
    _Meeting(-4, dt.time(9, 30), Method.SCENARIO, "情景模拟：接待来访群众", "便民服务中心",
             "cancel", "全乡防汛值班，另约时间"),
    _Meeting(3, dt.time(14), Method.PRACTICE, "放手主持一次村民代表会议", "村文化礼堂",
             "put_off", "村里会期推后三天"),
    _Meeting(3, dt.time(16, 30), "", "商量调研报告的提纲", "乡政府二楼"),
    _Meeting(3, None, Method.ASSIGNMENT, "议定下个月的作业", ""),
    _Meeting(12, dt.time(9), Method.ON_SITE, "跟班看一次项目验收", "集镇改造工地"),
    _Meeting(25, None, Method.REVIEW, "复盘半年来的走访", ""),
)  # fmt: skip


def enter(county: Unit, shown: Pairing | None, *, by: User, chance: Chance) -> int:
    """All of them for the pair that the demo signs in as, some for others; how many."""
    pairs = Pairing.objects.filter(county=county, state=PairState.ACTIVE, from_on__lt=chance.today)
    pairs = pairs.exclude(role=Role.SUBSTITUTE).for_detail().order_by("-id")
    count = 0
    for pairing in [pair for pair in pairs[:PAIRS] if pair != shown]:
        for meeting in chance.sample(_MEETINGS, 2):
            count += _plan(pairing, meeting, by, chance)
    if shown is not None:
        count += sum(_plan(shown, meeting, by, chance) for meeting in _MEETINGS)
    return count


def _plan(pairing: Pairing, meeting: _Meeting, office: User, chance: Chance) -> bool:
    """One side, or the office for a pair without accounts, planned it a week ahead."""
    day = chance.today + dt.timedelta(days=meeting.after)
    planned_on = min(day, chance.today) - dt.timedelta(days=7)
    if planned_on < pairing.from_on:
        return False
    side = pairing.mentor_cadre.user or pairing.mentee.user
    by, on_behalf = side or office, side is None
    at, decided = chance.moment(planned_on), chance.moment(min(day, chance.today))
    moved = meeting.verb == "put_off"
    states = {"hold": State.HELD, "cancel": State.CANCELLED}
    row = PlannedMeeting(
        id=chance.uuid_at(at), pairing=pairing, day=day, time=meeting.clock,
        method=meeting.method, topic=meeting.topic, place_text=meeting.place, created_by=by,
        state=states.get(meeting.verb, State.PLANNED), revision=bool(meeting.verb),
        changed_at=decided if meeting.verb else at, is_on_behalf=on_behalf,
        reason=meeting.reason if meeting.verb == "cancel" else "",
    )  # fmt: skip
    row.save()
    first = day - dt.timedelta(days=3) if moved else day
    _event(row, "plan", at, State.PLANNED, new_day=first)
    if meeting.verb:
        _event(row, meeting.verb, decided, row.state, new_day=day, old_day=first,
               from_state=State.PLANNED, reason=meeting.reason)  # fmt: skip
    return True


def _event(row: PlannedMeeting, verb: str, at: dt.datetime, state: str, **more: Any) -> None:
    event = MeetingEvent.objects.create(
        meeting=row, verb=verb, to_state=state, created_by=row.created_by,
        is_on_behalf=row.is_on_behalf, **more,
    )  # fmt: skip
    MeetingEvent.objects.filter(pk=event.pk).update(created_at=at)
