"""Which of the six methods a pair used, and a quiet word on one that it might try.

Nothing is counted against anybody: no figure of persons comes of it (domain §3).
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db.models import Count, Max

from activities.methods import Method
from activities.models import Session
from pairings.models import Pairing

# A method not used for so long may be suggested: half a year, since a term is mostly one year
# and each of the six should find room in it. Ours, not the working standard's.
UNUSED_DAYS = 183
# The order in which unused methods are suggested: what needs least preparation comes first.
SUGGESTED = (
    Method.ON_SITE,
    Method.CASE,
    Method.PRACTICE,
    Method.REVIEW,
    Method.SCENARIO,
    Method.ASSIGNMENT,
)


class Used(NamedTuple):
    method: Method
    times: int
    last_on: dt.date | None


class Coverage(NamedTuple):
    used: list[Used]
    suggestion: Method | None  # for a pair that records its sessions


def of_pair(pairing: Pairing, today: dt.date) -> Coverage:
    sessions = Session.objects.filter(pairing=pairing).order_by().values("method")
    rows = sessions.annotate(n=Count("pk"), last_on=Max("happened_on"))
    found = {row["method"]: (row["n"], row["last_on"]) for row in rows}
    used = [Used(method, *found.get(method, (0, None))) for method in Method]
    long_ago = today - dt.timedelta(days=UNUSED_DAYS)
    fresh = {row.method for row in used if row.last_on and row.last_on > long_ago}
    quiet = [method for method in SUGGESTED if method not in fresh]
    speaks = pairing.allows_records and found and quiet
    return Coverage(used, quiet[0] if speaks else None)
