"""Many press at once, on the real PostgreSQL: each race has one winner and leaves one event."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from accounts.models import User
from core.problems import Refused
from mentors import appointing
from mentors.appointing import Terms
from mentors.models import Mentor, MentorEvent, StaleMove, StillPaired
from pairings.models import Pairing
from pairings.registering import propose
from tests.factories import make_cadre, make_mentor

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
D = dt.date


def race(*jobs):
    """What each job returned or raised; all have read before the first one writes."""
    results: list = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(index, read, write):
        try:
            row = read()
            gate.wait()
            results[index] = write(row)
        except (StaleMove, StillPaired, Refused) as raised:
            results[index] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, *job)) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def pressing(mentor, verb, **given):
    def read():
        return (
            Mentor.objects.select_related("cadre", "unit").get(pk=mentor.pk),
            User.objects.get(username="anji"),
        )

    return read, lambda found: found[0].move(verb, by=found[1], **given)


def test_of_eight_who_appoint_one_does(cast, tree):
    mentor = make_mentor(cadre=make_cadre(unit=tree.dipu), state="proposed")

    def appoint(found):
        return appointing.appoint(found[0], Terms(D(2026, 3, 1)), by=found[1])

    results = race(*[(pressing(mentor, "appoint")[0], appoint) for _ in range(8)])
    assert sum(isinstance(result, MentorEvent) for result in results) == 1
    assert sum(isinstance(result, StaleMove) for result in results) == 7
    assert Mentor.objects.get(pk=mentor.pk).state == "in_office"
    assert mentor.events.count() == 1


def test_of_two_renewals_one_holds(cast):
    terms = [D(2029, 1, 31), D(2030, 1, 31)]
    results = race(*[pressing(cast.mentor_row, "renew", term_to_on=day) for day in terms])
    done = [result for result in results if isinstance(result, MentorEvent)]
    assert len(done) == 1
    assert Mentor.objects.get(pk=cast.mentor_row.pk).term_to_on == done[0].new_to_on
    assert cast.mentor_row.events.count() == 1


@pytest.mark.parametrize("verb", ["suspend", "end"])
def test_nobody_is_paired_with_a_mentor_who_goes_meanwhile(cast, tree, verb):
    for number in range(5):
        mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"师{number}"))
        mentee = make_cadre(unit=tree.dipu, name=f"徒{number}")

        def pair(found, mentee=mentee):
            return propose(
                found[0], mentee, by=found[1], from_on=D(2026, 11, 1), to_on=None,
                method="assigned", read=("not_entered", "younger_mentor"),
            )  # fmt: skip

        leave = pressing(mentor, verb, on=D(2026, 10, 1), reason="借调")
        results = race((leave[0], pair), leave)
        state = Mentor.objects.get(pk=mentor.pk).state
        paired = Pairing.objects.filter(mentor=mentor).exists()
        if isinstance(results[0], Refused):
            assert (state, paired) == ({"suspend": "suspended", "end": "ended"}[verb], False)
        elif verb == "end":  # the pair came first
            assert (isinstance(results[1], StillPaired), state, paired) == (True, "in_office", True)
        else:
            assert (state, paired) == ("suspended", True)
