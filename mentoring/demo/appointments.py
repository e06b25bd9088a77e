"""The lives of invented mentors: proposed, on notice, appointed, renewed, suspended, ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import User
from cadres.models import Cadre
from core.months import end_of_term
from core.problems import waived
from mentoring.demo.chance import Chance
from mentoring.demo.copying import copy_rows
from mentors import eligibility
from mentors.models import PRESET_BASIS, Mentor, MentorCategory, MentorEvent, MentorPolicy, Strength
from mentors.states import State
from units.models import Unit

_WAIVERS = (
    "群众威信高，经集体研究同意",
    "熟悉本地方言和村情，工作需要",
    "档案正在补录，已核实原件",
)
_PAUSES = ("借调到县级机关", "病休", "参加脱产学习")
_ENDS = ("到龄退出", "调离本县", "本人申请")
# What becomes of the people who are no mentors now, in turn.
_ROADS = (State.PROPOSED, State.ON_NOTICE, State.ENDED)


_LATE = dt.timedelta(days=90)


class Appointments:
    """Collects rows, then writes them table by table."""

    def __init__(self, city: Unit, chance: Chance, by: User) -> None:
        self.chance, self.by = chance, by
        self.policy = MentorPolicy.objects.create(
            unit=city,
            from_on=dt.date(2018, 1, 1),
            basis=PRESET_BASIS,
            min_service_years=20,
            notice_days=5,
            term_months=36,
        )
        self.strengths = list(Strength.objects.filter(is_active=True))
        self.mentors: list[Mentor] = []
        self.events: list[MentorEvent] = []
        self.skills: list[Any] = []

    def write(self) -> None:
        copy_rows(self.mentors)
        copy_rows(self.events)
        copy_rows(self.skills)

    def in_office(self, cadre: Cadre, category: MentorCategory) -> Mentor:
        """Appointed some years ago, most of them renewed in time, a few suspended."""
        chance = self.chance
        start = chance.day(dt.date(2018, 3, 1), chance.today - dt.timedelta(days=600))
        mentor = self._proposed(cadre, category, start - dt.timedelta(days=20))
        self._appoint(mentor, start)
        while mentor.term_to_on and mentor.term_to_on < chance.today:
            if chance.today - mentor.term_to_on < _LATE and chance.random() < 0.3:
                break  # nobody has renewed it yet
            self._renew(mentor, mentor.term_to_on)
        if chance.random() < 0.03:
            on = chance.today - dt.timedelta(days=chance.randint(10, 80))
            self._event(mentor, "suspend", State.SUSPENDED, on, reason=chance.choice(_PAUSES))
        return mentor

    def beside(self, cadre: Cadre, category: MentorCategory, number: int) -> None:
        """Somebody who is proposed, on notice, or no mentor any more."""
        chance, state = self.chance, _ROADS[number % len(_ROADS)]
        if state != State.ENDED:
            mentor = self._proposed(cadre, category, chance.today - dt.timedelta(days=12))
            if state == State.ON_NOTICE:
                self._publish(mentor, chance.today - dt.timedelta(days=chance.choice([2, 6])))
            return
        start = chance.day(dt.date(2018, 3, 1), chance.today - dt.timedelta(days=900))
        mentor = self._proposed(cadre, category, start - dt.timedelta(days=20))
        self._appoint(mentor, start)
        on = chance.day(start + dt.timedelta(days=200), chance.today - dt.timedelta(days=30))
        mentor.to_on, mentor.end_reason = on, chance.choice(_ENDS)
        self._event(mentor, "end", State.ENDED, on, reason=mentor.end_reason)

    def _proposed(self, cadre: Cadre, category: MentorCategory, day: dt.date) -> Mentor:
        chance, at = self.chance, self.chance.moment(day)
        mentor = Mentor(
            id=chance.uuid_at(at),
            cadre=cadre,
            category=category,
            capacity=chance.choices([2, 3, 4], [2, 6, 2])[0],
            from_on=None,
            created_by=self.by,
            created_at=at,
        )
        mentor.put_in(cadre.unit)
        self.mentors.append(mentor)
        through = Mentor.strengths.through
        for strength in chance.sample(self.strengths, chance.randint(1, 3)):
            self.skills.append(through(mentor_id=mentor.pk, strength_id=strength.pk))
        self._event(mentor, "propose", State.PROPOSED, day, from_state="")
        return mentor

    def _publish(self, mentor: Mentor, day: dt.date) -> None:
        mentor.notice_from_on = day
        mentor.notice_to_on = day + dt.timedelta(days=4)
        self._event(mentor, "publish", State.ON_NOTICE, day, new_to_on=mentor.notice_to_on)

    def _appoint(self, mentor: Mentor, day: dt.date) -> None:
        self._publish(mentor, day - dt.timedelta(days=10))
        found = eligibility.of_person(mentor.cadre, self.policy, day)
        mentor.from_on, mentor.term_to_on = day, end_of_term(day, 36)
        passed = waived(found)
        waiver = self.chance.choice(_WAIVERS) if passed else ""
        self._event(
            mentor,
            "appoint",
            State.IN_OFFICE,
            day,
            new_to_on=mentor.term_to_on,
            waived=passed,
            waiver=waiver,
        )

    def _renew(self, mentor: Mentor, ended: dt.date) -> None:
        mentor.term_to_on = end_of_term(ended + dt.timedelta(days=1), 36)
        days = {"old_to_on": ended, "new_to_on": mentor.term_to_on}
        on = ended - dt.timedelta(days=self.chance.randint(3, 25))
        self._event(mentor, "renew", State.IN_OFFICE, on, **days)

    def _event(self, mentor: Mentor, verb: str, state: State, on: dt.date, **fields: Any) -> None:
        fields.setdefault("from_state", mentor.state)
        mentor.state = state
        self.events.append(
            MentorEvent(
                mentor=mentor,
                actor=self.by,
                verb=verb,
                to_state=state,
                on=on,
                at=self.chance.moment(on),
                **fields,
            )
        )
