"""The best assignment beside greedy by score: points, people left, seconds, peak memory.

`python -m benchmarks.matching` measures each way in a process of its own, without a database:
made-up people of one county, and of seven counties, each county by itself. There are some more
places than mentees, and a mentor of a village takes nobody from another township.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
import uuid

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import peak_megabytes
from pairings.matching import dividing, grid
from pairings.matching.assigning import NOBODY, Draft, Task, solve
from pairings.matching.scoring import MenteeSide, MentorSide
from pairings.matching.tables import (
    ELDER,
    LEADER,
    MASTER,
    MOVED,
    NEEDS,
    NEWCOMER,
    SECRETARY,
    SENT_DOWN,
    VILLAGE,
)
from pairings.matching.weights import EXAMPLE

# Mentees, mentors, counties.
SIZES = {"one": (3_000, 1_400, 1), "all": (30_000, 14_000, 7), "large": (30_000, 14_000, 1)}
TOWNSHIPS, VILLAGES = 15, 12


def people(mentees: int, mentors: int, county: int) -> tuple[list[MentorSide], list[MenteeSide]]:
    """Of one county, the same people at each call."""
    chance = random.Random(2004 + county)  # noqa: S311
    strengths = sorted({word for words in NEEDS.values() for word in words})

    def place() -> tuple[tuple[int, ...], str]:
        township = chance.randrange(TOWNSHIPS)
        above: tuple[int, ...] = (1, 2, 10 + county, 1000 + township)
        if chance.random() < 0.4:
            return above, "township"
        return (*above, 100_000 + township * 100 + chance.randrange(VILLAGES)), "village"

    def month(first: int, last: int) -> str:
        return f"{chance.randint(first, last)}-{chance.randint(1, 12):02d}"

    def number() -> uuid.UUID:
        return uuid.UUID(int=chance.getrandbits(128))

    ours, theirs = [], []
    for _ in range(mentors):
        above, kind = place()
        capacity = chance.choice((2, 2, 3))
        good_at = frozenset(chance.sample(strengths, chance.randint(0, 3)))
        category = chance.choice((ELDER, SECRETARY, MASTER, LEADER))
        ours.append(MentorSide(number(), number(), category, good_at, capacity,
                               capacity, above, kind,
                               month(1955, 1980)))  # fmt: skip
    for _ in range(mentees):
        above, kind = place()
        category = chance.choice((NEWCOMER, VILLAGE, SENT_DOWN, MOVED))
        theirs.append(MenteeSide(number(), category, above, kind, month(1988, 2003)))
    return ours, theirs


def allowed(mentors: list[MentorSide], mentees: list[MenteeSide]) -> NDArray[np.bool_]:
    ours, theirs = ([row.above[3] for row in side] for side in (mentors, mentees))
    goes_far = np.array([mentor.kind == "township" for mentor in mentors])
    return np.equal.outer(theirs, ours) | goes_far


def greedy(task: Task) -> Draft:
    """The couple with the most points first, then the next that still can be."""
    order = np.argsort(-task.scores, axis=None, kind="stable")
    mentor_of = np.full(len(task.scores), NOBODY, dtype=np.int64)
    places, total, open_places = task.places.copy(), 0, int(task.places.sum())
    for number in order:
        if not open_places:
            break
        row, column = divmod(int(number), task.scores.shape[1])
        if mentor_of[row] == NOBODY and places[column] and task.allowed[row, column]:
            mentor_of[row] = column
            places[column] -= 1
            open_places -= 1
            total += int(task.scores[row, column])
    return Draft(mentor_of, total)


def candidates(task: Task) -> Draft:
    return solve(task, cells=0)


WAYS = {"best": solve, "candidates": candidates, "greedy": greedy}
# One county's table of 420 million couples is in nobody's memory: the one way that does without.
WAYS_OF = {"one": [*WAYS], "all": [*WAYS], "large": ["groups"]}
NAMES = {
    "best": "Bangdai: best assignment",
    "candidates": "Bangdai: among the best 400 candidates",
    "greedy": "greedy by score",
    "groups": "Bangdai: dealt into groups",
}


def in_groups(ours: list[MentorSide], theirs: list[MenteeSide]) -> Draft:
    def part(
        rows: NDArray[np.intp], columns: NDArray[np.intp]
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        mentors, mentees = [ours[at] for at in columns], [theirs[at] for at in rows]
        return grid.totals(mentors, mentees, EXAMPLE), allowed(mentors, mentees)

    places = np.array([mentor.free for mentor in ours], dtype=np.int64)
    return dividing.solve_in_groups(
        part, len(theirs), places, wished={}, tell=lambda done, all_: None
    )


def alone(size: str, way: str) -> None:
    """One line for the process that asked: points, people left, seconds, megabytes."""
    mentees, mentors, counties = SIZES[size]
    total, left, seconds = 0, 0, 0.0
    for county in range(counties):
        ours, theirs = people(mentees // counties, mentors // counties, county)
        began = time.perf_counter()
        if way == "groups":
            draft = in_groups(ours, theirs)
            seconds += time.perf_counter() - began
            total, left = total + draft.total, left + len(draft.left)
            continue
        scores = grid.totals(ours, theirs, EXAMPLE)
        places = np.array([mentor.free for mentor in ours], dtype=np.int64)
        draft = WAYS[way](Task(scores, places, allowed(ours, theirs)))
        seconds += time.perf_counter() - began
        total, left = total + draft.total, left + len(draft.left)
    sys.stdout.write(f"{total} {left} {seconds:.2f} {peak_megabytes()}\n")


def report() -> list[str]:
    """A section for docs/benchmarks.md."""
    lines = [
        "", "## Who goes with whom: one draft for all mentees", "",
        "Seconds hold the grades of all couples and the draft; the memory is the process's peak.",
        "", "| mentees × mentors | way | points | left | seconds | MB |",
        "|---|---|--:|--:|--:|--:|",
    ]  # fmt: skip
    for size, (mentees, mentors, counties) in SIZES.items():
        for way in WAYS_OF[size]:
            command = [sys.executable, "-m", "benchmarks.matching", size, way]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            total, left, seconds, peak = run.stdout.split()
            within = f"{mentees:,} × {mentors:,}"
            within += f" in {counties} counties" if counties > 1 else ""
            lines.append(
                f"| {within} | {NAMES[way]} | {int(total):,} | {int(left):,} | {seconds} | {peak} |"
            )
    return lines


if __name__ == "__main__":
    if len(sys.argv) == 3:
        alone(*sys.argv[1:])
    else:
        sys.stdout.write("\n".join(report()) + "\n")
