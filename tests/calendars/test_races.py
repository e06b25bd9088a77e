"""Two at the same moment on one meeting, on the real database."""

import threading
import uuid
from functools import partial

import pytest
from django.db import connection

from calendars import arranging
from calendars.models import FeedAddress, StaleMove
from calendars.models.address import renew
from tests.calendars.made import again, make_meeting, reread

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
    # Both have read the meeting before either writes.
    acts = [
        partial(
            arranging.move, reread(row), verb, by=again(by), seen=0, key=uuid.uuid4(), reason="下乡"
        )
        for verb, by in (("hold", cast.mentor), ("cancel", cast.mentee))
    ]
    assert at_once(*acts) == ["StaleMove"]
    assert (reread(row).revision, row.events.count()) == (1, 2)


@everywhere
def test_of_two_renewals_one_address_is_in_force(cast):
    assert at_once(partial(renew, cast.mentor), partial(renew, cast.mentor)) == []
    standing = FeedAddress.objects.filter(user=cast.mentor)
    assert (standing.count(), standing.filter(revoked_at=None).count()) == (2, 1)
