"""The best assignment of all mentees to mentors: most people placed first, then most points.

Exact where the table of mentees × places fits the memory planned for it; beyond that each mentee
keeps the best candidates alone, and more of them while somebody is left who might be placed.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

NOBODY = -1
CELLS = 30_000_000  # of mentees × places by the exact way: 240 MB
CANDIDATES = 400


class CannotKeep(ValueError):
    """The required pairs ask for more places than a mentor has, or for a forbidden pair."""


class Why(enum.StrEnum):
    """Why a mentee has no mentor in a draft."""

    NO_CANDIDATE = "no_candidate"  # every mentor is ruled out
    NO_PLACE = "no_place"  # those who are not, have no place left


@dataclass(frozen=True)
class Task:
    """Rows are mentees, columns mentors.

    `scores` whole numbers (n, m), `places` (m,), `allowed` (n, m) false for forbidden pairs;
    `required` the mentor's column by the mentee's row.
    """

    scores: NDArray[np.int32]
    places: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    required: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """The mentor's column for each mentee, NOBODY for who is left; the points of all pairs."""

    mentor_of: NDArray[np.int64]
    total: int

    @property
    def left(self) -> list[int]:
        return [int(row) for row in np.flatnonzero(self.mentor_of == NOBODY)]


@dataclass(frozen=True)
class Change:
    """What another choice costs: points of the whole draft, and people left in addition."""

    points: int
    left: int


def solve(task: Task, *, cells: int = CELLS, candidates: int = CANDIDATES) -> Draft:
    """The best draft that keeps what is required; CannotKeep when nothing can."""
    rows, places = _keep(task)
    mentor_of = np.full(len(task.scores), NOBODY, dtype=np.int64)
    for row, column in task.required.items():
        mentor_of[row] = column
    open_places = np.minimum(places, len(rows))
    if len(rows) and open_places.sum():
        # A copy of the table only where some rows are settled already.
        is_part = bool(task.required)
        scores = task.scores[rows] if is_part else task.scores
        allowed = task.allowed[rows] if is_part else task.allowed
        if len(rows) * int(open_places.sum()) <= cells:
            found = _exact(scores, open_places, allowed)
        else:
            found = _pruned(scores, open_places, allowed, candidates)
        mentor_of[rows] = found
    placed = np.flatnonzero(mentor_of != NOBODY)
    return Draft(mentor_of, int(task.scores[placed, mentor_of[placed]].sum(dtype=np.int64)))


def price(task: Task, draft: Draft, *, mentee: int, mentor: int) -> Change:
    """What it costs to give this mentee that mentor, all others arranged anew at their best."""
    forced = solve(replace(task, required={**task.required, mentee: mentor}))
    return Change(draft.total - forced.total, len(forced.left) - len(draft.left))


def why_left(task: Task, draft: Draft) -> dict[int, Why]:
    return {
        row: Why.NO_PLACE if task.allowed[row].any() else Why.NO_CANDIDATE for row in draft.left
    }


def _keep(task: Task) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The rows still to be settled, and the places left for them."""
    places = np.maximum(task.places, 0).astype(np.int64)
    for row, column in task.required.items():
        if not task.allowed[row, column]:
            raise CannotKeep(f"required and forbidden: {row}, {column}")
        places[column] -= 1
    if (places < 0).any():
        raise CannotKeep(f"too many required: {np.flatnonzero(places < 0).tolist()}")
    is_open = np.ones(len(task.scores), dtype=np.bool_)
    is_open[list(task.required)] = False
    return np.flatnonzero(is_open), places


def _exact(
    scores: NDArray[np.int32], places: NDArray[np.int64], allowed: NDArray[np.bool_]
) -> NDArray[np.int64]:
    columns = np.repeat(np.arange(len(places)), places)
    # Each pair that is allowed counts more than all points together: a forbidden one, worth 0,
    # is chosen only where nothing else is left, and dropped after.
    gain = np.where(allowed, scores - float(scores.min()), 0.0)
    gain += allowed * (gain.max() * len(scores) + 1)
    rows, slots = linear_sum_assignment(gain[:, columns], maximize=True)
    found = np.full(len(scores), NOBODY, dtype=np.int64)
    is_real = allowed[rows, columns[slots]]
    found[rows[is_real]] = columns[slots[is_real]]
    return found


def _pruned(
    scores: NDArray[np.int32],
    places: NDArray[np.int64],
    allowed: NDArray[np.bool_],
    candidates: int,
) -> NDArray[np.int64]:
    usable = allowed & (places > 0)
    most = min(int(usable.any(axis=1).sum()), int(places.sum()))
    while True:
        candidates = min(candidates, scores.shape[1])
        found = _among_best(scores, places, usable, candidates)
        if candidates == scores.shape[1] or np.count_nonzero(found != NOBODY) == most:
            return found
        candidates *= 2


def _among_best(
    scores: NDArray[np.int32],
    places: NDArray[np.int64],
    usable: NDArray[np.bool_],
    candidates: int,
) -> NDArray[np.int64]:
    """Each mentee beside the best candidates, and one seat of nobody's that costs the most."""
    number = len(scores)
    ranked = np.where(usable, scores, np.iinfo(np.int32).min).astype(np.int64)
    best = np.argpartition(-ranked, candidates - 1, axis=1)[:, :candidates]
    rows = np.repeat(np.arange(number), candidates)
    columns = best.ravel()
    is_usable = usable[rows, columns]
    rows, columns = rows[is_usable], columns[is_usable]
    # A candidate stands there once for each of the mentor's places.
    first_seat = np.concatenate(([0], np.cumsum(places)[:-1]))
    times = places[columns]
    ends = np.cumsum(times)
    within = np.arange(int(times.sum())) - np.repeat(ends - times, times)
    seats = np.repeat(first_seat[columns], times) + within
    # Costs from 1 up: 0 would mean that there is no edge.
    costs = float(scores.max()) + 1 - scores[rows, columns]
    unplaced = float(costs.max(initial=1.0)) * number + 1
    last = int(places.sum())
    graph = csr_array(
        (
            np.concatenate((np.repeat(costs, times), np.full(number, unplaced))),
            (
                np.concatenate((np.repeat(rows, times), np.arange(number))),
                np.concatenate((seats, last + np.arange(number))),
            ),
        ),
        shape=(number, last + number),
    )
    mentees, taken = min_weight_full_bipartite_matching(graph)
    mentor_of_seat = np.concatenate(
        (np.repeat(np.arange(len(places)), places), np.full(number, NOBODY))
    )
    found = np.full(number, NOBODY, dtype=np.int64)
    found[mentees] = mentor_of_seat[taken]
    return found
