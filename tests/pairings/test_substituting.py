"""代帮: somebody stands in for a time, and the clock ends it."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from certificates.issuing import may_issue
from mentors.models import Mentor
from pairings.models import Pairing, PairingEvent
from pairings.substituting import lapse_due
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date
TODAY = D(2026, 11, 20)


@pytest.fixture
def deputy(tree):
    return make_mentor(cadre=make_cadre(unit=tree.shangshu, name="宋师傅", birth_month="1970-01"))


def filled_in(mentor, /, **changes):
    today = timezone.localdate()
    return {
        "mentor": str(mentor.pk),
        "from_on": today.isoformat(),
        "to_on": (today + dt.timedelta(days=60)).isoformat(),
        "reason": "赴省委党校学习",
        "client_key": str(uuid.uuid4()),
    } | changes


def address(cast):
    return f"/pairings/{cast.pairing.pk}/substitute/"


def stand_in(cast, deputy, **fields):
    fields = {"from_on": D(2026, 10, 1), "to_on": D(2026, 11, 19)} | fields
    return make_pairing(
        mentor=deputy, mentee=cast.mentee_row, role="substitute", stands_in_for=cast.pairing,
        **fields,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["active", "suspended"])
def test_a_substitute_is_registered_beside_the_pair(cast, deputy, signed_in, state):
    Pairing.objects.update(state=state)
    response = signed_in(cast.township).post(address(cast), filled_in(deputy))
    made = Pairing.objects.get(mentor=deputy)
    assert response.url == f"/pairings/{made.pk}/"
    assert (made.role, made.stands_in_for, made.succeeds, made.state) == (
        "substitute", cast.pairing, None, "proposed",
    )  # fmt: skip
    event = made.events.get()
    assert (event.reason, event.document) == ("赴省委党校学习", "")
    cast.pairing.refresh_from_db()
    assert (cast.pairing.state, cast.pairing.events.count()) == (state, 1)


def test_a_substitute_takes_one_of_the_mentors_places(cast, deputy, signed_in):
    Mentor.objects.filter(pk=deputy.pk).update(capacity=0)
    response = signed_in(cast.township).post(address(cast), filled_in(deputy))
    assert response.status_code == 422
    assert [row.code for row in response.context["form"].problems] == ["capacity_full"]
    stand_in(cast, deputy)
    assert Mentor.objects.with_places().get(pk=deputy.pk).taken == 1


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"to_on": ""}, "to_on", "这个字段是必填项。"),
        ({"from_on": "2026-02-01"}, "from_on", "这一天结对尚未开始。"),
        ({"from_on": "2027-02-01", "to_on": "2027-01-01"}, "to_on", "最后一天早于开始日期。"),
        ({"from_on": "2026-04-01", "to_on": "2026-05-01"}, "to_on", "这一天已经过去。"),
        ({"reason": ""}, "reason", "这个字段是必填项。"),
    ],
)
def test_a_bad_form_is_explained(cast, deputy, signed_in, changes, field, message):
    response = signed_in(cast.township).post(address(cast), filled_in(deputy, **changes))
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [message]}
    assert Pairing.objects.count() == 1


def test_a_second_substitute_on_the_same_days_is_a_warning(cast, tree, deputy, signed_in):
    stand_in(cast, deputy, from_on=D(2026, 11, 1), to_on=D(2027, 1, 10))
    other = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="陈师傅", birth_month="1970-01"))
    response = signed_in(cast.township).post(address(cast), filled_in(other))
    assert [row.sentence for row in response.context["form"].problems] == [
        "马徒弟此时已有代帮导师：宋师傅（2026年11月1日至2027年1月10日）。"
    ]


@pytest.mark.parametrize("state", ["proposed", "agreed", "terminated"])
def test_only_a_running_pair_has_a_substitute(cast, deputy, signed_in, state):
    ended = D(2026, 11, 1) if state == "terminated" else None
    Pairing.objects.update(state=state, ended_on=ended)
    assert signed_in(cast.township).post(address(cast), filled_in(deputy)).status_code == 409


def test_a_substitute_has_neither_a_successor_nor_a_substitute(cast, deputy, signed_in):
    there = stand_in(cast, deputy, to_on=D(2099, 1, 1))
    for page in ("change", "substitute"):
        address = f"/pairings/{there.pk}/{page}/"
        assert signed_in(cast.township).get(address).status_code == 403


def test_nobody_graduates_from_a_substitute_nor_gets_a_letter(cast, deputy, signed_in):
    there = stand_in(cast, deputy, to_on=D(2099, 1, 1))
    assert there.moves_for(cast.township) == ["extend", "suspend", "terminate"]
    client = signed_in(cast.township)
    assert client.post(f"/pairings/{there.pk}/move/complete/").status_code == 403
    assert not may_issue(there, cast.township)
    assert may_issue(cast.pairing, cast.township)
    assert "代帮至2099年1月1日，届时自动结束。" in client.get(f"/pairings/{there.pk}/").text


def test_others_register_no_substitute(cast, deputy, signed_in):
    for user in (cast.mentor, cast.mentee, cast.viewer, cast.stranger):
        assert signed_in(user).post(address(cast), filled_in(deputy)).status_code == 403
    assert Pairing.objects.count() == 1


class TestTheSweep:
    def test_ends_a_substitute_on_the_day_after_its_last_once(self, cast, deputy):
        over = stand_in(cast, deputy)
        assert [lapse_due(TODAY), lapse_due(TODAY)] == [1, 0]
        over.refresh_from_db()
        assert (over.state, over.ended_on) == ("lapsed", D(2026, 11, 20))
        event = over.events.get(verb="lapse")
        assert (event.actor, event.from_state, event.to_state, event.on) == (
            None, "active", "lapsed", D(2026, 11, 20),
        )  # fmt: skip

    def test_leaves_one_on_its_last_day_and_every_other_role(self, cast, deputy):
        stand_in(cast, deputy, to_on=TODAY)
        Pairing.objects.filter(pk=cast.pairing.pk).update(to_on=D(2026, 11, 1))
        assert lapse_due(TODAY) == 0
        assert set(Pairing.objects.values_list("state", flat=True)) == {"active"}

    def test_ends_a_substitute_with_the_pair_that_it_stands_in_for(self, cast, deputy):
        there = stand_in(cast, deputy, to_on=D(2027, 1, 1))
        cast.pairing.move(
            "terminate", by=cast.township, on=D(2026, 11, 10), reason="调离", document="无"
        )
        assert lapse_due(TODAY) == 1
        there.refresh_from_db()
        assert (there.state, there.ended_on) == ("lapsed", D(2026, 11, 10))

    def test_one_that_was_to_begin_later_never_began(self, cast, deputy):
        today = timezone.localdate()
        begins = today + dt.timedelta(days=10)
        there = stand_in(cast, deputy, from_on=begins, to_on=begins + dt.timedelta(days=30))
        cast.pairing.move(
            "terminate", by=cast.township, on=D(2026, 11, 10), reason="调离", document="无"
        )
        assert lapse_due(today) == 1
        there.refresh_from_db()
        assert there.ended_on == today
        assert not Pairing.objects.begun_by(D(2099, 1, 1)).filter(pk=there.pk).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_end_each_substitute_once(cast, tree):
    for number in range(6):
        mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name=f"师傅{number}"))
        stand_in(cast, mentor)
    gate, counts = threading.Barrier(2), []

    def work():
        gate.wait()
        counts.append(lapse_due(TODAY))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 6
    assert PairingEvent.objects.filter(verb="lapse").count() == 6
    assert Pairing.objects.filter(state="lapsed").count() == 6
