"""代帮 ends by itself: the day after its last, or with the pair whose mentor was away."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from pairings.models import Pairing, StaleMove
from pairings.states import Role

_DAY = dt.timedelta(days=1)


def lapse_due(today: dt.date) -> int:
    """End every substitute that is over by that day; how many this call ended.

    May run twice, and at once with another: each is ended by a compare-and-swap of its own.
    """
    is_over = Q(to_on__lt=today) | Q(stands_in_for__ended_on__lte=today)
    due = Pairing.objects.open().filter(is_over, role=Role.SUBSTITUTE)
    ended = 0
    for pairing in due.select_related("stands_in_for").order_by("pk"):
        try:
            pairing.lapse(_first_day_without(pairing, today))
        except StaleMove:
            continue  # ended by somebody else meanwhile
        ended += 1
    return ended


def _first_day_without(pairing: Pairing, today: dt.date) -> dt.date:
    """One that was to begin later never began: it ends today, or on its first day."""
    away = pairing.stands_in_for
    days = [pairing.to_on + _DAY] if pairing.to_on else []
    days += [away.ended_on] if away and away.ended_on else []
    return max(min(days), min(pairing.from_on, today))
