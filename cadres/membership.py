"""The month of joining the party against what else is known of a person."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from cadres.codes import PARTY_MEMBERS
from core.months import month_of


def faults(*, joined: str, birth: str, status: str, today: dt.date) -> list[str]:
    """Why the month cannot be; what is unknown (empty) speaks against nothing."""
    if not joined:
        return []
    found = []
    if joined <= birth or joined > month_of(today):
        found.append(_("The party is joined after the birth and not in the future."))
    if status and status not in PARTY_MEMBERS:
        found.append(_("By the political status this person has not joined the party."))
    return found
