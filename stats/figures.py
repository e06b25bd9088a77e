"""The figures of a unit on a day, and the rows behind each of them.

Nothing is summed up in advance: posts, appointments, pairings' events and records carry their
days, so any day up to today can be asked for and gives what stood then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from activities.models import Assignment, AssignmentState, Session, Visit
from cadres.codes import BACHELOR_OR_MORE
from cadres.models import Mentee, Posting
from mentors.models import Mentor
from pairings.models import Pairing
from pairings.states import BEGUN, RUNNING
from stats.cuts import DEFAULT_AGE, Cut, Ratio
from stats.indicators import PAIRS_UNPOSTED, counted, sections
from stats.shapes import Band, Base, Column, Indicator, Section, Share
from units.models import Kind, Unit, UnitEvent

Rows = QuerySet[Any]
TOTAL, OWN = "total", "own"
# Bodies of the unit itself stand in its own row; what governs an area has a row of its own.
LISTED = (Kind.PROVINCE, Kind.CITY, Kind.COUNTY, Kind.TOWNSHIP, Kind.VILLAGE, Kind.ZONE)
DIMENSIONS: dict[Base, tuple[str, ...]] = {
    Base.MENTORS: ("kind", "is_heir", "is_third"),
    Base.PEOPLE: ("is_young", "is_graduate"),
    Base.MENTEES: ("kind", "is_young", "is_graduate"),
    Base.REGISTERED: ("is_exempt", "is_paired"),
    Base.PAIRS: ("state_now", "state_before", "kind", "is_posted"),
    Base.SESSIONS: ("method",),
    Base.VISITS: ("is_with_mentor",),
    Base.ASSIGNMENTS: ("is_set", "is_accepted"),
}


@dataclass(frozen=True)
class Line:
    """A row of the table. `key` is a child's id as text, `own` or `total`."""

    key: str
    name: str
    unit: Unit
    counts: Mapping[str, int]

    def ratio(self, share: Share) -> Ratio:
        return Ratio(self.counts[share.part.code], self.counts[share.whole.code])


@dataclass(frozen=True)
class Table:
    """Figures of a unit: the total, its own bodies, its children in the order of their codes."""

    unit: Unit
    cut: Cut
    sections: tuple[Section, ...]
    total: Line
    parts: list[Line]

    @property
    def lines(self) -> list[Line]:
        return [self.total, *self.parts]

    @property
    def columns(self) -> list[Column]:
        return [column for section in self.sections for column in section.columns]

    @property
    def unposted(self) -> int:
        """Pairings under way whose mentee has no post that day, told in a footnote."""
        return self.total.counts[PAIRS_UNPOSTED.code]


def table(
    unit: Unit,
    as_of: dt.date,
    period_from: dt.date | None = None,
    *,
    age: int = DEFAULT_AGE,
) -> Table:
    """All figures of the unit as of the end of that day; a fixed number of queries.

    The total is counted by itself over the unit, not added up from the rows; tests compare
    the two. ValueError for a day in the future or a period that ends before it begins.
    """
    cut = Cut.at(as_of, period_from, age)
    every = sections()
    indicators = counted(column for section in every for column in section.columns)
    empty = places(unit)
    counts = {line.key: dict.fromkeys(indicators, 0) for line in empty}
    for base in Base:
        of_base = [each for each in indicators.values() if each.base is base]
        _count(base, unit, cut, of_base, counts)
    total, own, *children = (replace(line, counts=counts[line.key]) for line in empty)
    shown = [
        line
        for line in children
        if (line.unit.parent_id == unit.pk and _is_open(line.unit, as_of))
        or any(line.counts.values())
    ]
    return Table(unit, cut, _in_use(every, total), total, [own, *shown])


def places(unit: Unit) -> list[Line]:
    """The rows of a table without figures: the total, the unit's own bodies, its children."""
    children = [Line(str(child.pk), child.name, child, {}) for child in children_of(unit)]
    own = _("%(unit)s itself") % {"unit": unit.name}
    return [Line(TOTAL, _("total of the rows"), unit, {}), Line(OWN, own, unit, {}), *children]


def children_of(unit: Unit) -> list[Unit]:
    """The child units that have a row, in the order of codes; those without one come last.

    One that stood here and moved away is among them: rows of its time here are counted here.
    """
    went = UnitEvent.objects.filter(origin=unit).values("unit")
    found = Unit.objects.filter(Q(parent=unit) | Q(pk__in=went), kind__in=LISTED)
    return list(found.order_by(F("code").asc(nulls_last=True), "pk"))


def behind(unit: Unit, cut: Cut, indicator: Indicator, row: str = TOTAL) -> Rows:
    """The rows that a figure counts, annotated with the base's dimensions."""
    rows = rows_of(indicator.base, unit, cut).filter(indicator.condition)
    if row == TOTAL:
        return rows
    rows = rows.annotate(child=_child_of(unit))
    if row == OWN:
        return rows.exclude(child__in=[str(child.pk) for child in children_of(unit)])
    return rows.filter(child=row)


def rows_of(base: Base, unit: Unit, cut: Cut) -> Rows:
    """The rows of a base within the unit, one for each thing counted, with its dimensions."""
    within = unit.rows_q()
    first, last = cut.moments
    in_period = Q(happened_on__range=(cut.period_from, cut.as_of))
    match base:
        case Base.MENTORS:
            return _with_lineage(mentors_on(cut.as_of).filter(within), cut.as_of)
        case Base.PEOPLE:
            return _with_traits(posts_on(cut.as_of).filter(within), cut)
        case Base.MENTEES:
            pairs = _running(cut.as_of).filter(mentee=OuterRef("cadre_id"))
            mentees = posts_on(cut.as_of).filter(within).filter(Exists(pairs))
            return _with_traits(mentees, cut).annotate(kind=_kind_of("cadre_id", cut.as_of))
        case Base.REGISTERED:
            return _registered(cut.as_of).filter(within)
        case Base.PAIRS:
            return _pairs(cut).filter(within)
        case Base.SESSIONS:
            return Session.objects.filter(within, in_period)
        case Base.VISITS:
            return Visit.objects.filter(within, in_period)
        case Base.ASSIGNMENTS:
            is_set = Q(created_at__gte=first, created_at__lt=last)
            is_accepted = Q(
                state=AssignmentState.ACCEPTED, decided_at__gte=first, decided_at__lt=last
            )
            return (
                Assignment.objects.filter(within)
                .filter(is_set | is_accepted)
                .annotate(is_set=_true(is_set), is_accepted=_true(is_accepted))
            )


def posts_on(day: dt.date) -> Rows:
    """The main post on that day of each person in the register: one row a person."""
    posts = Posting.objects.on(day).filter(
        Q(cadre__left_on=None) | Q(cadre__left_on__gte=day), is_main=True
    )
    others = Posting.objects.on(day).filter(is_main=True, cadre=OuterRef("cadre_id"))
    return _latest(posts, others)


def mentors_on(day: dt.date) -> Rows:
    """The appointment that stood on that day of each mentor: one row a person."""
    others = Mentor.objects.appointed(day).filter(cadre=OuterRef("cadre_id"))
    return _latest(Mentor.objects.appointed(day), others)


def _with_lineage(mentors: Rows, day: dt.date) -> Rows:
    """Whether each had been a mentee before the first appointment, and of a former mentee."""
    pairs: Rows = Pairing.objects.counted().with_state_on(day)
    begun = pairs.filter(state_on__in=BEGUN)
    appointed = Mentor.objects.filter(cadre=OuterRef("mentee_id"), from_on__lte=OuterRef("from_on"))
    earlier = begun.filter(mentee=OuterRef("mentor_cadre_id"), from_on__lt=OuterRef("from_on"))
    lessons = begun.filter(~Exists(appointed), mentee=OuterRef("cadre_id"))
    return mentors.annotate(
        kind=F("category_id"),
        is_heir=Exists(lessons),
        is_third=Exists(lessons.filter(Exists(earlier))),
    )


def _latest(rows: Rows, others: Rows) -> Rows:
    """Without the rows of people who have a later one: somebody with two is counted once,
    at the same place by everybody who counts, and rows still add up to the total."""
    begins = Coalesce("from_on", Value(dt.date.min), output_field=DateField())
    later = others.annotate(begins=begins).filter(
        Q(begins__gt=OuterRef("begins")) | Q(begins=OuterRef("begins"), pk__gt=OuterRef("pk"))
    )
    return rows.annotate(begins=begins).filter(~Exists(later))


def _running(day: dt.date) -> Rows:
    pairs: Rows = Pairing.objects.counted().with_state_on(day)
    return pairs.filter(state_on__in=RUNNING)


def _pairs(cut: Cut) -> Rows:
    posted = posts_on(cut.as_of).filter(cadre=OuterRef("mentee_id"))
    now = Pairing.objects.counted().with_state_on(cut.as_of).annotate(state_now=F("state_on"))
    before = now.with_state_on(cut.day_before).annotate(state_before=F("state_on"))
    return before.annotate(kind=_kind_of("mentee_id", cut.as_of), is_posted=Exists(posted))


def _registered(day: dt.date) -> Rows:
    """The main posts of those who are on the register of mentees on that day."""
    entries = Mentee.objects.open_on(day).filter(cadre=OuterRef("cadre_id"))
    exempt = Mentee.objects.exempt_on(day).filter(cadre=OuterRef("cadre_id"))
    paired = _running(day).filter(mentee=OuterRef("cadre_id"))
    rows = posts_on(day).filter(Exists(entries))
    return rows.annotate(is_exempt=Exists(exempt), is_paired=Exists(paired))


def _kind_of(person: str, day: dt.date) -> Subquery:
    """The mentee category of the person in that column on that day; None without an entry."""
    entries = Mentee.objects.open_on(day).filter(cadre=OuterRef(person))
    return Subquery(entries.order_by().values("category")[:1])


def _with_traits(posts: Rows, cut: Cut) -> Rows:
    graduate = Q(cadre__education__in=BACHELOR_OR_MORE)
    graduate |= Q(cadre__later_education__in=BACHELOR_OR_MORE)
    return posts.annotate(
        is_young=_true(Q(cadre__birth_month__gte=cut.birth_month)), is_graduate=_true(graduate)
    )


def _true(condition: Q) -> ExpressionWrapper:
    """A condition as a column that is never null."""
    return Coalesce(  # type: ignore[return-value]
        ExpressionWrapper(condition, BooleanField()), Value(False), output_field=BooleanField()
    )


def _child_of(unit: Unit) -> Func:
    """The id, as text, of the direct child below which a placed row lies; empty at the unit.

    One expression for every level: a path is `/<id>/<id>/…/`, its first piece is empty.
    """
    position = Value(len(unit.ancestor_ids) + 2)
    path = Coalesce(NullIf("past_path", Value("")), "unit__path")
    return Func(path, Value("/"), position, function="split_part", output_field=TextField())


def _count(
    base: Base,
    unit: Unit,
    cut: Cut,
    indicators: list[Indicator],
    counts: dict[str, dict[str, int]],
) -> None:
    """Two queries: the rows by child, and the total by itself."""
    rows = rows_of(base, unit, cut).order_by()
    dimensions = DIMENSIONS[base]
    by_child = rows.annotate(child=_child_of(unit)).values("child", *dimensions)
    for cell in by_child.annotate(n=Count("*")):
        _add(cell, indicators, counts[cell["child"] if cell["child"] in counts else OWN])
    for cell in rows.values(*dimensions).annotate(n=Count("*")):
        _add(cell, indicators, counts[TOTAL])


def _add(cell: Mapping[str, Any], indicators: list[Indicator], into: dict[str, int]) -> None:
    for indicator in indicators:
        if indicator.counts(cell):
            into[indicator.code] += cell["n"]


def _is_open(unit: Unit, day: dt.date) -> bool:
    has_begun = unit.from_on is None or unit.from_on <= day
    return has_begun and (unit.closed_on is None or unit.closed_on > day)


def _in_use(every: tuple[Section, ...], total: Line) -> tuple[Section, ...]:
    def keeps(column: Column) -> bool:
        return isinstance(column, Share) or not column.is_retired or total.counts[column.code] > 0

    return tuple(
        section._replace(
            bands=tuple(
                Band(band.title, band.counted, tuple(filter(keeps, band.columns)))
                for band in section.bands
            )
        )
        for section in every
    )
