"""Notices of comments: one a day, pair and receiver, and none while a pair rests."""

from __future__ import annotations

import datetime as dt

import pytest

from activities import commenting
from activities.models import Comment
from pairings.models import PairingEvent
from reminders.models import Outbox, Reminder
from reminders.sweeping import sweep
from tests.activities.making import make_comment, make_session, make_visit
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.reminders.made import TODAY, at, days, told


@pytest.fixture
def record(busy):
    return make_session(pairing=busy.pairing, created_by=busy.mentee)


def say(record, *, by, on: dt.date = TODAY, hour: int = 9) -> Comment:
    said = make_comment(on=record, by=by, text="只在页面上读的话")
    Comment.objects.filter(pk=said.pk).update(created_at=at(on, hour))
    return said


def test_the_other_side_hears_of_it_once_however_much_was_said(busy, record):
    for _ in range(3):
        say(record, by=busy.mentor)
    say(make_visit(pairing=busy.pairing), by=busy.mentor)
    sweep(at())
    sweep(at(hour=11))
    assert told("commented") == {("tudi", busy.pairing.pk, str(TODAY))}
    (reminder,) = Reminder.objects.filter(rule="commented")
    assert reminder.sentence == "您与导师褚师傅的记录在2026年11月23日有新点评。"
    assert "只在页面上读的话" not in f"{reminder.words}{reminder.path}"
    assert Outbox.objects.filter(user=busy.mentee).count() == 1


def test_each_side_hears_of_the_others_and_both_of_the_office(busy, record):
    say(record, by=busy.mentee)
    sweep(at())
    assert told("commented") == {("shifu", busy.pairing.pk, str(TODAY))}
    say(record, by=busy.county)
    sweep(at())
    assert told("commented") == {
        ("shifu", busy.pairing.pk, str(TODAY)),
        ("tudi", busy.pairing.pk, str(TODAY)),
    }


def test_nobody_else_hears_of_it(busy, tree, record):
    other = make_cadre(unit=tree.yuyue, name="曹邻县", user=busy.stranger)
    make_pairing(mentor=make_mentor(cadre=other), mentee=make_cadre(unit=tree.yuyue, name="王邻县"))
    say(record, by=busy.county)
    sweep(at())
    heard = {name for name, *_rest in told("commented")}
    assert heard == {"shifu", "tudi"}


def test_a_closed_account_is_told_nothing(busy, record):
    busy.mentee.is_active = False
    busy.mentee.save()
    say(record, by=busy.mentor)
    sweep(at())
    assert told("commented") == set()


def test_at_night_the_mail_waits_for_the_morning(busy, record):
    say(record, by=busy.mentor, hour=21)
    sweep(at(hour=22))
    mail = Outbox.objects.get(user=busy.mentee)
    assert mail.not_before == at(days(1), hour=9)


def test_it_waits_while_the_pair_rests_and_is_told_when_it_goes_on(busy, record):
    busy.pairing.move("suspend", by=busy.county, reason="产假")
    PairingEvent.objects.filter(verb="suspend").update(at=at(days(-60)))
    old = say(record, by=busy.county, on=days(-70))
    say(record, by=busy.mentor, on=days(-40))
    sweep(at())
    assert told("commented") == set()
    busy.pairing.refresh_from_db()
    busy.pairing.move("resume", by=busy.county)
    PairingEvent.objects.filter(verb="resume").update(at=at(hour=9))
    sweep(at())
    assert told("commented", only_open=True) == {("tudi", busy.pairing.pk, str(days(-40)))}
    assert old.pairing == busy.pairing


def test_an_old_comment_is_no_news(busy, record):
    say(record, by=busy.mentor, on=days(-14))
    say(record, by=busy.mentor, on=days(-13))
    sweep(at())
    assert told("commented") == {("tudi", busy.pairing.pk, str(days(-13)))}


def test_it_closes_when_taken_back_answered_or_old(busy, record):
    said = say(record, by=busy.mentor)
    sweep(at())
    assert len(told("commented", only_open=True)) == 1
    commenting.withdraw(said, by=busy.mentor, now=at(hour=11))
    sweep(at(hour=12))
    assert told("commented", only_open=True) == set()

    say(record, by=busy.mentor, on=days(1))
    sweep(at(days(1)))
    assert len(told("commented", only_open=True)) == 1
    say(record, by=busy.mentee, on=days(1), hour=16)
    sweep(at(days(1), hour=17))
    assert told("commented", only_open=True) == {("shifu", busy.pairing.pk, str(days(1)))}
    sweep(at(days(15)))
    assert told("commented", only_open=True) == set()


def test_the_notice_stands_on_the_home_page_and_leads_to_the_comments(busy, record, signed_in):
    say(record, by=busy.mentor)
    sweep(at())
    client = signed_in(busy.mentee)
    home = client.get("/").text
    assert "您与导师褚师傅的记录在2026年11月23日有新点评。" in home
    path = Reminder.objects.get(rule="commented").path
    assert (path in home, "只在页面上读的话" in home) == (True, False)
    assert "只在页面上读的话" in client.get(path).text
