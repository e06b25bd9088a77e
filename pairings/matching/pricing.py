"""What each other mentor for one mentee costs the whole draft, all others arranged anew.

Of the best draft only a chain of moves changes: who gives way to the mentee goes to another
mentor, whose mentee may go on to a third, and so to a free place or to the one left behind. The
best chains to that place are longest paths in the graph of mentors, found for all at once
(Bellman and Ford), where solving anew would take a second for each mentor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairings.matching.assigning import NOBODY, Change, Task

_NEVER = -(1 << 60)
_MOST_STEPS = 100  # in a chain; more are not seen but in a draft that is not the best

Move = tuple[int, int]  # a row, and the column it goes to


@dataclass(frozen=True)
class Prices:
    """Of one mentee in one draft; made by `prices`."""

    draft: NDArray[np.int64]
    mentee: int
    worth: NDArray[np.int64]  # points, and above all of them that somebody is placed
    step: int  # what one placed is worth
    free: NDArray[np.bool_]
    edges: NDArray[np.int64]
    gains: list[NDArray[np.int64]]  # the best chain from each mentor, by the steps it may have

    def of(self, mentor: int) -> Change | None:
        """None for a mentor who cannot be given at all."""
        gain = int(self.gains[-1][mentor])
        if gain < _NEVER // 2 or self.worth[self.mentee, mentor] < 0:
            return None
        now = self.draft[self.mentee]
        before = int(self.worth[self.mentee, now]) if now != NOBODY else 0
        if mentor == now:
            return Change(0, 0)
        lost = before - int(self.worth[self.mentee, mentor]) - gain
        left = (lost + self.step // 2) // self.step
        return Change(lost - left * self.step, left)

    def moves(self, mentor: int) -> list[Move]:
        """Who goes where, the mentee first; NOBODY for who is left without a mentor."""
        found = [(self.mentee, mentor)]
        nobody, at, steps = len(self.free), mentor, len(self.gains) - 1
        while steps:
            if self.gains[steps - 1][at] == self.gains[steps][at]:
                steps -= 1
                continue
            onward = self.edges[at] + self.gains[steps - 1]
            to = int(np.argmax(onward))
            if (row := self._mover(at, to)) is not None:
                found.append((row, NOBODY if to == nobody else to))
            at, steps = to, steps - 1
        return found

    def _mover(self, at: int, to: int) -> int | None:
        """Whose move is the edge; None where a free place is taken or made."""
        nobody = len(self.free)
        rows = np.flatnonzero(self.draft == (NOBODY if at == nobody else at))
        rows = rows[rows != self.mentee]
        if to == nobody:
            if self.free[at] or not len(rows):
                return None
            return int(rows[np.argmin(self.worth[rows, at])])
        if not len(rows):
            return None
        before = 0 if at == nobody else self.worth[rows, at]
        best = int(rows[np.argmax(self.worth[rows, to] - before)])
        return best if self.worth[best, to] >= 0 else None


def prices(task: Task, draft: NDArray[np.int64], mentee: int) -> Prices | None:
    """None where the draft does not keep the rules, or is not the best there is.

    `task` without required pairs, as the mentee may be given anybody.
    """
    number, mentors = task.scores.shape
    placed = np.flatnonzero(draft != NOBODY)
    taken = np.bincount(draft[placed], minlength=mentors)
    if (taken > task.places).any() or not task.allowed[placed, draft[placed]].all():
        return None
    step = 2 * (int(np.abs(task.scores).max(initial=0)) + 1) * (number + 1)
    worth = np.where(task.allowed, task.scores.astype(np.int64) + step, _NEVER)
    free = taken < task.places
    edges = _edges(worth, draft, free, mentee)
    target = int(draft[mentee]) if draft[mentee] != NOBODY else mentors
    gains = [np.full(mentors + 1, _NEVER, dtype=np.int64)]
    gains[0][target] = 0
    for _ in range(_MOST_STEPS):
        reached = np.flatnonzero(gains[-1] > _NEVER // 2)
        onward = (edges[:, reached] + gains[-1][reached]).max(axis=1)
        better = np.maximum(gains[-1], onward)
        if better[target] > 0:
            return None
        if (better == gains[-1]).all():
            before = worth[mentee, target] if target < mentors else 0
            if max((worth[mentee] + better[:-1]).max(initial=0), better[-1]) > before:
                return None  # the mentee's own place is not the best
            return Prices(draft, mentee, worth, step, free, edges, gains)
        gains.append(better)
    return None


def _edges(
    worth: NDArray[np.int64], draft: NDArray[np.int64], free: NDArray[np.bool_], mentee: int
) -> NDArray[np.int64]:
    """The most that one move from a mentor to another gains; the last row and column are nobody's.

    Nobody has room for all, and a free place is nobody's as well: it costs nothing to take, and
    nothing to leave.
    """
    mentors = len(free)
    edges = np.full((mentors + 1, mentors + 1), _NEVER, dtype=np.int64)
    others = np.delete(np.arange(len(draft)), mentee)
    others = others[np.argsort(draft[others], kind="stable")]
    at = draft[others]
    for nodes, first, last in _runs(at):
        rows = others[first:last]
        if nodes == NOBODY:
            edges[mentors, :mentors] = worth[rows].max(axis=0)
        else:
            before = worth[rows, nodes]
            edges[nodes, :mentors] = (worth[rows] - before[:, None]).max(axis=0)
            edges[nodes, mentors] = -before.min()
    edges[:mentors, mentors][free] = 0
    edges[mentors, :mentors] = np.maximum(edges[mentors, :mentors], 0)
    return np.maximum(edges, _NEVER)


def _runs(sorted_values: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """The different values, each with where it begins and ends."""
    values, firsts = np.unique(sorted_values, return_index=True)
    lasts = np.append(firsts, len(sorted_values))[1:]
    return [
        (int(value), int(first), int(last))
        for value, first, last in zip(values, firsts, lasts, strict=True)
    ]
