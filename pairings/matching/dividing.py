"""A draft for a county so large that the table of all couples does not fit the memory.

Both sides are dealt into groups that are small counties of their own, each as mixed as the whole,
and each group gets its very best draft. Then the mentors are dealt anew, each with the mentees of
the draft: no group can become worse, most become better. The total is an estimate of the best,
where `assigning.solve` is exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from pairings.matching.assigning import CELLS, NOBODY, Draft, Task, solve

TOGETHER = CELLS // 2  # couples of a group's mentees and places
DEALS = 3

Numbers = NDArray[np.intp]
# Points and whether they may be paired, for rows and columns by their numbers.
Part = Callable[[Numbers, Numbers], tuple[NDArray[np.int32], NDArray[np.bool_]]]
Told = Callable[[int, int], None]  # how much of how much is done


def fits(mentees: int, places: NDArray[np.int64]) -> bool:
    """Whether one table holds them all, and the draft is the very best there is."""
    return mentees * int(np.minimum(places, mentees).sum()) <= CELLS


def solve_in_groups(
    part: Part,
    mentees: int,
    places: NDArray[np.int64],
    *,
    wished: Mapping[int, int],
    tell: Told,
    together: int = TOGETHER,
) -> Draft:
    """The draft; `wished` names a column that a row is not to be parted from without a look."""
    seats = int(np.minimum(places, mentees).sum())
    groups = max(math.ceil(math.sqrt(mentees * seats / together)), 1)
    chance = np.random.default_rng(2004)
    mentor_of = np.full(mentees, NOBODY, dtype=np.int64)
    points = np.zeros(mentees, dtype=np.int64)
    for deal in range(DEALS):
        # As they come, first: who stands side by side in the tree of units is dealt apart.
        order = np.arange(len(places)) if deal == 0 else chance.permutation(len(places))
        group_of_mentor = np.empty(len(places), dtype=np.intp)
        group_of_mentor[order] = np.arange(len(places)) % groups
        group_of_mentee = _beside(mentor_of, group_of_mentor, wished, groups)
        for group in range(groups):
            rows = np.flatnonzero(group_of_mentee == group)
            columns = np.flatnonzero(group_of_mentor == group)
            scores, allowed = part(rows, columns)
            found = solve(Task(scores, places[columns], allowed)).mentor_of
            placed = np.flatnonzero(found != NOBODY)
            mentor_of[rows], points[rows] = NOBODY, 0
            mentor_of[rows[placed]] = columns[found[placed]]
            points[rows[placed]] = scores[placed, found[placed]]
            tell(deal * groups + group + 1, DEALS * groups)
    return Draft(mentor_of, int(points.sum()))


def _beside(
    mentor_of: NDArray[np.int64], group_of_mentor: Numbers, wished: Mapping[int, int], groups: int
) -> Numbers:
    """Mentees in the group of their mentor, or of the one wished for; the rest fill the groups."""
    beside = mentor_of.copy()
    for row, column in wished.items():
        if beside[row] == NOBODY:
            beside[row] = column
    found = np.where(beside == NOBODY, NOBODY, group_of_mentor[beside])
    free = np.flatnonzero(found == NOBODY)
    sizes = np.bincount(found[found != NOBODY], minlength=groups)
    wanted = -(-len(mentor_of) // groups)
    gaps = np.repeat(np.arange(groups), np.maximum(wanted - sizes, 0))
    # One for each group in turn, not one group full before the next.
    turn = np.concatenate([np.arange(max(wanted - size, 0)) for size in sizes])
    found[free] = gaps[np.argsort(turn, kind="stable")][: len(free)]
    return found
