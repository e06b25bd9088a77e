"""The register of mentees beside the pairs: who is paired today, who is not yet, the coverage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from cadres.models import Cadre, Mentee, MenteeQuerySet
from pairings.models import Pairing

_TENTH = Decimal("0.1")


class Coverage(NamedTuple):
    """Of those who should be paired, how many are; people, counted once."""

    due: int
    paired: int
    exempt: int

    @property
    def unpaired(self) -> int:
        return self.due - self.paired

    @property
    def percent(self) -> Decimal | None:
        """To a tenth, rounded half up; None of nothing (which is not 0 %)."""
        if not self.due:
            return None
        return (Decimal(self.paired) * 100 / self.due).quantize(_TENTH, ROUND_HALF_UP)


def coverage_of(rows: MenteeQuerySet, today: dt.date) -> Coverage:
    """Three queries; the states of pairs are those of now, so `today` is today."""
    return Coverage(
        due=rows.should_be_paired(today).count(),
        paired=rows.should_be_paired(today).filter(is_paired()).count(),
        exempt=rows.exempt_on(today).count(),
    )


def is_paired() -> Exists:
    """Of an entry: whether the person is the mentee of a pair under way."""
    return Exists(Pairing.objects.running().counted().filter(mentee=OuterRef("cadre")))


class Group(NamedTuple):
    label: Promise
    rows: Callable[[MenteeQuerySet, dt.date], MenteeQuerySet]


# The states that a list of mentees is narrowed to; the first one is that of a bare address.
GROUPS: dict[str, Group] = {
    "": Group(_("on the register today"), lambda rows, day: rows.registered_on(day)),
    "due": Group(_("due to be paired"), lambda rows, day: rows.should_be_paired(day)),
    "paired": Group(
        _("to be paired, and paired"),
        lambda rows, day: rows.should_be_paired(day).filter(is_paired()),
    ),
    "unpaired": Group(
        _("to be paired, and not yet paired"),
        lambda rows, day: rows.should_be_paired(day).filter(~is_paired()),
    ),
    "exempt": Group(_("exempt from pairing"), lambda rows, day: rows.exempt_on(day)),
    "former": Group(_("no longer on the register"), lambda rows, day: rows.former_on(day)),
}


def with_pairs(rows: MenteeQuerySet, user: User) -> MenteeQuerySet:
    """Adds `is_paired`, and to each person the open pairs that this user may see."""
    pairs = Pairing.objects.visible_to(user).open().select_related("mentor_cadre__unit")
    shown = Prefetch("cadre__pairings_as_mentee", pairs.order_by("from_on", "id"), "open_pairs")
    return rows.annotate(is_paired=is_paired()).prefetch_related(shown)


def unregistered(user: User) -> QuerySet[Cadre]:
    """People whom this user may enter: on the register of cadres, not on that of mentees."""
    entries = Mentee.objects.filter(cadre=OuterRef("pk"), to_on=None)
    own = Cadre.objects.visible_to(user).filter(user.rows_q(roles=(Role.COORDINATOR,)))
    return own.on_register().filter(~Exists(entries))


def paired_only(people: QuerySet[Cadre]) -> QuerySet[Cadre]:
    return people.filter(Exists(Pairing.objects.running().counted().filter(mentee=OuterRef("pk"))))
