"""One import at a time where two could meet: name, month and unit have no unique constraint, so
two at once could make the same person twice.
"""

from __future__ import annotations

import time

from django.db import connection

from accounts.models import Role, User
from rosters.leasing import Lease

_SPACE = 0x726F7374  # of advisory locks, ours
_PAUSE = 0.5  # seconds


def one_import_at_a_time(by: User, lease: Lease) -> None:
    """Wait until nobody imports above, below or in the units of this user; to the end of the
    transaction.

    Each unit in charge is locked whole, those above it shared: two imports meet exactly when
    one's unit stands above the other's. Locks are taken in one order, so nobody waits in a ring.
    """
    wanted: dict[int, str] = {}
    for grant in by.live_grants:
        if grant.role == Role.COORDINATOR:
            *above, unit = grant.unit.ancestor_ids
            for pk in above:
                wanted.setdefault(pk, "pg_try_advisory_xact_lock_shared")
            wanted[unit] = "pg_try_advisory_xact_lock"
    for pk, verb in sorted(wanted.items()):
        while not _taken(verb, pk):
            time.sleep(_PAUSE)
            lease.progress(0, 0)


def _taken(verb: str, pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {verb}(%s, %s)", [_SPACE, pk])
        return bool(cursor.fetchone()[0])
