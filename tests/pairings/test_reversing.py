"""Taking back a move: everything stands as before, and nobody who built upon it is overrun."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F
from django.urls import reverse as url
from django.utils import timezone

from accounts.models import Role
from certificates.issuing import issue, void
from pairings import reversing
from pairings.changing import change_mentor
from pairings.models import Pairing, PairingEvent, Policy, StaleMove
from pairings.reversing import Irreversible
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing
from tests.reminders.made import make_session

D = dt.date
COLUMNS = ("state", "to_on", "ended_on", "end_cause", "end_reason", "resumes_on", "ceremony_on")


def today():
    return timezone.localdate()


def columns(pairing):
    return Pairing.objects.values(*COLUMNS).get(pk=pairing.pk)


def fresh(pairing):
    return Pairing.objects.for_detail().get(pk=pairing.pk)


def take_back(pairing, by, reason="点错了"):
    pairing = fresh(pairing)
    last = pairing.events.standing().order_by("-at", "-pk").first()
    return reversing.reverse(pairing, event=last.pk, by=by, reason=reason)


def put_in(pairing, state, **fields):
    Pairing.objects.filter(pk=pairing.pk).update(state=state, **fields)
    return fresh(pairing)


MOVES_BACK = [
    ("proposed", {}, "confirm_mentor", {}),
    ("mentor_agreed", {}, "confirm_mentee", {}),
    ("agreed", {}, "approve", {"ceremony_on": D(2026, 3, 8)}),
    ("agreed", {}, "withdraw", {"reason": "重复"}),
    ("active", {}, "complete", {}),
    ("active", {"ceremony_on": D(2026, 3, 1)}, "ceremony", {"ceremony_on": D(2026, 3, 8)}),
    ("active", {}, "extend", {"reason": "考核", "to_on": D(2028, 2, 28)}),
    ("active", {"to_on": None}, "extend", {"reason": "考核", "to_on": D(2028, 2, 28)}),
    ("active", {}, "suspend", {"reason": "借调", "resumes_on": D(2099, 1, 1)}),
    ("active", {}, "terminate", {"cause": "mentor_moved", "document": "无", "on": D(2026, 6, 1)}),
]


@pytest.mark.parametrize(("state", "fields", "verb", "given"), MOVES_BACK)
def test_everything_stands_as_it_stood_before(cast, state, fields, verb, given):
    pairing = put_in(cast.pairing, state, **fields)
    was = columns(pairing)
    days = [D(2026, 5, 31), D(2026, 6, 1), today()]
    states = [Pairing.objects.with_state_on(day).get().state_on for day in days]
    since = Pairing.objects.with_since().get().since
    moved = pairing.move(verb, by=cast.county, **given)
    assert columns(pairing) != was
    event = take_back(pairing, cast.township)
    assert columns(pairing) == was
    assert [Pairing.objects.with_state_on(day).get().state_on for day in days] == states
    assert Pairing.objects.with_since().get().since == since
    assert (event.verb, event.reverses, event.on, event.actor, event.reason) == (
        "reverse", moved, moved.on, cast.township, "点错了",
    )  # fmt: skip
    assert (event.from_state, event.to_state) == (moved.to_state, moved.from_state)


def test_a_decline_by_one_of_the_two_is_taken_back_by_the_office(cast):
    pairing = put_in(cast.pairing, "proposed")
    pairing.move("decline", by=cast.mentee, reason="看错了人")
    take_back(pairing, cast.township)
    assert columns(pairing)["state"] == "proposed"


@pytest.mark.parametrize("verb", ["resume", "terminate"])
def test_a_suspension_comes_back_with_the_day_on_which_it_is_planned_to_end(cast, verb):
    pairing = fresh(cast.pairing)
    pairing.move("suspend", by=cast.county, reason="借调", resumes_on=D(2099, 1, 1))
    was = columns(pairing)
    given = {"reason": "调离", "document": "无"} if verb == "terminate" else {}
    pairing.move(verb, by=cast.county, **given)
    assert columns(pairing)["resumes_on"] is None
    take_back(pairing, cast.county)
    assert columns(pairing) == was


def test_a_move_that_reached_back_leaves_no_trace_in_the_days_between(cast):
    pairing = fresh(cast.pairing)
    pairing.move("suspend", by=cast.county, reason="借调", on=D(2026, 6, 10))
    pairing.move("terminate", by=cast.county, reason="调离", document="无", on=D(2026, 6, 1))
    take_back(pairing, cast.county)
    stood = [
        Pairing.objects.with_state_on(day).get().state_on
        for day in (D(2026, 6, 5), D(2026, 6, 10), today())
    ]
    assert stood == ["active", "suspended", "suspended"]


def test_one_step_after_the_other_is_taken_back_and_none_twice(cast):
    pairing = put_in(cast.pairing, "agreed")
    pairing.move("approve", by=cast.county)
    pairing.move("suspend", by=cast.county, reason="借调")
    take_back(pairing, cast.county)
    take_back(pairing, cast.county)
    assert columns(pairing)["state"] == "agreed"
    with pytest.raises(StaleMove):
        take_back(pairing, cast.county)
    verbs = list(pairing.events.order_by("at", "pk").values_list("verb", flat=True))
    assert verbs == ["register", "approve", "suspend", "reverse", "reverse"]


@pytest.mark.parametrize("who", ["mentor", "mentee", "viewer", "other_county", "sibling"])
def test_nobody_but_the_office_takes_back(cast, signed_in, who):
    fresh(cast.pairing).move("suspend", by=cast.county, reason="借调")
    with pytest.raises(StaleMove):
        take_back(cast.pairing, getattr(cast, who))
    seen = who in {"mentor", "mentee", "viewer"}
    page = url("pairings:reverse", args=[cast.pairing.pk])
    assert signed_in(getattr(cast, who)).get(page).status_code == (403 if seen else 404)
    assert columns(cast.pairing)["state"] == "suspended"


def test_a_coordinator_does_not_take_back_on_the_own_pair(cast, tree):
    make_grant(user=cast.mentor, role=Role.COORDINATOR, unit=tree.anji)
    fresh(cast.pairing).move("suspend", by=cast.county, reason="借调")
    with pytest.raises(StaleMove):
        take_back(cast.pairing, cast.mentor)


def test_the_end_of_a_substitute_by_the_clock_is_not_taken_back(cast, tree):
    away = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="代师傅"))
    pair = make_pairing(
        mentor=away, mentee=cast.mentee_row, role="substitute", stands_in_for=cast.pairing,
        to_on=D(2026, 10, 31),
    )  # fmt: skip
    fresh(pair).lapse(today())
    with pytest.raises(StaleMove):
        take_back(pair, cast.county)


def refusal(pairing, by):
    was = columns(pairing)
    with pytest.raises(Irreversible) as refused:
        take_back(pairing, by)
    assert columns(pairing) == was
    assert not PairingEvent.objects.filter(verb="reverse").exists()
    return str(refused.value)


def test_a_step_is_taken_back_within_the_days_of_the_rule(cast):
    policy = Policy.objects.create(
        unit=cast.pairing.unit, from_on=D(2026, 1, 1), basis="示例", reversal_days=3
    )
    Pairing.objects.update(policy=policy)
    fresh(cast.pairing).move("suspend", by=cast.county, reason="借调")
    PairingEvent.objects.update(at=F("at") - dt.timedelta(days=4))
    assert refusal(cast.pairing, cast.county) == "该操作录入已超过 3 天。"
    PairingEvent.objects.update(at=F("at") + dt.timedelta(days=1))
    take_back(cast.pairing, cast.county)


def test_what_was_entered_since_keeps_the_step(cast):
    pairing = put_in(cast.pairing, "agreed")
    make_session(pairing=pairing, on=D(2026, 3, 2))
    pairing.move("approve", by=cast.county)
    make_session(pairing=pairing, on=today())
    assert refusal(pairing, cast.county) == "此后已有：帮带记录。"


def test_a_record_of_before_is_no_hindrance(cast):
    make_session(pairing=cast.pairing, on=today())
    fresh(cast.pairing).move("suspend", by=cast.county, reason="借调")
    take_back(cast.pairing, cast.county)


def test_a_wrong_extension_is_taken_back_under_records_of_the_first_term(cast):
    pairing = fresh(cast.pairing)
    first_end = pairing.to_on
    pairing.move("extend", by=cast.county, reason="写错", to_on=D(2030, 1, 1))
    make_session(pairing=cast.pairing, on=today())
    take_back(pairing, cast.county)
    assert fresh(cast.pairing).to_on == first_end


def test_an_extension_is_kept_by_a_record_of_its_own_days_and_by_a_certificate(cast):
    yesterday = today() - dt.timedelta(days=1)
    Pairing.objects.filter(pk=cast.pairing.pk).update(to_on=yesterday)
    pairing = fresh(cast.pairing)
    pairing.move("extend", by=cast.county, reason="考核", to_on=D(2030, 1, 1))
    make_session(pairing=cast.pairing, on=today())
    assert refusal(pairing, cast.county) == "此后已有：帮带记录。"
    Pairing.objects.filter(pk=cast.pairing.pk).update(to_on=D(2028, 1, 1))
    pairing = fresh(cast.pairing)
    pairing.move("extend", by=cast.county, reason="考核", to_on=D(2030, 1, 1))
    issue(pairing, by=cast.county)
    assert refusal(pairing, cast.county) == "此后已有：证书。"


def test_a_certificate_keeps_the_step_until_it_is_voided(cast):
    pairing = put_in(cast.pairing, "agreed")
    pairing.move("approve", by=cast.county)
    certificate = issue(pairing, by=cast.county)
    assert refusal(pairing, cast.county) == "此后已有：证书。"
    void(certificate, by=cast.county, reason="批错了")
    take_back(pairing, cast.county)


def test_an_end_stays_when_the_place_the_appointment_or_a_person_is_gone(cast, tree):
    pairing = fresh(cast.pairing)
    pairing.move("terminate", by=cast.county, reason="点错", document="无")
    mentor = cast.mentor_row
    taken = [
        make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.shangshu, name=f"新徒{n}"))
        for n in range(mentor.capacity)
    ]
    full = refusal(pairing, cast.county)
    assert full == "褚师傅的帮带名额为 2 人，已占用 2 人。"
    Pairing.objects.filter(pk__in=[row.pk for row in taken]).update(
        state="withdrawn", ended_on=today()
    )
    type(cast.mentee_row).objects.filter(pk=cast.mentee_row.pk).update(left_on=today())
    assert refusal(pairing, cast.county) == "马徒弟已调出或离任，不在干部名册中。"
    type(mentor).objects.filter(pk=mentor.pk).update(state="ended", to_on=today())
    assert refusal(pairing, cast.county) == "褚师傅的导师聘任已结束。"
    assert columns(pairing)["state"] == "terminated"
    type(mentor).objects.filter(pk=mentor.pk).update(state="in_office", to_on=None)
    type(cast.mentee_row).objects.filter(pk=cast.mentee_row.pk).update(left_on=None)
    take_back(pairing, cast.county)


def test_a_successor_is_called_off_first(cast, tree):
    pairing = fresh(cast.pairing)
    pairing.move("terminate", by=cast.county, reason="换师", document="无")
    new = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="新师傅"))
    later = make_pairing(
        mentor=new, mentee=cast.mentee_row, state="agreed", succeeds=pairing, from_on=today(),
        to_on=D(2099, 1, 1),
    )  # fmt: skip
    assert refusal(pairing, cast.county) == "该结对已换师：请先撤回新的结对。"
    fresh(later).move("withdraw", by=cast.county, reason="换错了")
    take_back(pairing, cast.county)
    assert columns(pairing)["state"] == "active"


def test_an_open_substitute_is_ended_first(cast, tree):
    pairing = fresh(cast.pairing)
    pairing.move("suspend", by=cast.county, reason="借调")
    away = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="代师傅"))
    make_pairing(
        mentor=away, mentee=cast.mentee_row, role="substitute", stands_in_for=pairing,
        from_on=today(), to_on=D(2099, 1, 1),
    )  # fmt: skip
    assert refusal(pairing, cast.county) == "代帮尚未结束：请先结束代帮。"


def test_a_change_of_mentor_is_taken_back_pair_by_pair(cast, tree):
    new = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="新师傅"))
    pairing = fresh(cast.pairing)
    was = columns(pairing)
    later = change_mentor(
        pairing, new, by=cast.county, on=today(), to_on=D(2099, 1, 1), reason="退休",
        document="无", read=["younger_mentor"],
    )  # fmt: skip
    assert refusal(pairing, cast.county) == "该结对已换师：请先撤回新的结对。"
    fresh(later).move("withdraw", by=cast.county, reason="换错了")
    take_back(pairing, cast.county)
    assert columns(pairing) == was
    # The other way round the new pair does not come back beside the old one.
    with pytest.raises(Irreversible) as refused:
        take_back(later, cast.county)
    assert str(refused.value) == "该帮带对象在此期间另有主导师。"
    assert columns(later)["state"] == "withdrawn"


def test_what_the_database_refuses_is_a_sentence_too(cast, tree):
    old = make_pairing(
        mentor=make_mentor(cadre=make_cadre(unit=tree.shangshu, name="老师傅")),
        mentee=cast.mentee_row, role="work", state="completed", ended_on=D(2026, 4, 1),
    )  # fmt: skip
    first, second = (
        make_pairing(
            mentor=make_mentor(cadre=make_cadre(unit=tree.shangshu, name=name)),
            mentee=cast.mentee_row, role="work", state=state, succeeds=old,
            **({"ended_on": D(2026, 4, 1)} if state == "withdrawn" else {}),
        )
        for name, state in (("甲师傅", "withdrawn"), ("乙师傅", "active"))
    )  # fmt: skip
    PairingEvent.objects.create(
        pairing=first, actor=cast.county, verb="withdraw", from_state="agreed",
        to_state="withdrawn", on=D(2026, 4, 1),
    )  # fmt: skip
    assert refusal(first, cast.county) == "与此后登记的内容冲突。"
    assert columns(second)["state"] == "active"


@pytest.mark.parametrize(
    ("ended_on", "sentence"),
    [
        (None, "该帮带对象在此期间另有主导师。"),
        (D(2026, 11, 10), "该帮带对象在此期间另有主导师。"),
        (D(2026, 11, 1), ""),  # ended on its first day: it never ran
    ],
)
def test_another_lead_since_stands_against_it(cast, tree, ended_on, sentence):
    pairing = fresh(cast.pairing)
    pairing.move("terminate", by=cast.county, reason="调离", document="无", on=D(2026, 10, 1))
    new = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="新师傅"))
    state = {"state": "terminated", "ended_on": ended_on} if ended_on else {"state": "active"}
    make_pairing(mentor=new, mentee=cast.mentee_row, from_on=D(2026, 11, 1), **state)
    if sentence:
        assert refusal(pairing, cast.county) == sentence
    else:
        take_back(pairing, cast.county)


def test_a_lead_of_earlier_days_is_no_hindrance(cast, tree):
    old = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="老师傅"))
    make_pairing(
        mentor=old, mentee=cast.mentee_row, from_on=D(2025, 3, 1), to_on=D(2026, 2, 28),
        state="completed", ended_on=D(2026, 3, 1),
    )  # fmt: skip
    fresh(cast.pairing).move("complete", by=cast.county)
    take_back(cast.pairing, cast.county)
    assert columns(cast.pairing)["state"] == "active"


def test_the_same_two_paired_anew_stand_against_it(cast):
    pairing = fresh(cast.pairing)
    pairing.move("terminate", by=cast.county, reason="调离", document="无", on=D(2026, 10, 1))
    make_pairing(
        mentor=cast.mentor_row, mentee=cast.mentee_row, from_on=D(2026, 11, 1), state="agreed"
    )
    assert refusal(pairing, cast.county) == "两人已重新结对。"
