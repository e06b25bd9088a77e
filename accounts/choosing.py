"""Which units a form offers to whom."""

from __future__ import annotations

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Length

from accounts.models import BUSINESS_ROLES, Role, User
from units.models import Unit, UnitQuerySet
from units.tree import may_stand_below, successors_of

SHOWN = 50


def choosable_by(user: User) -> UnitQuerySet:
    """Live units within the user's grants; to a cadre without a grant, those of their county.

    The cadre's row hangs on the user from a floor above: it is there by its reverse name.
    """
    if user.has_role(*BUSINESS_ROLES, Role.SECADMIN):
        return Unit.objects.live().filter(user.units_q(roles=(*BUSINESS_ROLES, Role.SECADMIN)))
    cadre = getattr(user, "cadre", None)
    if cadre is None:
        return Unit.objects.none()
    return Unit.objects.live().filter(county=cadre.county_id)


def places_for(user: User, unit: Unit) -> UnitQuerySet:
    """Where the user may move the unit: below another that the own grants govern."""
    return may_stand_below(unit).filter(user.units_q(roles=(Role.COORDINATOR,)))


def successors_for(user: User, unit: Unit) -> UnitQuerySet:
    """What the user may merge the unit into."""
    return successors_of(unit).filter(user.units_q(roles=(Role.COORDINATOR,)))


def best_matches(user: User, text: str, among: UnitQuerySet | None = None) -> list[Unit]:
    """Up to 50 units for a search-select: own surroundings first while nothing is typed."""
    found = choosable_by(user).search(text)
    if among is not None:
        found = found.filter(pk__in=among.order_by().values("pk"))
    cadre = getattr(user, "cadre", None)
    if not text.strip() and cadre is not None:
        near = Case(
            When(Q(pk=cadre.unit_id), then=Value(0)),
            When(Q(township=cadre.township_id), then=Value(1)),
            default=Value(2),
        )
        found = found.order_by(near, Length("path"), "pk")
    return list(found[:SHOWN])
