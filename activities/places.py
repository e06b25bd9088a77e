"""Places near at hand, so that a visit's place is a tap and not a search."""

from __future__ import annotations

from activities.models import Visit
from pairings.models import Pairing
from units.models import Kind, Unit

RECENT = 20
MOST = 80


def near(pairing: Pairing) -> list[Unit]:
    """Units lately visited by this pair, latest first, then the villages of its township."""
    lately = (
        Visit.objects.filter(pairing=pairing, place__closed_on=None, place__isnull=False)
        .order_by("-happened_on", "-id")
        .select_related("place")[:RECENT]
    )
    found = {visit.place_id: visit.place for visit in lately}
    if pairing.township_id:
        villages = Unit.objects.live().filter(township=pairing.township_id, kind=Kind.VILLAGE)
        for unit in villages.order_by("path")[:MOST]:
            found.setdefault(unit.pk, unit)
    return list(found.values())
