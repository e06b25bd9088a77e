from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from reminders.delivering import claim, deliver, send
from reminders.models import MailChoice, Outbox, Reminder
from reminders.sweeping import sweep
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.reminders.made import TODAY, at, days, make_assignment


def run(now):
    sweep(now)
    return deliver(now)


def test_all_new_reminders_of_a_person_come_in_one_mail(owed, bodies):
    late = make_assignment(pairing=owed.pairing, due_on=days(-3), title="写一篇民情日记")
    assert run(at()).sent == 1
    [(to, body)] = bodies()
    assert to == ["tudi@example.org"]
    assert body.splitlines()[:7] == [
        "马徒弟，您好！以下帮带事项等您处理：",
        "",
        "1. 作业《写一篇民情日记》应于2026年11月20日前提交，现已逾期。",
        f"   http://127.0.0.1:8460{Reminder.objects.get(subject=late.pk).path}",
        "2. 作业《走访十户》请在2026年11月23日（含当天）前提交。",
        f"   http://127.0.0.1:8460{Reminder.objects.get(subject=owed.assignment.pk).path}",
        "",
    ]
    assert mail.outbox[0].subject == "导师帮带：2 项待办"
    assert mail.outbox[0].extra_headers["Message-ID"].endswith("@127.0.0.1>")


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(hour=22), at(days(1), 9)),
        (at(hour=3), at(TODAY, 9)),
        (at(dt.date(2026, 11, 21)), at(TODAY, 9)),  # a Saturday
    ],
)
def test_night_and_days_off_are_silent(owed, now, opening):
    assert run(now).sent == 0
    assert Outbox.objects.get().not_before == opening
    assert deliver(opening - dt.timedelta(minutes=1)).sent == 0
    assert deliver(opening).sent == 1


def test_a_mail_that_was_held_up_by_day_does_not_go_out_at_night(owed):
    sweep(at())
    assert deliver(at(hour=21)).sent == 0
    assert deliver(at(days(1), 9)).sent == 1


def test_what_comes_up_after_the_days_mail_goes_with_the_next_days(owed, bodies):
    run(at())
    make_assignment(pairing=owed.pairing, due_on=days(1), title="第二份")
    assert run(at(hour=11)).sent == 0
    assert run(at(days(1), 9)).sent == 1
    assert [("走访十户" in body, "第二份" in body) for _, body in bodies()] == [
        (True, False),
        # The first became overdue overnight: its new line came along.
        (True, True),
    ]


def test_what_comes_up_while_the_days_mail_is_going_out_is_not_lost(owed, bodies):
    """Its drainer may have made the text already."""
    sweep(at())
    [row] = claim(at())
    late = make_assignment(pairing=owed.pairing, due_on=days(2), title="第二份")
    sweep(at())
    assert Reminder.objects.get(subject=late.pk).digest.day == days(1)
    send(row, at())
    deliver(at(days(1), 9))
    assert [("走访十户" in body, "第二份" in body) for _, body in bodies()] == [
        (True, False),
        (False, True),
    ]


def test_what_was_settled_meanwhile_is_left_out(owed, bodies):
    other = make_assignment(pairing=owed.pairing, due_on=days(1), title="还没交的")
    sweep(at(hour=8))
    type(other).objects.filter(pk=owed.assignment.pk).update(state="submitted")
    run(at(hour=9))
    [(_, body)] = bodies()
    assert ("还没交的" in body, "走访十户" in body) == (True, False)


def test_nothing_left_to_say_is_no_mail_and_is_not_counted(owed):
    sweep(at(hour=8))
    type(owed.assignment).objects.update(state="submitted")
    assert run(at(hour=9)).sent == 0
    assert mail.outbox == []
    row = Outbox.objects.get()
    assert (row.tries, row.done_at is not None) == (0, True)


def test_eight_mails_a_month_and_the_ninth_reminder_stands_in_the_app_alone(busy):
    start = dt.date(2026, 11, 2)
    for number in range(20):
        day = start + dt.timedelta(days=number)
        make_assignment(pairing=busy.pairing, due_on=day, title=f"第{number}份")
        run(at(day))
        type(busy.pairing.assignments.get(title=f"第{number}份")).objects.update(state="accepted")
    assert len(mail.outbox) == 8
    assert Reminder.objects.filter(user=busy.mentee).count() == 20
    december = dt.date(2026, 12, 1)
    make_assignment(pairing=busy.pairing, due_on=december)
    assert run(at(december)).sent == 1


def test_somebody_who_switched_the_mail_off_or_has_no_address_gets_none(owed):
    MailChoice.objects.create(user=owed.mentee, wants_digest=False)
    run(at())
    MailChoice.objects.update(wants_digest=True)
    owed.mentee.email = ""
    owed.mentee.save()
    make_assignment(pairing=owed.pairing, due_on=days(1))
    run(at(hour=11))
    assert (mail.outbox, Outbox.objects.count(), Reminder.objects.count()) == ([], 0, 2)


def test_the_address_of_the_choice_goes_before_the_accounts(owed, bodies):
    MailChoice.objects.create(user=owed.mentee, address="other@example.org")
    run(at())
    assert [to for to, _ in bodies()] == [["other@example.org"]]


def test_switching_off_stops_a_mail_that_already_waits(owed):
    sweep(at(hour=8))
    MailChoice.objects.create(user=owed.mentee, wants_digest=False)
    deliver(at(hour=9))
    assert mail.outbox == []


def test_a_long_mail_names_twenty_and_counts_the_rest(busy, bodies):
    for number in range(23):
        make_assignment(pairing=busy.pairing, due_on=TODAY, title=f"第{number}份")
    run(at())
    [(_, body)] = bodies()
    assert body.count("作业《") == 20
    assert "另有 3 项，请登录系统查看。" in body


def test_each_mail_holds_the_names_of_its_receivers_pairs_alone(cast, tree, bodies):
    """A silent pair elsewhere must not leak into the mails of this one."""
    for user in (cast.mentor, cast.mentee, cast.township, cast.other_county):
        user.email = f"{user.username}@example.org"
        user.save()
    elsewhere = make_pairing(
        mentor=make_mentor(cadre=make_cadre(unit=tree.yuyue, name="曹外人")),
        mentee=make_cadre(unit=tree.yuyue, name="王外人"),
    )
    assert elsewhere.county == tree.deqing
    run(at())
    names = ("褚师傅", "马徒弟", "曹外人", "王外人")
    seen = {to[0]: {name for name in names if name in body} for to, body in bodies()}
    assert seen == {
        "shifu@example.org": {"褚师傅", "马徒弟"},
        "tudi@example.org": {"褚师傅", "马徒弟"},
        "shangshu@example.org": {"褚师傅", "马徒弟"},
        "deqing@example.org": {"曹外人", "王外人"},
    }
