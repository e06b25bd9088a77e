"""Notices of a published list: one to each person, once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from pairings.models import Pairing
from pairings.states import Role
from programmes import publishing
from programmes.models import ProgrammeEvent
from programmes.states import State
from reminders.models import Outbox, Reminder
from reminders.sweeping import sweep
from tests.factories import make_cadre, make_mentor, make_user
from tests.programmes.lists import make_learner, make_planned
from tests.programmes.made import make_programme
from tests.reminders.made import told


@pytest.fixture
def published(cast, tree):
    """王导师 guides 李学员 as lead and 赵学员, who has 孙导师 as well, for life; all sign in but
    赵学员."""
    people = {
        name: make_user(username=username, name=name, email=f"{username}@example.org")
        for name, username in (("王导师", "wang"), ("孙导师", "sun"), ("李学员", "li"))
    }
    programme = make_programme(unit=tree.anji, state=State.MATCHING)
    wang, sun = (
        make_mentor(cadre=make_cadre(unit=tree.dipu, name=name, user=people[name]))
        for name in ("王导师", "孙导师")
    )
    li = make_learner(unit=tree.shangshu, name="李学员", user=people["李学员"])
    zhao = make_learner(unit=tree.dipu, name="赵学员")
    for mentor, mentee, role in (
        (wang, li, Role.LEAD), (wang, zhao, Role.LEAD), (sun, zhao, Role.LIFE), (sun, li, Role.LIFE)
    ):  # fmt: skip
        make_planned(
            programme=programme, mentor=mentor, mentee=mentee, role=role,
            waiver="经研究", waived_by=cast.county,
        )  # fmt: skip
    for verb in ("check", "approve", "publish"):
        publishing.move(programme, verb, by=cast.county)
    cast.programme = programme
    return cast


def sentences():
    rows = Reminder.objects.filter(rule="published")
    return {(row.user.username, row.sentence) for row in rows}


def test_each_person_finds_one_notice_however_often_the_sweep_runs(published):
    sweep()
    sweep()
    assert sentences() == {
        ("wang", "“2026年度结对”名单已公布：您带教 2 人：李学员、赵学员，请逐一确认。"),
        ("sun", "“2026年度结对”名单已公布：您带教 2 人：李学员、赵学员，请逐一确认。"),
        ("li", "“2026年度结对”名单已公布：您的导师是王导师、孙导师（生活导师），请确认。"),
    }
    assert told("published") == {
        ("wang", published.programme.pk, "mentor"),
        ("sun", published.programme.pk, "mentor"),
        ("li", published.programme.pk, "mentee"),
    }
    # In the one digest of the day, with whatever else there is.
    assert Outbox.objects.filter(user__username="li").count() == 1


def test_who_need_not_confirm_is_told_who_it_is(published):
    Pairing.objects.filter(planned__programme=published.programme).update(state="active")
    sweep()
    assert {sentence for user, sentence in sentences() if user != "sun"} == {
        "“2026年度结对”名单已公布：您带教 2 人：李学员、赵学员。",
        "“2026年度结对”名单已公布：您的导师是王导师、孙导师（生活导师）。",
    }


def test_the_notice_stands_on_the_own_home_page_and_on_nobody_elses(published, signed_in):
    sweep()
    li = Reminder.objects.get(user__username="li", rule="published").user
    assert "您的导师是王导师" in signed_in(li).get("/reminders/").text
    for user in (published.mentor, published.mentee, published.other_county):
        assert "王导师" not in signed_in(user).get("/reminders/").text


def test_a_pair_that_was_called_off_before_the_sweep_is_not_told(published):
    for pairing in Pairing.objects.filter(mentee__name="李学员"):
        pairing.move("withdraw", by=published.county, reason="有误")
    sweep()
    assert {user for user, _sentence in sentences()} == {"wang", "sun"}
    assert "李学员" not in "".join(sentence for _user, sentence in sentences())


def test_it_is_no_news_after_two_weeks(published):
    sweep()
    later = timezone.now() + dt.timedelta(days=14)
    sweep(later)
    assert told("published", only_open=True) == set()
    Reminder.objects.filter(rule="published").delete()
    ProgrammeEvent.objects.update(at=timezone.now() - dt.timedelta(days=14))
    sweep()
    assert told("published") == set()
