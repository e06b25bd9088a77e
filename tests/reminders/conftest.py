from __future__ import annotations

import pytest
from django.core import mail

from tests.reminders.made import TODAY, make_assignment, make_session


@pytest.fixture
def busy(cast):
    """The cast's pair with a record of today, so that nothing is silent; all have an address."""
    make_session(pairing=cast.pairing)
    for user in (cast.mentor, cast.mentee, cast.county, cast.township, cast.other_county):
        user.email = f"{user.username}@example.org"
        user.save()
    return cast


@pytest.fixture
def owed(busy):
    """One assignment that is due today."""
    busy.assignment = make_assignment(pairing=busy.pairing, due_on=TODAY)
    return busy


@pytest.fixture
def bodies():
    return lambda: [(message.to, message.body) for message in mail.outbox]
