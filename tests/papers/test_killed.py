"""A worker that is killed over a page leaves nothing of it; the next one reads it anew.

The worker is a process of its own, stopped over the first page by a lock that the test holds on
the table of events: the page's pictures are stored by then, and its row is not committed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from papers import tasks
from papers.models import PaperEvent, PaperPage, Stack
from tests.papers.made import make_stack, printed, states
from tests.papers.test_stacks import stored

CODE = """
import sys, django
django.setup()
from papers import working
working.run(sys.argv[1])
"""


def url() -> str:
    values = connection.settings_dict
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={quote(values['HOST'])}"


def wait_for_somebody_before_the_table() -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND query LIKE 'INSERT INTO \"papers_paperevent\"%'"
            )
            if cursor.fetchone() == (1,):
                return
        time.sleep(0.05)
    pytest.fail("no worker came to the table")


def backends() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid for (pid,) in cursor.fetchall()}


def wait_until_all_are_gone(but: set[int]) -> None:
    """The server notices that its clients are gone, and rolls back what they began."""
    end = time.monotonic() + 60
    while backends() - but:
        if time.monotonic() > end:
            pytest.fail("the killed worker's transactions are still there")
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_a_killed_worker_began_is_read_anew(cast):
    stack = make_stack(*printed(cast.pairing), by=cast.mentee)
    before = backends()
    obstacle = psycopg2.connect(url())
    obstacle.cursor().execute("LOCK TABLE papers_paperevent IN SHARE MODE")
    environment = {
        **os.environ,
        "DATABASE_URL": url(),
        "PYTEST_VERSION": "child",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    worker = subprocess.Popen([sys.executable, "-c", CODE, str(stack.pk)], env=environment)
    try:
        wait_for_somebody_before_the_table()
        assert PaperPage.objects.count() == 0
        assert len(stored()) == 2 + 1  # both pictures of the page, and the PDF
    finally:
        worker.kill()
        worker.wait(10)
        obstacle.close()
    wait_until_all_are_gone(but=before)
    tasks.resume()
    assert states(stack) == []  # the lease of the dead one still holds
    Stack.objects.filter(pk=stack.pk).update(lease_until=None)
    tasks.resume()
    assert states(stack) == ["placed", "placed"]
    assert PaperEvent.objects.count() == 2
    assert len(stored()) == 2 * 2
