"""What it costs the whole list to give a mentee another mentor, and doing so.

Exact while the suggested rows are the best there are and a county has no more than EXACT mentees:
all who are displaced are settled anew, at their best. Else an estimate: who is displaced goes to
the best free place, and nobody else moves.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from accounts.models import User
from cadres.models import Cadre
from pairings.matching import dividing, pricing
from pairings.matching.assigning import NOBODY, Change
from pairings.matching.pricing import Move
from pairings.matching.scoring import MenteeSide, MentorSide, Part, parts
from programmes.listing import hold
from programmes.models import NotNow, Origin, PlannedPair, Programme
from programmes.sides import REPLACED, Area, Sides, read
from programmes.states import ASSIGNABLE

EXACT = 3_000
MOST_ESTIMATED = 30


class OtherCost(Exception):
    """The list is another one than that whose cost was shown; nothing was done."""


@dataclass(frozen=True)
class Option:
    """Another mentor: the change of the whole list, and all its moves, the mentee's first."""

    column: int
    mentor: MentorSide
    points: int  # of the two
    change: Change
    moves: list[Move]

    @property
    def gain(self) -> int:
        """The new total minus the old."""
        return -self.change.points


@dataclass(frozen=True)
class Costs:
    """All that can be asked of one mentee's mentors while the list stands as it does."""

    sides: Sides
    area: Area
    row: int
    draft: NDArray[np.int64]

    @property
    def mentee(self) -> MenteeSide:
        return self.area.mentees[self.row]

    @property
    def now(self) -> MentorSide | None:
        column = self.draft[self.row]
        return None if column == NOBODY else self.area.mentors[column]

    @cached_property
    def exact(self) -> pricing.Prices | None:
        if len(self.area.mentees) > EXACT:
            return None
        if not dividing.fits(len(self.area.mentees), self.area.places):
            return None
        task = self.area.task(self.sides.weights, self.sides.tables)
        return pricing.prices(task, self.draft, self.row)

    @cached_property
    def _points(self) -> NDArray[np.int32]:
        """Of the mentee with each mentor; far below all others where they must not be paired."""
        columns = np.arange(len(self.area.mentors))
        scores, allowed = self._block(np.array([self.row]), columns)
        return np.where(allowed[0], scores[0], np.iinfo(np.int32).min)

    def reasons(self, mentor: MentorSide) -> list[Part]:
        return parts(mentor, self.mentee, self.sides.weights, self.sides.tables)

    def options(self, most: int, among: Collection[uuid.UUID] | None = None) -> list[Option]:
        """The cheapest, that many; `among` narrows them to these mentors."""
        is_open = self._points > np.iinfo(np.int32).min
        columns = [int(column) for column in np.flatnonzero(is_open)]
        columns = [column for column in columns if column != self.draft[self.row]]
        if among is not None:
            columns = [column for column in columns if self.area.mentors[column].pk in among]
        prices = self.exact
        if prices is None:
            columns = sorted(columns, key=lambda column: -self._points[column])[:MOST_ESTIMATED]
        else:
            known = [(column, prices.of(column)) for column in columns]
            ranked = sorted(
                (change.left, change.points, -int(self._points[column]), column)
                for column, change in known
                if change is not None
            )
            columns = [column for *_, column in ranked[:most]]
        found = [option for column in columns if (option := self.option(column))]
        found.sort(key=lambda each: (each.change.left, each.change.points, -each.points))
        return found[:most]

    def option(self, column: int) -> Option | None:
        """None for a mentor who cannot be given, whatever the others do."""
        points = int(self._points[column])
        if points == np.iinfo(np.int32).min or not self.area.mentors[column].free:
            return None
        if self.exact is None:
            change, moves = self._estimate(column)
        elif (exact := self.exact.of(column)) is None:
            return None
        else:
            change, moves = exact, self.exact.moves(column)
        return Option(column, self.area.mentors[column], points, change, moves)

    def column_of(self, mentor: uuid.UUID) -> int | None:
        found = (at for at, side in enumerate(self.area.mentors) if side.pk == mentor)
        return next(found, None)

    def _estimate(self, column: int) -> tuple[Change, list[Move]]:
        now = int(self.draft[self.row])
        is_placed = now != NOBODY
        lost = (int(self._points[now]) if is_placed else 0) - int(self._points[column])
        left = 0 if is_placed else -1
        placed = self.draft[self.draft != NOBODY]
        free = self.area.places - np.bincount(placed, minlength=len(self.area.mentors))
        moves = [(self.row, column)]
        if free[column] > 0:
            return Change(lost, left), moves
        if is_placed:
            free[now] += 1
        there = np.flatnonzero(self.draft == column)
        columns = np.append(np.flatnonzero(free > 0), column)
        scores, allowed = self._block(there, columns)
        before = scores[:, -1].astype(np.int64)
        onward = np.where(allowed, scores, np.iinfo(np.int32).min)[:, :-1].astype(np.int64)
        if not onward.size or onward.max() == np.iinfo(np.int32).min:
            who = int(before.argmin())
            return Change(lost + int(before[who]), left + 1), [*moves, (int(there[who]), NOBODY)]
        loss = before[:, None] - onward
        giving, to = divmod(int(loss.argmin()), loss.shape[1])
        moves.append((int(there[giving]), int(columns[to])))
        return Change(lost + int(loss[giving, to]), left), moves

    def _block(
        self, rows: NDArray[np.intp], columns: NDArray[np.intp]
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        return self.area.block(rows, columns, self.sides.weights, self.sides.tables)

    def told(self, option: Option) -> str:
        """A digest of what is shown of an option: its cost and all its moves."""
        said = [option.change, *(self._named(move) for move in option.moves)]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]

    def _named(self, move: Move) -> tuple[str, str, str]:
        row, column = move
        was = self.draft[row]
        names = [str(self.area.mentors[at].pk) if at != NOBODY else "" for at in (was, column)]
        return (str(self.area.mentees[row].cadre_pk), *names)  # type: ignore[return-value]


def costs_of(programme: Programme, cadre: Cadre) -> Costs:
    """NotNow, with the sentence, where the assignment does not decide about this person."""
    if programme.state not in ASSIGNABLE:
        raise NotNow(_("The list is not being drawn up (any more)."))
    sides = read(programme, only=cadre.county_id)
    area = sides.areas.get(cadre.county_id)
    rows = [at for at, side in enumerate(area.mentees) if side.cadre_pk == cadre.pk] if area else []
    if area is None or not rows:
        raise NotNow(
            _("%(name)s has a lead mentor or a fixed row, or is not to be paired.")
            % {"name": cadre.name}
        )
    return Costs(sides, area, rows[0], _draft(programme, area))


def _draft(programme: Programme, area: Area) -> NDArray[np.int64]:
    """The suggested rows as they stand; one of a mentor who is out of office counts as none."""
    column_of = {side.pk: column for column, side in enumerate(area.mentors)}
    row_of = {side.cadre_pk: row for row, side in enumerate(area.mentees)}
    found = np.full(len(area.mentees), NOBODY, dtype=np.int64)
    rows = PlannedPair.objects.filter(REPLACED, programme=programme)
    for mentor, mentee in rows.values_list("mentor", "mentee"):
        if mentee in row_of:
            found[row_of[mentee]] = column_of.get(mentor, NOBODY)
    return found


@transaction.atomic
def take(programme: Programme, cadre: Cadre, mentor: uuid.UUID, *, told: str, by: User) -> Option:
    """Give the mentee that mentor, fixed, and carry out the moves that were shown with it.

    OtherCost when they are others by now; NotNow as `costs_of` and `listing.hold` raise it.
    """
    hold(programme)
    costs = costs_of(programme, cadre)
    column = costs.column_of(mentor)
    option = costs.option(column) if column is not None else None
    if option is None or costs.told(option) != told:
        raise OtherCost
    rows = programme.planned.filter(REPLACED)
    moved = [(costs.area.mentees[row].cadre_pk, to) for row, to in option.moves]
    rows.filter(mentee__in=[mentee for mentee, _to in moved]).delete()
    PlannedPair.objects.bulk_create(
        PlannedPair(
            programme=programme,
            mentor_id=costs.area.mentors[to].pk,
            mentee_id=mentee,
            origin=Origin.ASSIGNED if mentee == cadre.pk else Origin.SUGGESTED,
            is_fixed=mentee == cadre.pk,
            created_by=by,
        )
        for mentee, to in moved
        if to != NOBODY
    )
    return option


def still_left(programme: Programme, ids: Collection[str]) -> list[str]:
    """Of those left by a run, who still has no row of the list as lead."""
    listed = PlannedPair.objects.filter(programme=programme, mentee=OuterRef("pk"), role="lead")
    rows = Cadre.objects.filter(~Exists(listed), pk__in=ids)
    alone = {str(pk) for pk in rows.values_list("pk", flat=True)}
    return [pk for pk in ids if pk in alone]
