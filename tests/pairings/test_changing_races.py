"""Several offices at once, on the real PostgreSQL: one lead mentor, one successor, one sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import User
from mentors.models import Mentor
from pairings.changing import change_mentor, substitute
from pairings.models import Pairing, PairingEvent, StaleMove
from pairings.registering import Refused, propose
from pairings.substituting import lapse_due
from tests.factories import make_cadre, make_mentee, make_mentor
from tests.pairings.test_races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
D = dt.date


def mentors_of(tree, number):
    people = [make_cadre(unit=tree.shangshu, name=f"师傅{n}") for n in range(number)]
    return [make_mentor(cadre=cadre) for cadre in people]


def office():
    return User.objects.get(username="shangshu")


def fresh(pairing):
    return Pairing.objects.for_detail().get(pk=pairing.pk)


def changing(pairing, mentor):
    def job():
        return change_mentor(
            fresh(pairing), Mentor.objects.get(pk=mentor.pk), by=office(), on=D(2026, 11, 20),
            to_on=D(2027, 2, 28), reason="调动", document="无", read=("younger_mentor",),
        )  # fmt: skip

    return job


def moving(pairing, verb, **fields):
    def job():
        return fresh(pairing).move(verb, by=office(), **fields)

    return job


def test_eight_offices_give_a_mentee_one_lead_mentor(cast, tree):
    mentee = make_cadre(unit=tree.shangshu, name="王小村", birth_month="1999-01")
    make_mentee(cadre=mentee)
    words = {"from_on": D(2026, 12, 1), "to_on": None, "method": "assigned"}

    def giving(mentor):
        return lambda: propose(mentor, mentee, by=office(), **words)

    results = all_at_once(*[giving(mentor) for mentor in mentors_of(tree, 8)])
    assert sum(isinstance(result, Pairing) for result in results) == 1
    refused = [result for result in results if isinstance(result, Refused)]
    assert [result.problems[0].code for result in refused] == ["another_lead"] * 7
    assert Pairing.objects.filter(mentee=mentee).count() == 1


def test_of_a_change_and_a_termination_one_ends_the_pair(cast, tree):
    [mentor] = mentors_of(tree, 1)
    ending = moving(cast.pairing, "terminate", on=D(2026, 11, 20), reason="调离", document="无")
    results = all_at_once(*[changing(cast.pairing, mentor), ending] * 4)
    done = [result for result in results if not isinstance(result, StaleMove)]
    cast.pairing.refresh_from_db()
    assert (len(done), cast.pairing.state) == (1, "terminated")
    assert PairingEvent.objects.filter(pairing=cast.pairing, verb="terminate").count() == 1
    is_changed = isinstance(done[0], Pairing)
    assert Pairing.objects.filter(succeeds=cast.pairing).count() == is_changed


def test_of_changes_to_six_mentors_one_holds(cast, tree):
    jobs = [changing(cast.pairing, mentor) for mentor in mentors_of(tree, 6)]
    results = all_at_once(*jobs)
    assert sum(isinstance(result, Pairing) for result in results) == 1
    assert sum(isinstance(result, StaleMove) for result in results) == 5
    assert Pairing.objects.filter(succeeds=cast.pairing).count() == 1
    assert Pairing.objects.open().filter(mentee=cast.mentee_row).count() == 1


def test_no_substitute_outlives_a_pair_that_ends_at_the_same_moment(cast, tree):
    [mentor] = mentors_of(tree, 1)

    def standing_in():
        return substitute(
            fresh(cast.pairing), Mentor.objects.get(pk=mentor.pk), by=office(),
            from_on=D(2026, 11, 1), to_on=D(2027, 1, 31), reason="学习", document="",
            read=("younger_mentor",),
        )  # fmt: skip

    ending = moving(cast.pairing, "terminate", on=D(2026, 11, 20), reason="调离", document="无")
    all_at_once(standing_in, ending)
    Pairing.objects.filter(role="substitute").update(state="active")
    lapse_due(D(2026, 11, 20))
    cast.pairing.refresh_from_db()
    assert cast.pairing.state == "terminated"
    assert not Pairing.objects.running().exists()
