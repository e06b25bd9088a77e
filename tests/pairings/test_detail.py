"""The page of one pair: what stands there for whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from pairings import standing
from pairings.models import Pairing, PairingEvent, Policy

D = dt.date
# Session, user, grants, own register row; the pair, its events, the
# nearest rule; the mentee's other pairs, and which of them the user may see.
QUERIES = 9


def address(cast):
    return reverse("pairings:detail", args=[cast.pairing.pk])


def verbs(response):
    return [(button.verb, button.is_main) for button in response.context["buttons"]]


def put_in(state):
    Pairing.objects.update(state=state)


@pytest.mark.parametrize(
    ("state", "who", "buttons"),
    [
        ("proposed", "mentor", [("confirm_mentor", True), ("decline", False)]),
        ("proposed", "mentee", [("confirm_mentee", True), ("decline", False)]),
        (
            "proposed",
            "township",
            [("confirm_mentor", False), ("confirm_mentee", False), ("withdraw", False)],
        ),
        ("agreed", "county", [("approve", True), ("withdraw", False)]),
        ("agreed", "mentor", []),
        (
            "active",
            "county",
            [
                ("complete", False),
                ("extend", False),
                ("suspend", False),
                ("ceremony", False),
                ("terminate", False),
            ],
        ),
        ("active", "viewer", []),
        ("active", "mentee", []),
        (
            "suspended",
            "county",
            [("resume", True), ("extend", False), ("ceremony", False), ("terminate", False)],
        ),
    ],
)
def test_everybody_finds_the_own_buttons_the_main_one_first(cast, signed_in, state, who, buttons):
    put_in(state)
    assert verbs(signed_in(getattr(cast, who)).get(address(cast))) == buttons


def test_graduation_is_the_main_button_when_the_term_is_about_to_end(cast, signed_in):
    Pairing.objects.update(to_on=timezone.localdate() + dt.timedelta(days=30))
    assert verbs(signed_in(cast.county).get(address(cast)))[0] == ("complete", True)
    Pairing.objects.update(to_on=timezone.localdate() + dt.timedelta(days=31))
    assert verbs(signed_in(cast.county).get(address(cast)))[0] == ("complete", False)


TODAY = D(2026, 11, 23)
SINCE = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC)  # the 21st already in Shanghai


@pytest.mark.parametrize(
    ("state", "dates", "sentence"),
    [
        ("proposed", {}, "等待导师和帮带对象确认，自2026年11月21日起，已 2 天。"),
        ("mentor_agreed", {}, "等待帮带对象确认，自2026年11月21日起，已 2 天。"),
        ("mentee_agreed", {}, "等待导师确认，自2026年11月21日起，已 2 天。"),
        ("agreed", {}, "等待组织部门批准，自2026年11月21日起，已 2 天。"),
        ("active", {}, "帮带中，2027年2月28日期满。"),
        ("active", {"to_on": None}, "帮带中，未登记期满日期。"),
        ("active", {"from_on": D(2026, 12, 1)}, "已批准，2026年12月1日开始帮带。"),
        (
            "active",
            {"to_on": D(2026, 12, 1)},
            "还有 8 天期满，由组织部门办理出师、延期或终止。",
        ),
        (
            "active",
            {"to_on": D(2026, 11, 20)},
            "期满已 3 天，由组织部门办理出师、延期或终止。",
        ),
        (
            "suspended",
            {},
            "已暂停，自2026年11月21日起，已 2 天；由组织部门恢复或终止。",
        ),
        ("completed", {"ended_on": D(2026, 10, 8)}, "2026年10月8日已出师，档案保留。"),
        ("terminated", {"ended_on": D(2026, 10, 8)}, "2026年10月8日已终止，档案保留。"),
    ],
)
def test_one_sentence_says_what_comes_next_and_whom_it_waits_for(cast, state, dates, sentence):
    Pairing.objects.update(state=state, **dates)
    pairing = Pairing.objects.for_detail().get()
    policy = standing.policy_of(pairing)
    assert standing.sentence(pairing, policy, SINCE, TODAY) == sentence


def test_what_began_to_wait_today_waits_since_today(cast):
    Pairing.objects.update(state="agreed")
    pairing = Pairing.objects.for_detail().get()
    policy = standing.policy_of(pairing)
    day = TODAY - dt.timedelta(days=2)
    assert standing.sentence(pairing, policy, SINCE, day) == "等待组织部门批准，今天开始。"


def test_an_extension_of_a_suspended_pair_does_not_begin_the_suspension_anew(cast, signed_in):
    put_in("suspended")
    PairingEvent.objects.update(to_state="suspended", at=SINCE)
    Pairing.objects.for_detail().get().move(
        "extend", by=cast.county, reason="借调", to_on=D(2028, 2, 28)
    )
    response = signed_in(cast.county).get(address(cast))
    assert response.context["sentence"].startswith("已暂停，自2026年11月21日起")
    assert Pairing.objects.with_since().get().since == SINCE


def test_who_left_and_whose_appointment_ended_is_said_while_the_pair_is_open(cast, signed_in):
    client = signed_in(cast.county)
    assert client.get(address(cast)).context["notes"] == []
    type(cast.mentee_row).objects.filter(pk=cast.mentee_row.pk).update(left_on=D(2026, 10, 1))
    type(cast.mentor_row).objects.update(state="ended", to_on=D(2026, 10, 31))
    said = ["马徒弟已于2026年10月1日调出或离任。", "褚师傅的导师聘期已于2026年10月31日结束。"]
    assert client.get(address(cast)).context["notes"] == said
    Pairing.objects.update(state="completed", ended_on=D(2026, 11, 1))
    assert client.get(address(cast)).context["notes"] == []


def test_the_timeline_shows_who_did_what_when_and_why_the_newest_first(cast, signed_in):
    put_in("proposed")
    pairing = Pairing.objects.for_detail().get()
    pairing.move("confirm_mentor", by=cast.township, reason="电话确认")
    pairing.move("confirm_mentee", by=cast.mentee)
    pairing.move("approve", by=cast.county, document="安组〔2026〕3号")
    response = signed_in(cast.mentor).get(address(cast))
    assert [
        (str(event.label), event.is_on_behalf, event.actor and event.actor.username)
        for event in response.context["events"]
    ] == [
        ("批准结对", False, "anji"),
        ("帮带对象确认", False, "tudi"),
        ("导师确认", True, "shangshu"),
        ("登记结对", False, None),
    ]
    text = response.text
    assert text.count("代录") == 1
    assert "电话确认" in text
    assert "安组〔2026〕3号" in text


def test_a_pair_without_a_rule_of_an_office_says_that_the_numbers_are_a_preset(cast, signed_in):
    assert "示例规则，未核对原文" in signed_in(cast.mentee).get(address(cast)).text
    policy = Policy.objects.create(
        unit=cast.pairing.unit, from_on=D(2026, 1, 1), basis="上墅党〔2026〕1号"
    )
    Pairing.objects.update(policy=policy)
    text = signed_in(cast.mentee).get(address(cast)).text
    assert "上墅党〔2026〕1号" in text
    assert "示例规则" not in text


def test_people_are_links_for_an_office_that_keeps_their_rows_and_names_for_others(
    cast, tree, signed_in
):
    link = f"/cadres/{cast.mentee_row.pk}/"
    assert link in signed_in(cast.township).get(address(cast)).text
    assert link not in signed_in(cast.mentor).get(address(cast)).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_the_same_queries_for_one_event_and_three(
    cast, signed_in, number, django_assert_num_queries
):
    for _ in range(number - 1):
        PairingEvent.objects.create(
            pairing=cast.pairing, actor=cast.county, verb="extend", to_state="active", on=TODAY
        )
    client = signed_in(cast.county)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(address(cast)).context["events"]) == number
