"""The pairs of one mentee that follow each other by changes of mentor 换师."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from pairings.models import Pairing
from pairings.states import CALLED_OFF, OPEN, WAITING, Role

_MOST = 50  # nobody changes mentors that often; a ring is no chain


def history_ids(pairing: Pairing) -> list[UUID]:
    """The pair and those that it goes on with, the newest first."""
    found, before = [pairing.pk], pairing.succeeds_id
    while before and before not in found and len(found) < _MOST:
        found.append(before)
        before = Pairing.objects.filter(pk=before).values_list("succeeds", flat=True).first()
    return found


def notes(pairing: Pairing) -> list[str]:
    """What became of a change of mentor, for the page of the pair that it ended."""
    if pairing.is_open:
        return []
    successors = list(pairing.successors.order_by("created_at"))
    if any(row.state in WAITING for row in successors):
        waiting = next(row for row in successors if row.state in WAITING)
        text = _("The mentor was changed; the new pair: %(state)s.")
        return [text % {"state": waiting.get_state_display()}]
    if not successors or any(row.state not in CALLED_OFF for row in successors):
        return []
    leading = Pairing.objects.filter(mentee=pairing.mentee_id, role=Role.LEAD, state__in=OPEN)
    if leading.exists():
        return []
    text = _("The change of mentor came to nothing (%(state)s): %(name)s has no lead mentor now.")
    values = {"state": successors[-1].get_state_display(), "name": pairing.mentee.name}
    return [text % values]
