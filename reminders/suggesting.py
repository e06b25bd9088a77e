"""意见建议: a suggestion lies where its writer works, for the coordinators above."""

from __future__ import annotations

from accounts.models import User
from cadres.models import Cadre
from core.once import once
from reminders.models import Suggestion
from units.models import Unit


def unit_of(user: User) -> Unit | None:
    """The unit of the user's row in the register, else of the first grant, else none."""
    cadre = Cadre.objects.select_related("unit").filter(user=user).first()
    if cadre is not None:
        return cadre.unit
    return user.live_grants[0].unit if user.live_grants else None


def send(suggestion: Suggestion, *, by: User, unit: Unit) -> Suggestion:
    """Keep it, once for each sending of the form."""

    def make() -> Suggestion:
        suggestion.created_by = by
        suggestion.put_in(unit)
        suggestion.save()
        return suggestion

    return once(Suggestion, by=by, key=suggestion.client_key, make=make)
