"""Whose handbooks a printing holds: asked when it is begun, for each pair, and at each taking."""

from __future__ import annotations

from accounts.models import Role, User
from handbooks.models import Among, HandbookRun
from pairings.models import Pairing, PairingQuerySet
from pairings.succession import history_ids

MOST = 5_000  # pairs of one printing


def pairs_of(run: HandbookRun, user: User) -> PairingQuerySet:
    """The pairs of the unit's subtree that the user coordinates today."""
    rows = Pairing.objects.visible_to(user).filter(user.rows_q(roles=(Role.COORDINATOR,)))
    return rows.filter(run.unit.rows_q(), state__in=Among(run.among).states).order_by("pk")


def told_of(pairing: Pairing, user: User) -> PairingQuerySet:
    """The pair, and those before it that its handbook tells this reader of."""
    return Pairing.objects.visible_to(user).filter(pk__in=history_ids(pairing))


def may_read_all(run: HandbookRun, user: User) -> bool:
    """Whether what the file holds is open to this person as it was when it was made.

    A pair may have gone to another unit since; and with a grant go the records that were read
    under it, wherever their pair is. Of a file made before its pairs were kept nobody knows.
    """
    if not run.pairs or not {*run.grants} <= {grant.pk for grant in user.live_grants}:
        return False
    return Pairing.objects.visible_to(user).filter(pk__in=run.pairs).count() == len(run.pairs)
