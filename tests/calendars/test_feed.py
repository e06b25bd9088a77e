"""The feed: who reads what, in which bytes."""

import datetime as dt
import logging

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from calendars.models import FeedAddress, PlannedMeeting
from calendars.models.address import digest_of, renew, revoke
from calendars.secrecy import HidesFeedAddresses
from pairings.models import Pairing
from tests.activities.making import make_assignment
from tests.calendars.made import again, make_meeting, move, today
from tests.factories import make_cadre, make_mentor, make_pairing

CANARY = "德清秘密主题"


@pytest.fixture
def foreign(cast, tree):
    mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="曹外师"))
    pairing = make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.yuyue, name="王外徒"))
    make_meeting(cast, pairing=pairing, by=cast.other_county, topic=CANARY)
    return pairing


def read(token, **headers):
    return Client().get(reverse("calendars:feed", args=[token]), headers=headers)


def events(token):
    return Calendar.from_ical(read(token).content).walk("VEVENT")


def summaries(token):
    return sorted(str(event["summary"]) for event in events(token))


def test_one_reads_the_own_pairs_only(cast, foreign):
    make_meeting(cast, place_text="刘家塘村委")
    make_assignment(pairing=cast.pairing, title="村情报告", body="正文不外传")
    expected = [
        "作业截止：村情报告（褚师傅 → 马徒弟）", "约定见面：走访农户前碰头（褚师傅 → 马徒弟）",
    ]  # fmt: skip
    for user in (cast.mentor, cast.mentee):
        token = renew(user)
        told = [text for text in summaries(token) if "期满" not in text]
        assert told == expected
        body = read(token).content.decode().replace("\r\n ", "")
        assert [word in body for word in (CANARY, "王外徒", "刘家塘村委", "正文不外传")] == [
            False
        ] * 4
    # An office has no pair of its own: its feed names nobody.
    assert summaries(renew(cast.county)) == []


def test_a_revoked_renewed_or_unknown_address_finds_nothing(cast):
    make_meeting(cast)
    first = renew(cast.mentor)
    second = renew(cast.mentor)
    assert [read(token).status_code for token in (first, second, "x")] == [404, 200, 404]
    assert read(first).content == b""
    revoke(cast.mentor)
    assert read(second).status_code == 404


def test_a_disabled_account_feeds_nobody(cast):
    token = renew(cast.mentor)
    assert read(token).status_code == 200
    type(cast.mentor).objects.filter(pk=cast.mentor.pk).update(is_active=False)
    assert read(token).status_code == 404


def test_the_table_holds_no_address(cast):
    token = renew(cast.mentor)
    row = FeedAddress.objects.get()
    assert (row.digest, token in row.digest) == (digest_of(token), False)


def test_lines_are_folded_and_ended_as_the_standard_asks(cast):
    make_meeting(cast, topic="到刘家塘村商量农村生活污水处理、美丽乡村与集体经济" * 4)
    answer = read(renew(cast.mentor))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert lines[0].decode() == "BEGIN:VCALENDAR"


def test_times_are_those_of_this_place_and_days_are_days(cast):
    summer, winter = (dt.date(today().year + 1, month, 15) for month in (7, 1))
    for day in (summer, winter):
        make_meeting(cast, day=day, time=dt.time(9, 30))
    make_meeting(cast, day=summer, topic="整天")
    made = {str(e["summary"]): e for e in events(renew(cast.mentor)) if "期满" not in e["summary"]}
    whole = next(event for title, event in made.items() if "整天" in title)
    assert (whole["dtstart"].dt, whole["dtend"].dt) == (summer, summer + dt.timedelta(days=1))
    zone = timezone.get_default_timezone()
    timed = [e["dtstart"].dt for e in events(renew(cast.mentor)) if "走访" in e["summary"]]
    told = sorted(moment.astimezone(zone) for moment in timed)
    assert [(moment.date(), moment.time()) for moment in told] == [
        (winter, dt.time(9, 30)), (summer, dt.time(9, 30)),
    ]  # fmt: skip


def test_a_move_keeps_the_identity_and_counts_on(cast):
    row, token = make_meeting(cast), renew(cast.mentor)
    before = next(e for e in events(token) if "走访" in e["summary"])
    later = today() + dt.timedelta(days=5)
    move(row, "put_off", by=cast.mentee, day=later)
    after = next(e for e in events(token) if "走访" in e["summary"])
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"], after["dtstart"].dt) == (0, 1, later)


def test_a_meeting_called_off_is_told_as_such_for_sixty_days(cast):
    row, token = make_meeting(cast), renew(cast.mentor)
    make_meeting(cast, topic="照常的")

    def told():
        return sorted(
            (e["sequence"], str(e.get("status", ""))) for e in events(token)
            if "约定见面" in e["summary"]
        )  # fmt: skip

    move(row, "cancel", by=cast.mentee, reason="下乡")
    assert told() == [(0, ""), (1, "CANCELLED")]
    assert "下乡" not in read(token).content.decode().replace("\r\n ", "")
    for days, expected in ((59, [(0, ""), (1, "CANCELLED")]), (61, [(0, "")])):
        ago = timezone.now() - dt.timedelta(days=days)
        PlannedMeeting.objects.filter(pk=row.pk).update(changed_at=ago)
        assert told() == expected
    move(row, "reopen", by=cast.mentor)
    assert told() == [(0, ""), (2, "")]


def test_a_longer_term_counts_on(cast):
    later, token = today() + dt.timedelta(days=300), renew(cast.mentor)

    def term():
        event = next(e for e in events(token) if "期满" in e["summary"])
        return event["uid"], event["sequence"], event["dtstart"].dt

    pairing = Pairing.objects.for_detail().get(pk=cast.pairing.pk)
    uid, sequence, day = term()
    assert day == pairing.to_on != later
    pairing.move("extend", by=again(cast.county), to_on=later, reason="继续帮带")
    assert term() == (uid, sequence + 1, later)


def test_what_did_not_change_is_not_sent_again(cast):
    row, token = make_meeting(cast), renew(cast.mentor)
    first = read(token)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert first.cookies == {}
    again = read(token, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    move(row, "put_off", by=cast.mentor, day=today() + dt.timedelta(days=2))
    changed = read(token, **{"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.headers["ETag"] == first.headers["ETag"]) == (200, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_feed_costs_five_queries(cast, rows, django_assert_num_queries):
    for _row in range(rows):
        make_meeting(cast)
        make_assignment(pairing=cast.pairing)
    token = renew(cast.mentor)
    with django_assert_num_queries(5):
        assert read(token).status_code == 200


def test_no_log_holds_the_address(cast, caplog):
    token = renew(cast.mentor)
    revoke(cast.mentor)
    caplog.handler.addFilter(HidesFeedAddresses())
    with caplog.at_level(logging.WARNING):
        read(token)
    assert [token in record.getMessage() for record in caplog.records] == [False]
    assert "/calendars/feed/…" in caplog.text


def test_the_address_is_shown_once_and_revoked_by_a_button(cast, signed_in):
    client, page = signed_in(cast.mentor), reverse("calendars:address")
    shown = client.post(page).context["shown"]
    assert shown.startswith("http://testserver/calendars/feed/")
    assert Client().get(shown).status_code == 200
    assert shown not in client.get(page).text
    assert client.post(reverse("calendars:revoke_address")).status_code == 302
    assert Client().get(shown).status_code == 404
    assert FeedAddress.objects.filter(revoked_at=None).count() == 0
