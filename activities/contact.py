"""When a pair was last in contact: the ground on which silence becomes visible."""

from __future__ import annotations

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from activities.models import Session, Visit
from pairings.models import PairingQuerySet


def with_last_contact(pairings: PairingQuerySet) -> PairingQuerySet:
    """Adds two dates to each pairing.

    `last_contact_on`: the day of the last session or visit, None when there was none;
    `silent_from`: the same, or the first day of the pairing.
    """
    days = [
        Subquery(
            model.objects.filter(pairing=OuterRef("pk"))
            .order_by("-happened_on")
            .values("happened_on")[:1]
        )
        for model in (Session, Visit)
    ]
    # PostgreSQL's greatest() passes over NULL, so one of the two is enough.
    return pairings.annotate(last_contact_on=Greatest(*days)).annotate(
        silent_from=Coalesce(F("last_contact_on"), F("from_on"))
    )
