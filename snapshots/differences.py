"""The same question asked again: which figures differ from the sealed ones, and which rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from activities.models import Assignment, Session, Visit
from cadres.models import Cadre
from certificates.models import Certificate
from pairings.models import Pairing
from snapshots import rows
from snapshots.freezing import thaw
from snapshots.models import Snapshot
from snapshots.reasons import Entered, Moves, Reason, gone, nearest
from stats import figures
from stats.cuts import Cut, say
from stats.figures import TOTAL, Table
from stats.indicators import counted
from stats.shapes import COUNTED, Base, Indicator

MOST = 500  # rows of one base that are shown; the file holds them all


class Changed(NamedTuple):
    """A figure of one line of the table, then and now; None where it was not in the table."""

    line: str
    is_total: bool
    title: str
    then: int | None
    now: int | None

    @property
    def change(self) -> int:
        return (self.now or 0) - (self.then or 0)


class Row(NamedTuple):
    """Something that is counted otherwise now. What the user may not see any more has no name."""

    key: UUID
    name: str
    link: str
    then: str
    now: str
    why: list[Reason]


class Part(NamedTuple):
    """The rows of one base that differ; `size` of them, the first ones in `rows`."""

    base: Base
    title: str
    size: int
    rows: list[Row]


def figures_changed(snapshot: Snapshot) -> list[Changed]:
    """In the order of the sealed table: the total first, then the lines below."""
    was = thaw(snapshot.content)
    now = figures.table(snapshot.unit, snapshot.as_of, snapshot.period_from, age=snapshot.age)
    titles = _titles(now) | _titles(was)
    old = {line.key: line for line in was.lines}
    new = {line.key: line for line in now.lines}
    found = []
    for key in [*old, *(key for key in new if key not in old)]:
        then, current = _counts(old.get(key)), _counts(new.get(key))
        name = (old.get(key) or new[key]).name
        for code, title in titles.items():
            pair = (then.get(code), current.get(code))
            if (pair[0] or 0) != (pair[1] or 0):
                found.append(Changed(name, key == TOTAL, title, *pair))
    return found


def parts(snapshot: Snapshot, user: User, *, most: int = MOST) -> list[Part]:
    """The rows behind the differences, by base; only where rows were kept."""
    if snapshot.row_count is None:
        return []
    indicators = list(counted(_now_columns(snapshot)).values())
    places = {line.key: line.name for line in figures.places(snapshot.unit)}
    places |= {line["key"]: line["name"] for line in snapshot.content["lines"]}
    moved = Moves(snapshot.unit, since=snapshot.created_at)
    found = []
    for base in Base:
        words = _Words(base, snapshot.asked, indicators, places)
        other = rows.different(snapshot.pk, base, snapshot.unit, snapshot.asked)
        if different := [row for row in other if words.differs(*row[1:])]:
            shown = _rows(snapshot, user, base, different[:most], words, moved)
            found.append(Part(base, f"{_BASES[base]()}（{COUNTED[base]}）", len(different), shown))
    return found


def _rows(
    snapshot: Snapshot,
    user: User,
    base: Base,
    different: list[tuple[Any, ...]],
    words: _Words,
    moved: Moves,
) -> list[Row]:
    keys = [row[0] for row in different]
    names = names_of(base, keys, user)
    entered = Entered(base, names, since=snapshot.created_at)
    dropped = _dropped(base, {*keys} - {*names})
    of_rosters = gone(snapshot.unit, since=snapshot.created_at) if dropped else []
    found = []
    for key, old_place, old_cell, place, cell in different:
        unnamed = _("no longer on record") if key in dropped else _("no longer in your area")
        name, link = names.get(key, (unnamed, ""))
        then, now = words.then_and_now((old_place, old_cell), (place, cell))
        why: Iterable[Reason] = of_rosters if key in dropped else ()
        if key in names:  # of what left the area not a word is said
            of_units = moved.between(old_place, place) if old_place != place else []
            why = {*entered.of(key), *of_units}
        reasons = nearest(why, since=snapshot.created_at, as_of=snapshot.as_of)
        found.append(Row(key, name, link, then, now, reasons))
    return found


def _dropped(base: Base, keys: set[UUID]) -> set[UUID]:
    """Those that are no row of anybody's any more, as after the undoing of an import."""
    if not keys:
        return keys
    model: Any = Pairing if base is Base.PAIRS else _RECORDS.get(base, (Cadre, ""))[0]
    return keys - {*model.objects.filter(pk__in=keys).values_list("pk", flat=True)}


class _Words:
    """What counted a row: its line, and the titles of the figures that counted it."""

    def __init__(
        self, base: Base, cut: Cut, indicators: list[Indicator], places: Mapping[str, str]
    ) -> None:
        self._places = places
        self._titles = [(each, say(each.title, cut)) for each in indicators if each.base is base]
        self._dimensions = dict.fromkeys(rows.dimensions(base))
        self._known: dict[tuple[Any, ...], list[str]] = {}  # many rows have the same cell

    def differs(
        self,
        old_place: str | None,
        old: dict[str, Any] | None,
        place: str | None,
        cell: dict[str, Any] | None,
    ) -> bool:
        """Whether any figure counts it otherwise: a pair that began later, say, counts in none."""
        then, now = self._counting(old), self._counting(cell)
        return (then, then and old_place) != (now, now and place)

    def then_and_now(
        self, old: tuple[str | None, dict[str, Any]], new: tuple[str | None, dict[str, Any]]
    ) -> tuple[str, str]:
        """Of the figures only those that differ; all of them where the line does."""
        then, now = self._counting(old[1]), self._counting(new[1])
        same = set() if old[0] != new[0] else {*then} & {*now}
        return self._say(old[0], then, same), self._say(new[0], now, same)

    def _counting(self, cell: dict[str, Any] | None) -> list[str]:
        if cell is None:
            return []
        known = tuple(sorted(cell.items()))
        if known not in self._known:
            full = self._dimensions | cell
            self._known[known] = [title for each, title in self._titles if each.counts(full)]
        return self._known[known]

    def _say(self, place: str | None, titles: list[str], same: set[str]) -> str:
        if place is None or not titles:
            return _("not counted")
        differ = [title for title in titles if title not in same]
        counting = "、".join(differ) or _("not in these figures")
        return f"{self._places.get(place, place)}：{counting}"


def _now_columns(snapshot: Snapshot) -> Iterable[Any]:
    return (column for section in figures.sections() for column in section.columns)


def _titles(table: Table) -> dict[str, str]:
    """The title of each count by its code, under the heading where it stands first."""
    cut, found = table.cut, dict[str, str]()
    for section in table.sections:
        for band in section.bands:
            for code, indicator in counted(band.columns).items():
                found.setdefault(code, f"{say(band.title, cut)}：{say(indicator.title, cut)}")
    return found


def _counts(line: figures.Line | None) -> Mapping[str, int]:
    return line.counts if line else {}


_BASES: dict[Base, Any] = {
    Base.MENTORS: lambda: _("mentors"),
    Base.PEOPLE: lambda: _("people in the register"),
    Base.MENTEES: lambda: _("mentees"),
    Base.REGISTERED: lambda: _("people on the register of mentees"),
    Base.PAIRS: lambda: _("pairings"),
    Base.SESSIONS: lambda: _("sessions"),
    Base.VISITS: lambda: _("visits"),
    Base.ASSIGNMENTS: lambda: _("assignments"),
    Base.CERTIFICATES: lambda: _("certificates"),
}
_RECORDS: dict[Base, tuple[Any, str]] = {
    Base.SESSIONS: (Session, "activities:session_detail"),
    Base.VISITS: (Visit, "activities:visit_detail"),
    Base.ASSIGNMENTS: (Assignment, "activities:assignment_detail"),
    Base.CERTIFICATES: (Certificate, "certificates:detail"),
}


def names_of(base: Base, keys: list[UUID], user: User) -> dict[UUID, tuple[str, str]]:
    """The name and the page (as a URL name) of what the user may see of these."""
    if base in _RECORDS:
        model, link = _RECORDS[base]
        records = model.objects.visible_to(user).filter(pk__in=keys)
        related = ("pairing__mentor_cadre", "pairing__mentee")
        if model is Certificate:
            records = records.defer("pdf")
        return {row.pk: (str(row.pairing), link) for row in records.select_related(*related)}
    if base is Base.PAIRS:
        pairs = Pairing.objects.visible_to(user).filter(pk__in=keys)
        related = ("mentor_cadre", "mentee")
        return {row.pk: (str(row), "pairings:detail") for row in pairs.select_related(*related)}
    # A record that was merged into another leads to that one.
    seen = Cadre.objects.filter(user.rows_q()) | Cadre.objects.visible_to(user)
    people = seen.filter(pk__in=keys).select_related("unit")
    return {row.pk: (f"{row.name}（{row.unit}）", "cadres:detail") for row in people}
