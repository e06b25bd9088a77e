"""Many press at once, on the real PostgreSQL: each race has one winner and leaves one event."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from core.once import once
from mentors.models import Mentor
from pairings import reversing
from pairings.models import Pairing, PairingEvent, StaleMove
from pairings.registering import Refused, propose
from tests.factories import make_cadre, make_mentee, make_mentor

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
D = dt.date


def all_at_once(*jobs):
    """What each job returned or raised; all start at one moment, each on its own connection."""
    results: list = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(index, job):
        gate.wait()
        try:
            results[index] = job()
        except (StaleMove, Refused) as raised:
            results[index] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def pressing(pairing, verb, username, **fields):
    def job():
        user = User.objects.get(username=username)
        row = Pairing.objects.for_detail().get(pk=pairing.pk)
        gate_after_reading.wait()
        return row.move(verb, by=user, **fields)

    return job


gate_after_reading: threading.Barrier


def race(*jobs):
    """All read the same state first and press afterwards."""
    global gate_after_reading
    gate_after_reading = threading.Barrier(len(jobs))
    return all_at_once(*jobs)


def test_of_eight_who_approve_one_does_and_the_others_are_told(cast):
    Pairing.objects.update(state="agreed")
    PairingEvent.objects.all().delete()
    results = race(*[pressing(cast.pairing, "approve", name) for name in ("anji", "shangshu") * 4])
    assert sum(isinstance(result, PairingEvent) for result in results) == 1
    assert sum(isinstance(result, StaleMove) for result in results) == 7
    assert (Pairing.objects.get().state, PairingEvent.objects.count()) == ("active", 1)


def test_of_contradicting_buttons_one_holds(cast):
    PairingEvent.objects.all().delete()
    buttons = [
        ("complete", {}),
        ("suspend", {"reason": "借调"}),
        ("terminate", {"reason": "调离", "document": "无"}),
        ("extend", {"reason": "考核", "to_on": D(2028, 2, 28)}),
    ]
    jobs = [
        pressing(cast.pairing, verb, name, **fields)
        for verb, fields in buttons
        for name in ("anji", "shangshu", "anji")
    ]
    results = race(*jobs)
    pairing, event = Pairing.objects.get(), PairingEvent.objects.get()
    assert [type(result) for result in results].count(StaleMove) == len(jobs) - 1
    assert pairing.state == event.to_state
    assert (pairing.to_on == D(2028, 2, 28)) == (event.verb == "extend")


def taking_back(pairing, username):
    def job():
        user = User.objects.get(username=username)
        row = Pairing.objects.for_detail().get(pk=pairing.pk)
        last = reversing.last_step(row)
        gate_after_reading.wait()
        return reversing.reverse(row, event=last.pk, by=user, reason="点错了")

    return job


def test_of_eight_who_take_back_one_does(cast):
    Pairing.objects.for_detail().get().move("suspend", by=cast.county, reason="借调")
    results = race(*[taking_back(cast.pairing, name) for name in ("anji", "shangshu") * 4])
    assert sum(isinstance(result, PairingEvent) for result in results) == 1
    assert sum(isinstance(result, StaleMove) for result in results) == 7
    verbs = list(PairingEvent.objects.order_by("at", "pk").values_list("verb", flat=True))
    assert (Pairing.objects.get().state, verbs) == ("active", ["register", "suspend", "reverse"])


@pytest.mark.parametrize(
    ("state", "first", "then"),
    [
        ("mentee_agreed", "confirm_mentor", ("approve", "anji", {})),
        ("proposed", "confirm_mentor", ("confirm_mentee", "tudi", {})),
    ],
)
def test_a_step_taken_back_and_the_next_step_exclude_one_another(cast, state, first, then):
    Pairing.objects.update(state=state)
    Pairing.objects.for_detail().get().move(first, by=cast.mentor)
    verb, username, fields = then
    moving = [pressing(cast.pairing, verb, username, **fields)] * 3
    results = race(*moving, *[taking_back(cast.pairing, "shangshu")] * 3)
    assert sum(isinstance(result, PairingEvent) for result in results) == 1
    last = PairingEvent.objects.order_by("at", "pk").last()
    assert Pairing.objects.get().state == last.to_state
    assert PairingEvent.objects.count() == 3


def test_without_the_old_state_in_the_filter_the_race_would_be_lost(cast):
    """The negative control: the same race with a plain update lets everybody win."""
    Pairing.objects.update(state="agreed")
    PairingEvent.objects.all().delete()

    def careless():
        row = Pairing.objects.get(pk=cast.pairing.pk)
        gate_after_reading.wait()
        if row.state == "agreed":
            Pairing.objects.filter(pk=row.pk).update(state="active")
            PairingEvent.objects.create(
                pairing=row, verb="approve", to_state="active", on=D(2026, 3, 1)
            )

    race(*[careless] * 8)
    assert PairingEvent.objects.count() == 8


def test_eight_browsers_press_approve_and_one_gets_through(cast, signed_in):
    Pairing.objects.update(state="agreed")
    clients: list[Client] = [signed_in(cast.township) for _ in range(8)]
    address = f"/pairings/{cast.pairing.pk}/move/approve/"
    codes = all_at_once(*[lambda c=client: c.post(address).status_code for client in clients])
    assert sorted(codes) == [302, *[409] * 7]


def candidates(tree, number):
    people = [make_cadre(unit=tree.shangshu, name=f"徒弟{n}") for n in range(number)]
    for cadre in people:
        make_mentee(cadre=cadre)
    return people


def signing_up(mentor, mentee, make, **fields):
    def job():
        user = User.objects.get(username="shangshu")
        return make(
            Mentor.objects.select_related("cadre").get(pk=mentor.pk),
            type(mentee).objects.select_related("unit").get(pk=mentee.pk),
            by=user,
            from_on=D(2026, 12, 1),
            to_on=D(2027, 11, 30),
            method="assigned",
            **fields,
        )

    return job


def test_the_last_places_are_not_given_twice(cast, tree):
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="新师傅"), capacity=3)
    results = all_at_once(*[signing_up(mentor, row, propose) for row in candidates(tree, 9)])
    assert sum(isinstance(result, Pairing) for result in results) == 3
    assert [r.problems[0].code for r in results if isinstance(r, Refused)] == ["capacity_full"] * 6
    assert Pairing.objects.filter(mentor=mentor).count() == 3


def test_the_same_form_sent_by_eight_clicks_makes_one_pair(cast, tree):
    [mentee] = candidates(tree, 1)
    key = uuid.uuid4()

    def click():
        user = User.objects.get(username="shangshu")
        job = signing_up(cast.mentor_row, mentee, propose, client_key=key)
        return once(Pairing, by=user, key=key, make=job)

    results = all_at_once(*[click] * 8)
    made = Pairing.objects.get(mentee=mentee)
    assert results == [made] * 8
    assert made.events.count() == 1


def test_two_offices_registering_the_same_two_people_make_one_pair(cast, tree):
    [mentee] = candidates(tree, 1)
    results = all_at_once(*[signing_up(cast.mentor_row, mentee, propose)] * 8)
    assert sum(isinstance(result, Pairing) for result in results) == 1
    assert Pairing.objects.filter(mentee=mentee).count() == 1
    assert {r.problems[0].code for r in results if isinstance(r, Refused)} == {"already_paired"}
