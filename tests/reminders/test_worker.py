"""The way by Celery, on the real broker and on none."""

from __future__ import annotations

import time
from io import StringIO

import pytest
import redis
from django.core import mail
from django.core.management import call_command
from kombu.exceptions import OperationalError

from mentoring.celery import app
from reminders.models import Outbox, Reminder
from reminders.tasks import remind
from tests.reminders.made import TODAY
from tests.workers import running_worker


@pytest.fixture
def worker():
    with running_worker() as process:
        yield process


def waited_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_worker_sweeps_when_it_is_woken(cast, worker):
    for _ in range(3):
        remind.delay()
    assert waited_for(lambda: Reminder.objects.count() == 3)


@pytest.fixture
def no_broker(monkeypatch):
    """Whoever speaks to the broker is refused, as by a port where nobody listens."""

    def refuse(*args, **kwargs):
        raise redis.exceptions.ConnectionError("refused")

    for name in ("connect", "send_packed_command"):
        monkeypatch.setattr(redis.connection.AbstractConnection, name, refuse)


def test_without_a_broker_the_pages_and_the_sweep_by_hand_work(cast, no_broker, signed_in):
    impatient = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
    with (
        app.connection_for_write(transport_options=impatient) as dead,
        pytest.raises(OperationalError, match="refused"),  # the negative control
    ):
        remind.apply_async(connection=dead, retry=False)
    for user in (cast.mentee, cast.mentor, cast.county):
        for address in ("/", "/reminders/", "/suggestions/", "/reminders/settings/"):
            assert signed_in(user).get(address).status_code == 200
    cast.mentee.email = "tudi@example.org"
    cast.mentee.save()
    out = StringIO()
    call_command("send_reminders", today=TODAY, stdout=out)
    assert out.getvalue().splitlines() == [
        "提醒：新增 3 条，办结关闭 0 条。",
        "邮件：已发 1 封，发送失败待重试 0 封，共 0 封待发。",
    ]
    assert [message.to for message in mail.outbox] == [["tudi@example.org"]]


def test_the_command_takes_a_day_and_refuses_nonsense(cast):
    out = StringIO()
    call_command("send_reminders", "--today", "2026-11-21", stdout=out)  # a Saturday
    assert "新增 3 条" in out.getvalue()
    with pytest.raises(Exception, match="invalid"):
        call_command("send_reminders", "--today", "tomorrow")


def test_the_schedule_names_the_tasks():
    app.loader.import_default_modules()
    names = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert names <= set(app.tasks)
    assert {"reminders.tasks.remind", "reminders.tasks.deliver"} <= names
    assert Outbox._meta.get_field("dedupe_key").unique
