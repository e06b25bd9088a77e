from __future__ import annotations

import itertools
import smtplib
import threading
from email.utils import getaddresses

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as Memory
from django.db import connection

from reminders import delivering, sweeping
from reminders.delivering import deliver
from reminders.models import Outbox, Reminder
from reminders.sweeping import sweep
from tests.reminders.made import at, days

REAL = {"transaction": True, "serialized_rollback": True}


class Refusing(Memory):
    """A mail server that answers with an error which names the receiver."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such mailbox")})


def at_once(*works):
    """Runs the works in threads that start together, each on its own connection."""
    barrier, errors = threading.Barrier(len(works)), []

    def run(work):
        barrier.wait()
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert errors == []


@pytest.mark.django_db(**REAL)
def test_two_drainers_after_a_crash_send_one_mail_each_person(owed):
    """The sweep committed and its worker died before any delivery."""
    sweep(at())
    type(owed.pairing).objects.update(to_on=days(5))  # three more receivers
    sweep(at(hour=10, minute=30))
    at_once(*[lambda: deliver(at(hour=11))] * 4)
    receivers = [address for _, address in getaddresses([m.to[0] for m in mail.outbox])]
    assert sorted(receivers) == [
        "shangshu@example.org",
        "shifu@example.org",
        "tudi@example.org",
    ]
    assert Outbox.objects.filter(done_at=None).count() == 0


@pytest.mark.django_db(**REAL)
def test_two_sweeps_at_once_write_each_reminder_once(owed):
    type(owed.pairing).objects.update(to_on=days(5))
    at_once(*[lambda: sweep(at())] * 4)
    assert Reminder.objects.count() == 4
    assert Outbox.objects.count() == 3
    assert Reminder.objects.filter(digest=None).count() == 0


def test_sweeping_three_times_gives_the_same_rows(owed):
    sweep(at())
    before = list(Reminder.objects.order_by("pk").values())
    mails = list(Outbox.objects.order_by("pk").values())
    for hour in (11, 12, 13):
        assert sweep(at(hour=hour)) == (0, 0)
    assert list(Reminder.objects.order_by("pk").values()) == before
    assert list(Outbox.objects.order_by("pk").values()) == mails


@pytest.mark.django_db(**REAL)
def test_a_sweep_that_dies_after_a_batch_is_finished_by_the_next(owed, monkeypatch):
    """Each batch is written with its mails or not at all."""
    type(owed.pairing).objects.update(to_on=days(5))
    monkeypatch.setattr(sweeping, "CHUNK", 1)
    gather, calls = sweeping.digests.gather, itertools.count(1)

    def dying(new, now):
        if next(calls) == 3:
            raise KeyboardInterrupt  # as a worker that is told to stop at once
        gather(new, now)

    monkeypatch.setattr(sweeping.digests, "gather", dying)
    with pytest.raises(KeyboardInterrupt):
        sweep(at())
    assert (Reminder.objects.count(), Outbox.objects.count()) == (2, 2)
    monkeypatch.setattr(sweeping.digests, "gather", gather)
    assert sweep(at(hour=11)).made == 2
    assert (Reminder.objects.count(), Outbox.objects.count()) == (4, 3)
    assert Reminder.objects.filter(digest=None).count() == 0


def test_a_drainer_that_died_is_replaced_when_its_lease_ends(owed):
    sweep(at())
    assert len(delivering.claim(at())) == 1
    assert deliver(at(minute=9)).sent == 0
    assert deliver(at(minute=10)).sent == 1
    assert deliver(at(minute=40)).sent == 0


def test_a_late_drainer_does_not_mark_what_another_has_claimed(owed):
    sweep(at())
    [late] = delivering.claim(at())
    [other] = delivering.claim(at(minute=10))
    delivering.send(late, at(minute=10))
    assert Outbox.objects.get().done_at is None
    delivering.send(other, at(minute=10))
    assert Outbox.objects.get().done_at == at(minute=10)
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second


def test_a_refused_mail_is_tried_again_with_growing_pauses(owed, settings, signed_in):
    settings.EMAIL_BACKEND = "tests.reminders.test_delivering.Refusing"
    sweep(at(hour=9))
    assert deliver(at(hour=9)) == (0, 1)
    row = Outbox.objects.get()
    assert (row.tries, row.last_error) == (1, "SMTPRecipientsRefused")
    first_pause = row.not_before - at(hour=9)
    assert deliver(at(hour=9, minute=4)) == (0, 0)
    assert deliver(at(hour=9, minute=6)) == (0, 1)
    row.refresh_from_db()
    assert row.not_before - at(hour=9, minute=6) > first_pause
    assert signed_in(owed.mentee).get("/").status_code == 200
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliver(at(hour=12)) == (1, 0)
    row.refresh_from_db()
    assert (row.tries, row.last_error) == (3, "")


def test_an_unreachable_mail_server_is_given_up_at_last_and_the_to_do_stays(owed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    sweep(at())
    Outbox.objects.update(tries=delivering.MAX_TRIES - 2)
    assert deliver(at()).failed == 1
    assert Outbox.objects.get().not_before == at(days(1), 9)
    assert deliver(at(days(1))).failed == 1
    row = Outbox.objects.get()
    assert (row.last_error, row.done_at is None) == ("ConnectionRefusedError", False)
    assert Reminder.objects.open().count() == 1


def test_a_pause_that_ends_at_night_ends_in_the_morning(owed, settings):
    settings.EMAIL_BACKEND = "tests.reminders.test_delivering.Refusing"
    sweep(at(hour=17, minute=29))
    deliver(at(hour=17, minute=29))
    assert Outbox.objects.get().not_before == at(days(1), 9)


def test_a_long_delivery_gives_each_claim_a_lease_from_its_own_moment(owed, monkeypatch):
    type(owed.pairing).objects.update(to_on=days(5))
    sweep(at())
    clock = itertools.count(0, 900)  # a quarter of an hour goes by between two claims
    monkeypatch.setattr(delivering, "CLAIM", 1)
    monkeypatch.setattr(delivering.time, "monotonic", lambda: next(clock))
    assert deliver(at()).sent == 3
    assert list(Outbox.objects.order_by("done_at").values_list("done_at", flat=True)) == [
        at(minute=15),
        at(minute=30),
        at(minute=45),
    ]
