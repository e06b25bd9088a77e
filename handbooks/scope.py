"""Whose handbooks a printing holds: asked when it is begun, and again for each pair."""

from __future__ import annotations

from accounts.models import Role, User
from handbooks.models import Among, HandbookRun
from pairings.models import Pairing, PairingQuerySet

MOST = 5_000  # pairs of one printing


def pairs_of(run: HandbookRun, user: User) -> PairingQuerySet:
    """The pairs of the unit's subtree that the user coordinates today."""
    rows = Pairing.objects.visible_to(user).filter(user.rows_q(roles=(Role.COORDINATOR,)))
    return rows.filter(run.unit.rows_q(), state__in=Among(run.among).states).order_by("pk")
