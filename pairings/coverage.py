"""The register of mentees beside the pairs: who is paired, who is not yet, the coverage.

Of today, or with `as_of` of a past day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from cadres.models import Cadre, Mentee, MenteeQuerySet
from cadres.past import placed_as_then
from pairings.models import Pairing
from pairings.past import names, told_as_then, with_past
from pairings.states import OPEN, RUNNING

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


def coverage_of(rows: MenteeQuerySet, today: dt.date, as_of: dt.date | None = None) -> Coverage:
    """Three queries."""
    day = as_of or today
    due = rows.should_be_paired(day)
    return Coverage(
        due=due.count(),
        paired=due.filter(is_paired(as_of)).count(),
        exempt=rows.exempt_on(day).count(),
    )


def is_paired(as_of: dt.date | None = None) -> Exists:
    """Of an entry: whether the person is the mentee of a pair under way, now or on a past day."""
    pairs: QuerySet[Any] = Pairing.objects.counted().filter(mentee=OuterRef("cadre"))
    if as_of is None:
        return Exists(pairs.filter(state__in=RUNNING))
    return Exists(pairs.with_state_on(as_of).filter(state_on__in=RUNNING))  # type: ignore


class Group(NamedTuple):
    """`rows(entries, day)` narrows them as of today, `rows(entries, day, day)` as of a past day."""

    label: Promise
    rows: Callable[..., MenteeQuerySet]


# The states that a list of mentees is narrowed to; the first one is that of a bare address.
GROUPS: dict[str, Group] = {
    "": Group(_("on the register today"), lambda rows, day, as_of=None: rows.registered_on(day)),
    "due": Group(_("due to be paired"), lambda rows, day, as_of=None: rows.should_be_paired(day)),
    "paired": Group(
        _("to be paired, and paired"),
        lambda rows, day, as_of=None: rows.should_be_paired(day).filter(is_paired(as_of)),
    ),
    "unpaired": Group(
        _("to be paired, and not yet paired"),
        lambda rows, day, as_of=None: rows.should_be_paired(day).filter(~is_paired(as_of)),
    ),
    "exempt": Group(_("exempt from pairing"), lambda rows, day, as_of=None: rows.exempt_on(day)),
    "former": Group(
        _("no longer on the register"), lambda rows, day, as_of=None: rows.former_on(day)
    ),
}


def with_pairs(rows: MenteeQuerySet, user: User, as_of: dt.date | None = None) -> MenteeQuerySet:
    """Adds `is_paired`, and to each person the open pairs that this user may see."""
    pairs = Pairing.objects.visible_to(user)
    pairs = with_past(pairs, as_of) if as_of else pairs
    still_open = pairs.filter(**{f"{names(as_of).state}__in": OPEN})
    ordered = still_open.select_related("mentor_cadre__unit").order_by("from_on", "id")
    shown = Prefetch("cadre__pairings_as_mentee", ordered, "open_pairs")
    return rows.annotate(is_paired=is_paired(as_of)).prefetch_related(shown)


def shown_as_then(entries: Iterable[Mentee], day: dt.date) -> None:
    """Rows of `with_pairs` stand where they stood, their pairs as well; never saved."""
    entries = list(entries)
    pairs = [pair for entry in entries for pair in entry.cadre.open_pairs]  # type: ignore
    told_as_then(pairs)
    people = [entry.cadre for entry in entries]
    placed_as_then([*people, *(pair.mentor_cadre for pair in pairs)], day)


def unregistered(user: User) -> QuerySet[Cadre]:
    """People whom this user may enter: on the register of cadres, not on that of mentees."""
    entries = Mentee.objects.filter(cadre=OuterRef("pk"), to_on=None)
    own = Cadre.objects.visible_to(user).filter(user.rows_q(roles=(Role.COORDINATOR,)))
    return own.on_register().filter(~Exists(entries))


def paired_only(people: QuerySet[Cadre]) -> QuerySet[Cadre]:
    return people.filter(Exists(Pairing.objects.running().counted().filter(mentee=OuterRef("pk"))))
