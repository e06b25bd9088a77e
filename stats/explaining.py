"""Why a row is counted on one of two days and not on the other, in words."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from activities.models import AssignmentState, Review
from core.months import dotted, shift
from pairings.states import BEGUN
from stats.bases import rows_within
from stats.changing import OF_PEOPLE, key_of
from stats.comparing import Against
from stats.happenings import (
    Fact,
    Source,
    Window,
    of_all_steps,
    of_appointments,
    of_entries,
    of_exemptions,
    of_leavings,
    of_own_pairs,
    of_pairs,
    of_posts,
    of_signs,
)
from stats.shapes import Base, Indicator
from stats.traits import TRAITS

_DAY = dt.timedelta(days=1)
_LAST_YEARS = {
    group.key: group.last_year
    for trait in TRAITS
    for group in trait.groups
    if group.last_year is not None
}


class Side(StrEnum):
    CAME = "came"
    WENT = "went"


# What is read for each base, and what more where a figure asks for that dimension.
_SOURCES: dict[Base, tuple[Source, ...]] = {
    Base.MENTORS: (of_appointments,),
    Base.PEOPLE: (of_posts, of_leavings),
    Base.MENTEES: (of_posts, of_leavings, of_own_pairs),
    Base.REGISTERED: (of_posts, of_leavings, of_entries),
    Base.PAIRS: (of_pairs,),
}
_MORE: dict[tuple[Base, str], Source] = {
    (Base.MENTORS, "is_heir"): of_own_pairs,
    (Base.MENTEES, "kind"): of_entries,
    (Base.REGISTERED, "is_exempt"): of_exemptions,
    (Base.REGISTERED, "is_paired"): of_own_pairs,
    (Base.PAIRS, "is_silent"): of_signs,
}
# Of the mentee of a pair.
_OF_MENTEE: dict[str, Source] = {"kind": of_entries, "is_posted": of_posts}


def explained(
    indicator: Indicator, rows: Sequence[Any], side: Side, against: Against, user: User
) -> list[list[str]]:
    """The reasons of each row, in the order of the days; at least one for each row.

    As many queries for one row as for a hundred. Only what the user may see is read.
    """
    facts = _facts(indicator, rows, side, against, user)
    others = _otherwise(indicator, rows, side, against, user)
    key = key_of(indicator.base)
    found = []
    for row in rows:
        pk = getattr(row, key)
        known = sorted(facts.get(pk, []), key=lambda fact: fact.on)
        said = [_said(fact, against) for fact in known]
        if indicator.base in _SOURCES and not _is_flow(indicator):
            said += _differing(indicator, row, others.get(pk), side)
        found.append(list(dict.fromkeys(said)) or [_unknown(others.get(pk), side)])
    return found


def _is_flow(indicator: Indicator) -> bool:
    """Whether it counts what happened in the period, not what stands on the day."""
    return indicator.base not in _SOURCES or "state_before" in indicator.where


def _facts(
    indicator: Indicator, rows: Sequence[Any], side: Side, against: Against, user: User
) -> dict[UUID, list[Fact]]:
    found = defaultdict[UUID, list[Fact]](list)
    if indicator.base not in _SOURCES:
        for pk, fact in _of_records(indicator, rows, side, against):
            found[pk].append(fact)
        return found
    window = _window(indicator, side, against)
    keys = [getattr(row, key_of(indicator.base)) for row in rows]
    more = [_MORE[at] for name in indicator.where if (at := (indicator.base, name)) in _MORE]
    if not indicator.where.get("state_now", frozenset()) <= {*BEGUN}:
        more.append(of_all_steps)
    for source in dict.fromkeys([*_SOURCES[indicator.base], *more]):
        for pk, fact in source(keys, window, user):
            found[pk].append(fact)
    if indicator.base is Base.PAIRS:
        pairs = defaultdict(list)
        for row in rows:
            pairs[row.mentee_id].append(row.pk)
        for source in (_OF_MENTEE[name] for name in indicator.where if name in _OF_MENTEE):
            for person, fact in source(list(pairs), window, user):
                for pk in pairs[person]:
                    found[pk].append(fact)
    return found


def _window(indicator: Indicator, side: Side, against: Against) -> Window:
    if not _is_flow(indicator):
        return Window(against.then.as_of + _DAY, against.now.as_of)
    cut = against.now if side is Side.CAME else against.then
    return Window(cut.period_from, cut.as_of)


def _of_records(
    indicator: Indicator, rows: Sequence[Any], side: Side, against: Against
) -> Iterator[tuple[UUID, Fact]]:
    """The days of records themselves; of one that is counted no more, what undid it."""
    match indicator.base:
        case Base.SESSIONS | Base.VISITS:
            for row in rows:
                entered = timezone.localdate(row.created_at)
                yield row.pk, Fact(row.happened_on, _("carried out"), entered)
        case Base.CERTIFICATES:
            for row in rows:
                entered = timezone.localdate(row.issued_at)
                yield row.pk, Fact(row.issued_on, _("issued"), entered)
                if side is Side.WENT and row.voided_at:
                    yield row.pk, Fact(timezone.localdate(row.voided_at), _("voided"))
        case Base.ASSIGNMENTS:
            yield from _of_assignments(indicator, rows)


def _of_assignments(indicator: Indicator, rows: Sequence[Any]) -> Iterator[tuple[UUID, Fact]]:
    withdrawn = Review.objects.filter(
        assignment__in=[row.pk for row in rows], verdict=AssignmentState.WITHDRAWN
    )
    undone = dict(withdrawn.values_list("assignment", "created_at"))
    for row in rows:
        if "is_set" in indicator.where:
            yield row.pk, Fact(timezone.localdate(row.created_at), _("assignment set"))
        if "is_accepted" in indicator.where and row.decided_at:
            yield row.pk, Fact(timezone.localdate(row.decided_at), _("assignment accepted"))
        if "is_due" in indicator.where:
            yield row.pk, Fact(row.due_on, _("assignment due"))
            if row.first_in:
                yield row.pk, Fact(timezone.localdate(row.first_in), _("first handed in"))
            if row.pk in undone:
                yield row.pk, Fact(timezone.localdate(undone[row.pk]), _("assignment withdrawn"))


def _said(fact: Fact, against: Against) -> str:
    """With the day of entry where that was after the cut-off day that the fact belongs to."""
    said = f"{fact.on:%Y-%m-%d} {fact.said}"
    cut_off = next((day for day in (against.then.as_of, against.now.as_of) if fact.on <= day), None)
    if fact.entered and cut_off and fact.entered > cut_off:
        said += _(" (entered late, on %(day)s)") % {"day": f"{fact.entered:%Y-%m-%d}"}
    return said


def _otherwise(
    indicator: Indicator, rows: Sequence[Any], side: Side, against: Against, user: User
) -> dict[UUID, Any]:
    """The same people or pairs in the same base on the other day, as far as the user may see."""
    if _is_flow(indicator):
        return {}
    key = key_of(indicator.base)
    column = "cadre__in" if indicator.base in OF_PEOPLE else "pk__in"
    cut = against.then if side is Side.CAME else against.now
    within = Q(**{column: [getattr(row, key) for row in rows]})
    found = rows_within(indicator.base, within, cut).filter(user.rows_q())
    return {getattr(row, key): row for row in found.select_related("unit")}


def _differing(indicator: Indicator, row: Any, other: Any, side: Side) -> list[str]:
    """What no event tells of: age passes a boundary, a unit comes below another one."""
    if other is None:
        return []
    said = []
    earlier, later = (other, row) if side is Side.CAME else (row, other)
    if "age" in indicator.where and earlier.age != later.age and earlier.age in _LAST_YEARS:
        said.append(_full_years(row.cadre.birth_month, _LAST_YEARS[earlier.age] + 1))
    if "is_young" in indicator.where and earlier.is_young and not later.is_young:
        born = dotted(row.cadre.birth_month)
        said.append(_("born %(month)s, above the age boundary now") % {"month": born})
    places = {each.past_path or each.unit.path for each in (row, other)}
    if row.unit_id == other.unit_id and len(places) > 1:
        said.append(_("%(unit)s came below another unit") % {"unit": row.unit.name})
    return said


def _full_years(birth_month: str, years: int) -> str:
    return _("born %(month)s, %(years)s full years from %(from)s") % {
        "month": dotted(birth_month),
        "years": years,
        "from": dotted(shift(birth_month, years * 12)),
    }


def _unknown(other: Any, side: Side) -> str:
    if other is not None:
        return _("counted elsewhere in these figures on the other day")
    if side is Side.CAME:
        return _("was not counted in your area before")
    return _("is not counted in your area any more")
