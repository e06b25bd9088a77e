"""The invented pairs' lives: every state, with the events that led there, and their records."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from accounts.models import User
from activities.models import Assignment, Review, Session, Submission, Visit
from cadres.models import Cadre
from core.months import end_of_term
from mentoring.demo import texts
from mentoring.demo.chance import Chance
from mentoring.demo.copying import copy_rows
from mentoring.demo.people import Group
from mentors.models import Mentor
from pairings.models import Method, Pairing, PairingEvent, Policy
from pairings.states import MOVES, State

S = State
MONTHS = 18  # of records before today
# Of a thousand mentees, how many stand in each state today; the rest are active.
_IN_STATE = {
    S.PROPOSED: 15,
    S.MENTOR_AGREED: 8,
    S.MENTEE_AGREED: 8,
    S.AGREED: 14,
    S.SUSPENDED: 20,
    S.COMPLETED: 60,
    S.TERMINATED: 15,
    S.DECLINED: 6,
    S.WITHDRAWN: 6,
}
# The moves that lead from registration to each state.
_ROADS: dict[State, tuple[str, ...]] = {
    S.PROPOSED: (),
    S.MENTOR_AGREED: ("confirm_mentor",),
    S.MENTEE_AGREED: ("confirm_mentee",),
    S.AGREED: ("confirm_mentee", "confirm_mentor"),
    S.ACTIVE: ("confirm_mentor", "confirm_mentee", "approve"),
    S.SUSPENDED: ("confirm_mentor", "confirm_mentee", "approve", "suspend"),
    S.COMPLETED: ("confirm_mentor", "confirm_mentee", "approve", "complete"),
    S.TERMINATED: ("confirm_mentee", "confirm_mentor", "approve", "terminate"),
    S.DECLINED: ("decline",),
    S.WITHDRAWN: ("withdraw",),
}
_WORKED = {S.ACTIVE, S.SUSPENDED, S.COMPLETED, S.TERMINATED}
_METHODS = list(texts.SESSION_TOPICS)


class Lives:
    """Collects rows, then writes them table by table."""

    def __init__(self, chance: Chance, by: User, policy: Policy) -> None:
        self.chance, self.by, self.policy = chance, by, policy
        self.rows: dict[type, list[Any]] = {
            model: []
            for model in (Pairing, PairingEvent, Session, Visit, Assignment, Submission, Review)
        }
        self.unseen = list(_ROADS)  # a small demo shows every state as well

    def write(self) -> Counter[str]:
        return Counter({model.__name__: copy_rows(rows) for model, rows in self.rows.items()})

    def group(self, group: Group) -> None:
        """Pair a township's people: each mentee once, some with an earlier, finished pair."""
        for number, mentee in enumerate(group.mentees):
            if not group.mentors:
                return
            mentor = group.mentors[number % len(group.mentors)]
            state, since = self._state(), None
            if state in {S.ACTIVE, S.SUSPENDED} and self.chance.random() < 0.08:
                before = group.mentors[(number + 1) % len(group.mentors)]
                if before is not mentor:
                    earlier = self.pair(before, mentee, S.COMPLETED, is_earlier=True)
                    # One lead mentor at a time: the next began when the first had ended.
                    since = max(self._first_day(state, False), earlier.ended_on or dt.date.min)
            self.pair(mentor, mentee, state, from_on=since)

    def _state(self) -> State:
        if self.unseen:
            return self.unseen.pop()
        roll = self.chance.randrange(1000)
        for state, share in _IN_STATE.items():
            if roll < share:
                return state
            roll -= share
        return S.ACTIVE

    def pair(
        self,
        mentor: Mentor,
        mentee: Cadre,
        state: State,
        *,
        is_earlier: bool = False,
        from_on: dt.date | None = None,
    ) -> Pairing:
        chance, today = self.chance, self.chance.today
        from_on = from_on or self._first_day(state, is_earlier)
        registered = min(from_on - dt.timedelta(days=chance.randint(5, 20)), today)
        entered = chance.moment(registered)
        pairing = Pairing(
            id=chance.uuid_at(entered),
            mentor=mentor,
            mentor_cadre_id=mentor.cadre_id,
            mentee=mentee,
            policy=self.policy,
            method=chance.choices(list(Method), [5, 3, 2])[0],
            from_on=from_on,
            to_on=end_of_term(from_on, 12),
            state=state,
            created_by=self.by,
            created_at=entered,
        )
        pairing.put_in(mentee.unit)
        if state == S.SUSPENDED:
            pairing.to_on = end_of_term(from_on, 24)
        elif state == S.ACTIVE and end_of_term(from_on, 12) < today:
            self._extend(pairing, end_of_term(from_on, 12))
        self._events(pairing, entered)
        self.rows[Pairing].append(pairing)
        if state in _WORKED:
            self._records(pairing)
        return pairing

    def _first_day(self, state: State, is_earlier: bool) -> dt.date:
        chance, today = self.chance, self.chance.today
        if state not in _WORKED:
            return chance.day(today - dt.timedelta(days=9), today + dt.timedelta(days=20))
        earliest = today - dt.timedelta(days=30 * MONTHS)
        from_on = chance.day(earliest, today - dt.timedelta(days=200 if is_earlier else 40))
        if state == S.COMPLETED or is_earlier:
            return chance.day(earliest, earliest + dt.timedelta(days=120))
        return from_on

    def _extend(self, pairing: Pairing, old: dt.date) -> None:
        """An active pair past its first term was extended, most by a year, some just enough."""
        months = self.chance.choice([18, 24, 24, 24])
        pairing.to_on = end_of_term(pairing.from_on, months)
        if pairing.to_on < self.chance.today:
            pairing.to_on = self.chance.today + dt.timedelta(days=self.chance.randint(3, 45))
        at = self.chance.moment(old - dt.timedelta(days=5))
        self.rows[PairingEvent].append(
            PairingEvent(
                pairing=pairing,
                actor=self.by,
                verb="extend",
                from_state=S.ACTIVE,
                to_state=S.ACTIVE,
                reason=texts.REASONS["extend"],
                on=at.date(),
                at=at,
                old_to_on=old,
                new_to_on=pairing.to_on,
            )
        )

    def _events(self, pairing: Pairing, entered: dt.datetime) -> None:
        chance, today = self.chance, self.chance.today
        state, at = S.PROPOSED, entered
        events = [
            PairingEvent(
                pairing=pairing, actor=self.by, verb="register", to_state=state, on=at.date(), at=at
            )
        ]
        cause, reason = "", texts.REASONS.get(pairing.state, "")
        if pairing.state == S.TERMINATED:
            cause, reason = chance.choice(texts.ENDS)
        for verb in _ROADS[State(pairing.state)]:
            before = at
            at = min(at + dt.timedelta(hours=chance.randint(2, 40)), chance.moment(today))
            if verb in {"suspend", "terminate"}:
                start = max(pairing.from_on + dt.timedelta(days=30), at.date())
                at = chance.moment(chance.day(min(start, today), today))
            if verb == "complete":
                at = chance.moment(min(end_of_term(pairing.from_on, 12), today))
            # What is done on one day is done in order.
            at = max(at, before + dt.timedelta(minutes=1))
            old, state = state, MOVES[verb].path[state]
            events.append(
                PairingEvent(
                    pairing=pairing,
                    actor=self.by,
                    is_on_behalf=verb.startswith("confirm"),
                    verb=verb,
                    from_state=old,
                    to_state=state,
                    cause=cause if verb == "terminate" else "",
                    reason=reason if state == pairing.state else texts.REASONS.get(state, ""),
                    on=at.date(),
                    at=at,
                )
            )
        if state in {S.COMPLETED, S.TERMINATED, S.DECLINED, S.WITHDRAWN}:
            pairing.ended_on, pairing.end_cause, pairing.end_reason = at.date(), cause, reason
        self.rows[PairingEvent] += events

    def _records(self, pairing: Pairing) -> None:
        """Meetings about every three weeks; one pair in twelve fell silent after a while."""
        chance = self.chance
        last = min(pairing.ended_on or chance.today, chance.today)
        if chance.random() < 0.08:
            last = min(last, pairing.from_on + dt.timedelta(days=chance.randint(0, 120)))
        day = pairing.from_on + dt.timedelta(days=chance.randint(1, 15))
        while day <= last:
            kind = chance.random()
            if kind < 0.5:
                self._session(pairing, day)
            elif kind < 0.85:
                self._visit(pairing, day)
            else:
                self._assignment(pairing, day)
            day += dt.timedelta(days=chance.randint(8, 34))

    def _record(self, model: type, pairing: Pairing, day: dt.date, **fields: Any) -> Any:
        at = self.chance.moment(day)
        row = model(
            id=self.chance.uuid_at(at),
            pairing=pairing,
            created_by=self.by,
            created_at=at,
            is_on_behalf=True,
            **fields,
        )
        row.put_in(pairing.unit)
        self.rows[model].append(row)
        return row

    def _session(self, pairing: Pairing, day: dt.date) -> None:
        method = self.chance.choice(_METHODS)
        self._record(
            Session,
            pairing,
            day,
            happened_on=day,
            method=method,
            topic=self.chance.choice(texts.SESSION_TOPICS[method]),
            content=self.chance.choice(texts.SESSION_CONTENTS),
            details=texts.DETAILS.get(method, {}) if self.chance.random() < 0.6 else {},
        )

    def _visit(self, pairing: Pairing, day: dt.date) -> None:
        chance = self.chance
        self._record(
            Visit,
            pairing,
            day,
            happened_on=day,
            place_text=chance.choice(texts.PLACES),
            visited=chance.choices(
                ["household", "hardship", "firm", "project", "other"], [5, 2, 2, 1, 1]
            )[0],
            people_count=chance.randint(1, 12),
            is_with_mentor=chance.random() < 0.4,
            asked=chance.choice(texts.ASKED),
            done=chance.choice(texts.DONE),
        )

    def _assignment(self, pairing: Pairing, day: dt.date) -> None:
        chance, today = self.chance, self.chance.today
        title, body = chance.choice(texts.TASKS)
        due = day + dt.timedelta(days=chance.randint(7, 21))
        task = self._record(Assignment, pairing, day, title=title, body=body, due_on=due)
        handed_in = day + dt.timedelta(days=chance.randint(3, 24))
        if handed_in > today or chance.random() < 0.05:
            return
        self._submission(task, handed_in)
        task.state = "submitted"
        decided = handed_in + dt.timedelta(days=chance.randint(1, 6))
        if decided > today:
            return
        if chance.random() < 0.15:
            self._review(task, decided, "returned", chance.choice(texts.RETURNS))
            task.state = "returned"
            decided += dt.timedelta(days=6)
            if decided > today:
                return
            self._submission(task, decided - dt.timedelta(days=2))
        self._review(task, decided, "accepted", chance.choice(texts.COMMENTS))
        task.state, task.decided_at = "accepted", chance.moment(decided)

    def _submission(self, task: Assignment, day: dt.date) -> None:
        at = self.chance.moment(day)
        self.rows[Submission].append(
            Submission(
                id=self.chance.uuid_at(at),
                assignment=task,
                created_by=self.by,
                created_at=at,
                text=self.chance.choice(texts.ANSWERS),
            )
        )

    def _review(self, task: Assignment, day: dt.date, verdict: str, comment: str) -> None:
        self.rows[Review].append(
            Review(
                assignment=task,
                verdict=verdict,
                comment=comment,
                created_by=self.by,
                is_on_behalf=True,
                created_at=self.chance.moment(day),
            )
        )


def something_to_do(pairing: Pairing, chance: Chance) -> None:
    """For the pair that the demo signs in as: one assignment to hand in, one to be reviewed."""
    mentor, mentee = pairing.mentor_cadre.user, pairing.mentee.user
    if mentee is None:
        return
    for number, (title, body) in enumerate(texts.TASKS[:2]):
        at = chance.moment(chance.today - dt.timedelta(days=6 - number))
        task = Assignment(
            id=chance.uuid_at(at),
            pairing=pairing,
            created_by=mentor,
            created_at=at,
            title=title,
            body=body,
            due_on=chance.today + dt.timedelta(days=2 + number),
        )
        task.save()
        if number:
            task.hand_in(Submission(id=chance.uuid_at(at), text=texts.ANSWERS[0]), by=mentee)
