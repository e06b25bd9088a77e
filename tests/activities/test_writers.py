"""Twenty people write for a quarter of a minute against the real server; some send twice, some
lose the line: no error, no record lost, none there twice (`benchmarks/writers.py` is the large
run)."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection

from activities.models import Session
from benchmarks.writers import people, serving, write

WRITERS, SECONDS = 20, 15


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_write_at_once_and_nothing_is_lost_or_doubled():
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={quote(settings['HOST'])}"
    writers = people(WRITERS)
    with serving(url) as port:
        outcome = write(port, writers, SECONDS)
    print(f"\n{WRITERS} writers: {outcome}")
    assert outcome.failures == []
    assert min(len(outcome.keys), outcome.resent, outcome.dropped) > 0
    kept = [str(key) for key in Session.objects.values_list("client_key", flat=True)]
    assert len(kept) == len(outcome.keys)
    assert set(kept) == outcome.keys
