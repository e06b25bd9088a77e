import datetime as dt

import pytest

from activities.models import Assignment
from pairings.models import Pairing
from tests.activities.making import make_assignment

TODAY = dt.date(2026, 11, 23)


def titles(rows):
    return sorted(rows.values_list("title", flat=True))


@pytest.fixture
def assignments(cast):
    def make(title, day, state="set"):
        make_assignment(
            pairing=cast.pairing, title=title, due_on=dt.date(2026, 11, day), state=state
        )

    make("昨天到期", 22)
    make("今天到期", 23)
    make("后天到期", 25, "returned")
    make("还早", 26)
    for state in ("submitted", "accepted", "withdrawn"):
        make(f"{state}昨天", 22, state)
        make(f"{state}今天", 23, state)


def test_due_within_counts_today_and_the_last_day(assignments):
    assert titles(Assignment.objects.due_within(TODAY, 2)) == ["今天到期", "后天到期"]


def test_overdue_begins_the_day_after_the_due_date(assignments):
    assert titles(Assignment.objects.overdue(TODAY)) == ["昨天到期"]
    assert [a.is_overdue(TODAY) for a in Assignment.objects.filter(title="昨天到期")] == [True]


@pytest.mark.parametrize("state", ["suspended", "completed"])
def test_a_pair_that_rests_or_has_ended_owes_nothing(assignments, cast, state):
    Pairing.objects.update(state=state, ended_on=TODAY if state == "completed" else None)
    assert titles(Assignment.objects.overdue(TODAY)) == []
    assert titles(Assignment.objects.due_within(TODAY, 2)) == []
