"""Two at the same moment on one meeting, on the real database."""

import threading
from functools import partial

import pytest
from django.db import connection

from calendars.models import FeedAddress, StaleMove
from calendars.models.address import renew
from tests.calendars.made import make_meeting, move, reread

everywhere = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*acts):
    start, raised = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
        except StaleMove:
            raised.append("StaleMove")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@everywhere
def test_of_two_on_one_meeting_one_wins(cast):
    row = make_meeting(cast)
    acts = [
        partial(move, row, "hold", by=cast.mentor, seen=0),
        partial(move, row, "cancel", by=cast.mentee, seen=0, reason="下乡"),
    ]
    assert at_once(*acts) == ["StaleMove"]
    assert (reread(row).revision, row.events.count()) == (1, 2)


@everywhere
def test_of_two_renewals_one_address_is_in_force(cast):
    assert at_once(partial(renew, cast.mentor), partial(renew, cast.mentor)) == []
    standing = FeedAddress.objects.filter(user=cast.mentor)
    assert (standing.count(), standing.filter(revoked_at=None).count()) == (2, 1)
