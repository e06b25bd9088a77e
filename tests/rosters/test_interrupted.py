"""Whatever interrupts an import, it is wholly in or wholly out, and says which.

The worker is a process of its own, and is stopped in the middle of saving by a lock that the test
holds on one of the tables that are written: people and posts are written by then.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connection

from cadres.models import Cadre, Posting
from mentors.models import Mentor
from rosters import batches, tasks, working
from rosters.leasing import Lease
from rosters.models import Job
from tests.mentors.rosters import checked, row

CODE = """
import sys, django
django.setup()
from rosters import working
working.run(sys.argv[1])
"""
PEOPLE = [row(姓名=f"王{name}", 导师类型="其他") for name in "甲乙丙丁戊"]

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def url() -> str:
    settings = connection.settings_dict
    return f"postgresql://{settings['USER']}@/{settings['NAME']}?host={quote(settings['HOST'])}"


class Obstacle:
    """A connection of its own that keeps others from writing into a table."""

    def __init__(self) -> None:
        self.link = psycopg2.connect(url())
        self.link.cursor().execute("LOCK TABLE mentors_mentor IN SHARE MODE")

    def waiting(self) -> list[int]:
        """Backends that stand before the table; asked outside of the lock's own transaction,
        which sees the activity of its first moment for ever."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND query LIKE 'COPY \"mentors_mentor\" %'"
            )
            return [pid for (pid,) in cursor.fetchall()]

    def wait_for_somebody(self) -> int:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if found := self.waiting():
                return found[0]
            time.sleep(0.05)
        raise AssertionError("nobody came to the table")

    def go(self) -> None:
        self.link.close()


@pytest.fixture
def saving(cast):
    """A batch on its way into the register, its worker stopped in the middle."""
    batch = checked(cast.county, *PEOPLE)
    batches.confirm(batch, cast.county)
    obstacle = Obstacle()
    worker = subprocess.Popen(
        [sys.executable, "-c", CODE, str(batch.pk)],
        env={**os.environ, "DATABASE_URL": url(), "PYTEST_VERSION": "child"},
        stderr=subprocess.DEVNULL,
    )
    try:
        backend = obstacle.wait_for_somebody()
        yield batch, obstacle, worker, backend
    finally:
        obstacle.go()
        worker.kill()
        worker.wait(10)


def written() -> tuple[int, int, int]:
    people = Cadre.objects.filter(name__in=[each["姓名"] for each in PEOPLE])
    posts, mentors = Posting.objects, Mentor.objects
    return (
        people.count(),
        posts.filter(cadre__in=people).count(),
        mentors.filter(cadre__in=people).count(),
    )


def state(batch) -> str:
    batch.refresh_from_db()
    return batch.state


def nobody_is_left(pid: int) -> None:
    """The server notices that its client is gone, and rolls back."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise AssertionError("the killed worker's transaction is still there")


def test_left_alone_the_worker_brings_all_of_it_in(saving):
    """The control: what the others kill would have gone through."""
    batch, obstacle, worker, _backend = saving
    assert (state(batch), written()) == ("saving", (0, 0, 0))
    obstacle.go()
    assert worker.wait(30) == 0
    assert (state(batch), written()) == ("done", (5, 5, 5))


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_sweep_does_it_again(saving):
    batch, obstacle, worker, backend = saving
    worker.kill()
    assert worker.wait(10) == -9
    obstacle.go()
    nobody_is_left(backend)
    assert (state(batch), written()) == ("saving", (0, 0, 0))
    # Its lease runs for up to a minute: nobody else works on the batch before that.
    assert working.left_alone() == []
    assert working.run(batch.pk) is False
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rosters_job SET lease_until = now() - interval '1 second'")
    tasks.sweep()
    assert (state(batch), written()) == ("done", (5, 5, 5))
    tasks.sweep()
    assert written() == (5, 5, 5)


def test_a_lost_connection_leaves_nothing_and_the_sweep_does_it_again(saving):
    """As when the database restarts: all of the worker's connections are gone at once."""
    batch, obstacle, worker, _backend = saving
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> %s",
            [obstacle.link.info.backend_pid],
        )
    assert worker.wait(30) == 1
    obstacle.go()
    assert (state(batch), written()) == ("saving", (0, 0, 0))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rosters_job SET lease_until = now() - interval '1 second'")
    tasks.sweep()
    assert (state(batch), written()) == ("done", (5, 5, 5))


def test_after_three_tries_the_office_is_told_that_nothing_was_written(cast):
    batch = checked(cast.county, *PEOPLE)
    batches.confirm(batch, cast.county)
    Job.objects.filter(pk=batch.pk).update(tries=working.MOST_TRIES)
    tasks.sweep()
    assert (state(batch), written()) == ("checked", (0, 0, 0))
    assert batch.failure == "处理多次中断，没有写入任何内容，请重试。"
    batches.confirm(batch, cast.county)
    tasks.sweep()
    assert (state(batch), written()) == ("done", (5, 5, 5))


def test_two_workers_never_hold_one_batch(cast):
    batch = checked(cast.county, *PEOPLE)
    with Lease.take(batch.pk) as first:
        assert Lease.take(batch.pk) is None
        first.begin("x")
        job = Job.objects.get(pk=batch.pk)
        assert (job.step, job.tries) == ("x", 1)
    assert Job.objects.get(pk=batch.pk).lease_until is None


def test_a_worker_that_was_taken_for_dead_stops(cast):
    from rosters.leasing import Lost

    batch = checked(cast.county, *PEOPLE)
    with Lease.take(batch.pk) as first:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE rosters_job SET lease_until = now() - interval '1 second'")
        with Lease.take(batch.pk) as second:
            assert second is not None
            with pytest.raises(Lost):
                first.begin("x")
            with pytest.raises(Lost):
                first.progress(1, 2)
