"""A delivered report waits on the desk of those who coordinate the unit, until it was seen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Grant, Role
from reminders.models import Outbox, Reminder
from snapshots.models import Snapshot
from snapshots.ordering import period_before, sweep, switch
from tests.factories import make_grant, make_user
from tests.snapshots.test_ordering import NOW


@pytest.fixture
def delivered(cast, tree):
    switch(tree.anji, "monthly", on=True, by=cast.county)
    sweep(NOW)
    return Snapshot.objects.get()


def waiting(user) -> list[str]:
    return [each.sentence for each in Reminder.objects.open().visible_to(user)]


SAID = "安吉县2026年10月统计月报已生成（截至2026年10月31日），请核对后上报。"


def test_the_units_own_coordinators_are_told_and_nobody_else(cast, delivered):
    assert waiting(cast.county) == [SAID]
    others = (cast.other_county, cast.township, cast.viewer, cast.mentor, cast.secadmin)
    assert [waiting(each) for each in others] == [[]] * len(others)


def test_the_line_stands_on_the_home_page_and_goes_when_the_report_is_opened(
    cast, signed_in, delivered
):
    client = signed_in(cast.county)
    assert SAID in client.get("/").text
    assert client.get(f"/snapshots/{delivered.pk}/").status_code == 200
    assert SAID not in client.get("/").text
    sweep(NOW + dt.timedelta(days=1))
    assert waiting(cast.county) == []


def test_it_is_put_aside_like_any_other_line(cast, signed_in, delivered):
    reminder = Reminder.objects.get(rule="report")
    signed_in(cast.county).post(f"/reminders/{reminder.pk}/close/")
    sweep(NOW + dt.timedelta(days=1))
    assert waiting(cast.county) == []


def test_unseen_it_waits_longer_than_a_fortnight_and_gives_way_to_the_next(cast, tree):
    switch(tree.anji, "monthly", on=True, by=cast.county)
    for days_before in (24, 4):  # 9 and 29 October
        sweep(NOW - dt.timedelta(days=days_before))
        assert waiting(cast.county) == [SAID.replace("10月31", "9月30").replace("10月", "9月")]
    sweep(NOW)
    assert waiting(cast.county) == [SAID]


def test_it_is_one_line_however_often_is_swept(cast, delivered):
    sweep(NOW)
    assert Reminder.objects.filter(rule="report").count() == 1


def test_it_goes_out_with_the_digest(cast, tree):
    cast.county.email = "zzb@anji.example"
    cast.county.save()
    switch(tree.anji, "monthly", on=True, by=cast.county)
    sweep(NOW)
    assert [row.user for row in Outbox.objects.filter(kind="digest")] == [cast.county]


def test_whoever_coordinates_at_the_delivery_gets_it(cast, tree):
    """Ordered by one who has lost the role since: the report is the unit's and goes on."""
    switch(tree.anji, "monthly", on=True, by=cast.county)
    Grant.objects.filter(user=cast.county).update(to_on=dt.date(2026, 10, 30))
    successor = make_user(name="新来的")
    make_grant(user=successor, role=Role.COORDINATOR, unit=tree.anji)
    assert sweep(NOW) == 1
    told = Reminder.objects.filter(rule="report")
    assert [each.user for each in told] == [successor]


def test_who_loses_the_role_loses_the_line(cast, delivered):
    Grant.objects.filter(user=cast.county).update(to_on=dt.date(2020, 2, 1))
    user = type(cast.county).objects.get(pk=cast.county.pk)
    assert waiting(user) == []


def test_who_comes_within_the_month_is_told_as_well(cast, tree, delivered):
    successor = make_user(name="新来的")
    make_grant(user=successor, role=Role.COORDINATOR, unit=tree.anji)
    sweep(NOW + dt.timedelta(days=10))
    assert waiting(successor) == [SAID]


@pytest.mark.parametrize(
    ("rhythm", "day", "first", "last"),
    [
        ("monthly", (2028, 3, 1), (2028, 2, 1), (2028, 2, 29)),
        ("monthly", (2027, 3, 1), (2027, 2, 1), (2027, 2, 28)),
        ("monthly", (2026, 5, 1), (2026, 4, 1), (2026, 4, 30)),
        ("quarterly", (2028, 4, 30), (2028, 1, 1), (2028, 3, 31)),
    ],
)
def test_months_end_on_their_own_last_day(rhythm, day, first, last):
    period = period_before(rhythm, dt.date(*day))
    assert (period.first, period.last) == (dt.date(*first), dt.date(*last))


def test_the_month_ends_by_the_clock_of_shanghai(cast, tree):
    """The year 2025 is over here while it is not by UTC; the office opens on the 4th."""
    switch(tree.anji, "monthly", on=True, by=cast.county)
    night = dt.datetime(2025, 12, 31, 17, 0, tzinfo=dt.UTC)
    assert timezone.localdate(night) == dt.date(2026, 1, 1)
    opening = dt.datetime(2026, 1, 4, 1, 0, tzinfo=dt.UTC)  # 9:00 in Shanghai
    assert [sweep(opening - dt.timedelta(minutes=1)), sweep(opening)] == [0, 1]
    snapshot = Snapshot.objects.get()
    assert (snapshot.period_from, snapshot.as_of) == (dt.date(2025, 12, 1), dt.date(2025, 12, 31))
