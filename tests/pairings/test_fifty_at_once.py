"""Fifty people press at once, each signed in, through the pages, on the real PostgreSQL."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from pairings.models import Pairing, PairingEvent
from pairings.states import OPEN, State
from tests.factories import (
    make_cadre,
    make_grants,
    make_mentee,
    make_mentor,
    make_pairing,
    make_users,
)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PEOPLE = 50


@pytest.fixture
def clients(cast, tree, signed_in) -> list[Client]:
    """Fifty coordinators, half of the county and half of the township."""
    users = list(make_users(**{f"office{n:02}": f"干事{n:02}" for n in range(PEOPLE)}).values())
    units = (tree.anji, tree.shangshu)
    make_grants(*((user, Role.COORDINATOR, units[n % 2]) for n, user in enumerate(users)))
    return [signed_in(user) for user in users]


def at_once(presses) -> list:
    """The answers, in order; all start at one moment, each on a connection of its own."""
    answers: list = [None] * len(presses)
    gate = threading.Barrier(len(presses))

    def press(index, client, address, fields):
        gate.wait()
        try:
            answers[index] = client.post(address, fields)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(index, *each)) for index, each in enumerate(presses)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def address_of(pairing, verb) -> str:
    return reverse("pairings:move", args=[pairing.pk, verb])


def fields_of(verb) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    return {
        "terminate": {"on": today, "cause": "work", "document": "安组〔2026〕9号"},
        "complete": {"on": today},
        "withdraw": {"reason": "名单有误"},
        "decline": {"reason": "任务重"},
    }.get(verb, {})


def pairs_in(cast, tree, state, number) -> list[Pairing]:
    made = []
    for n in range(number):
        mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name=f"师{n}"))
        mentee = make_cadre(unit=tree.shangshu, name=f"徒{n}")
        made.append(make_pairing(mentor=mentor, mentee=mentee, state=state))
    return made


def test_the_same_button_moves_the_pair_once(cast, clients):
    Pairing.objects.filter(pk=cast.pairing.pk).update(state=State.AGREED)
    before = cast.pairing.events.count()
    address = address_of(cast.pairing, "approve")
    answers = at_once([(client, address, {}) for client in clients])
    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: PEOPLE - 1}
    cast.pairing.refresh_from_db()
    assert (cast.pairing.state, cast.pairing.events.count()) == (State.ACTIVE, before + 1)
    for answer in answers:
        # What stands now, in words, and no half-said page.
        assert answer.status_code == 302 or cast.pairing.get_state_display() in answer.text


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (State.AGREED, ("approve", "withdraw")),
        (State.PROPOSED, ("withdraw", "withdraw")),
        (State.ACTIVE, ("complete", "terminate")),
        (State.SUSPENDED, ("terminate", "terminate")),
    ],
)
def test_of_contradicting_buttons_one_holds_for_each_pair(cast, tree, clients, state, verbs):
    """Ten pairs, five people each; of what they press, nothing may follow upon another."""
    pairs = pairs_in(cast, tree, state, 10)
    presses = []
    for n, client in enumerate(clients):
        verb = verbs[n % 2]
        presses.append((client, address_of(pairs[n % 10], verb), fields_of(verb)))
    answers = at_once(presses)
    told = [
        Counter(answers[n].status_code for n in range(PEOPLE) if n % 10 == i) for i in range(10)
    ]
    assert told == [{302: 1, 409: 4}] * 10
    for pairing in Pairing.objects.filter(pk__in=[pair.pk for pair in pairs]):
        last = pairing.events.last()
        assert (pairing.events.count(), last.to_state) == (2, pairing.state)
        assert last.from_state == state


def test_a_pair_goes_on_with_one_of_fifty_new_mentors(cast, tree, clients):
    rows = [
        make_mentor(cadre=make_cadre(unit=tree.shangshu, name=f"新师{n}", birth_month="1960-01"))
        for n in range(PEOPLE)
    ]
    address = reverse("pairings:change", args=[cast.pairing.pk])
    today = timezone.localdate()
    fields = {"on": today.isoformat(), "to_on": "2028-02-28", "reason": "导师调离"}
    fields |= {"document": "安组〔2026〕10号", "waive": "on", "waiver": "组织研究同意"}
    fields["read"] = "same_unit,distance,age_gap,superior,younger_mentor,another_mentor"
    answers = at_once(
        [
            (client, address, {**fields, "mentor": row.pk})
            for client, row in zip(clients, rows, strict=True)
        ]
    )
    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: PEOPLE - 1}
    old, new = Pairing.objects.order_by("pk")
    assert (old.state, old.ended_on, new.from_on) == (State.TERMINATED, today, today)
    assert (new.succeeds_id, new.state in OPEN) == (old.pk, True)
    assert (old.events.count(), new.events.count()) == (2, 1)


def test_the_last_places_of_a_mentor_go_to_as_many_as_there_are(cast, tree, clients):
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="陈师傅"), capacity=3)
    mentees = [make_cadre(unit=tree.shangshu, name=f"徒{n}") for n in range(PEOPLE)]
    for mentee in mentees:
        make_mentee(cadre=mentee)
    fields = {"from_on": timezone.localdate().isoformat(), "method": "assigned", "role": "lead"}
    fields |= {"mentor": mentor.pk, "read": "same_unit,distance,age_gap,younger_mentor"}
    answers = at_once(
        [
            (client, reverse("pairings:create"), {**fields, "mentee": mentee.pk})
            for client, mentee in zip(clients, mentees, strict=True)
        ]
    )
    assert Counter(answer.status_code for answer in answers) == {302: 3, 422: PEOPLE - 3}
    assert Pairing.objects.filter(mentor=mentor).count() == 3
    for answer in answers:
        assert answer.status_code == 302 or "名额" in answer.text


def test_a_step_is_taken_back_once(cast, clients):
    cast.pairing.move("complete", by=cast.county)
    address = reverse("pairings:reverse", args=[cast.pairing.pk])
    fields = {"event": cast.pairing.events.last().pk, "reason": "误操作"}
    answers = at_once([(client, address, fields) for client in clients])
    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: PEOPLE - 1}
    cast.pairing.refresh_from_db()
    assert (cast.pairing.state, cast.pairing.ended_on) == (State.ACTIVE, None)
    assert PairingEvent.objects.exclude(reverses=None).count() == 1


def test_without_compare_and_swap_more_than_one_would_get_through(cast, clients, monkeypatch):
    """The negative control: the same presses on a move that reads, waits for all, and writes."""
    Pairing.objects.filter(pk=cast.pairing.pk).update(state=State.AGREED)
    together = threading.Barrier(PEOPLE)

    def careless(pairing, verb, *, by, **_fields):
        together.wait(60)
        Pairing.objects.filter(pk=pairing.pk).update(state=State.ACTIVE)
        return PairingEvent.objects.create(
            pairing=pairing, actor=by, verb=verb, from_state=State.AGREED,
            to_state=State.ACTIVE, on=timezone.localdate(),
        )  # fmt: skip

    monkeypatch.setattr(Pairing, "move", careless)
    address = address_of(cast.pairing, "approve")
    answers = at_once([(client, address, {}) for client in clients])
    assert Counter(answer.status_code for answer in answers) == {302: PEOPLE}
    assert cast.pairing.events.filter(verb="approve").count() == PEOPLE
