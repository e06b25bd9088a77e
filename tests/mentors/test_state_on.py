"""Who was a mentor on a day, by the events and by the days: both say the same."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from django.utils import timezone

from mentors.models import Mentor, MentorEvent
from mentors.states import APPOINTED, MOVES
from stats.bases import mentors_on
from tests.factories import make_cadre, make_mentor

D = dt.date


class Dice(Random):
    """Chance that repeats itself; no secret hangs on it."""


def state_on(mentor: Mentor, day: dt.date) -> str | None:
    return Mentor.objects.with_state_on(day).get(pk=mentor.pk).state_on


@pytest.fixture
def candidate(tree) -> Mentor:
    cadre = make_cadre(unit=tree.shangshu, name="单老师", birth_month="1968-04")
    mentor = make_mentor(cadre=cadre, state="proposed")
    first = D(2026, 1, 5)
    MentorEvent.objects.create(mentor=mentor, verb="propose", to_state="proposed", on=first)
    return mentor


def test_the_state_of_a_day_follows_the_events(cast, candidate):
    by = cast.township
    candidate.move("publish", by=by, on=D(2026, 2, 1), notice_to_on=D(2026, 2, 7))
    candidate.move("appoint", by=by, on=D(2026, 3, 1))
    candidate.move("suspend", by=by, on=D(2026, 6, 1), reason="借调")
    candidate.move("end", by=by, on=D(2026, 8, 31), reason="退休")
    days = {
        D(2026, 1, 4): None, D(2026, 1, 5): "proposed", D(2026, 2, 28): "on_notice",
        D(2026, 3, 1): "in_office", D(2026, 5, 31): "in_office", D(2026, 6, 1): "suspended",
        D(2026, 8, 31): "suspended", D(2026, 9, 1): "ended",
    }  # fmt: skip
    assert {day: state_on(candidate, day) for day in days} == days


def test_an_entry_that_comes_later_overrules_the_days_between(cast, candidate):
    candidate.move("appoint", by=cast.township, on=D(2026, 3, 1))
    candidate.move("suspend", by=cast.township, on=D(2026, 6, 1), reason="借调")
    candidate.move("end", by=cast.township, on=D(2026, 4, 30), reason="补录退出")
    assert [state_on(candidate, D(2026, month, 15)) for month in (4, 5, 7)] == [
        "in_office",
        "ended",
        "ended",
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_days_and_events_agree_on_who_was_a_mentor(cast, tree, seed):
    """Whatever the office presses, in any order of days that the verbs allow."""
    chance, today = Dice(seed), timezone.localdate()
    mentors = []
    for number in range(8):
        cadre = make_cadre(unit=tree.shangshu, name=f"师{number}", birth_month="1960-01")
        mentor = make_mentor(cadre=cadre, state="proposed")
        MentorEvent.objects.create(
            mentor=mentor, verb="propose", to_state="proposed", on=today - dt.timedelta(days=400)
        )
        for _ in range(chance.randrange(7)):
            if not (verbs := mentor.moves_for(cast.township)):
                break
            verb = chance.choice(verbs)
            first = mentor.earliest(verb) or today - dt.timedelta(days=380)
            day = first + dt.timedelta(days=chance.randrange((today - first).days + 1))
            given = {"on": day, "reason": "因故", "document": ""}
            if verb == "publish":
                given["notice_to_on"] = day
            if verb == "renew":
                since = mentor.term_to_on or mentor.from_on
                given = {"term_to_on": since + dt.timedelta(days=30)}
            mentor.move(verb, by=cast.township, **given)
        mentors.append(mentor.pk)
    for back in range(0, 400, 7):
        day = today - dt.timedelta(days=back)
        by_events = Mentor.objects.with_state_on(day).filter(state_on__in=APPOINTED)
        by_days = Mentor.objects.appointed(day)
        found = [set(rows.filter(pk__in=mentors).values_list("pk", flat=True))
                 for rows in (by_events, by_days)]  # fmt: skip
        assert found[0] == found[1], day
    assert set(MentorEvent.objects.values_list("verb", flat=True)) <= {"propose", *MOVES}


def test_a_mentor_who_is_suspended_is_still_counted(cast):
    before = list(mentors_on(timezone.localdate()))
    cast.mentor_row.move("suspend", by=cast.township, reason="借调")
    assert list(mentors_on(timezone.localdate())) == before == [cast.mentor_row]
