"""The best assignment, held against trying everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairings.matching.assigning import (
    NOBODY,
    CannotKeep,
    Change,
    Task,
    Why,
    price,
    solve,
    why_left,
)

QUICK = settings(max_examples=150, deadline=None, derandomize=True)


def task_of(scores, places, forbidden=(), required=None):
    table = np.array(scores, dtype=np.int32)
    allowed = np.ones(table.shape, dtype=np.bool_)
    for row, column in forbidden:
        allowed[row, column] = False
    return Task(table, np.array(places, dtype=np.int64), allowed, required or {})


@st.composite
def tasks(draw):
    mentees, mentors = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    number = st.integers(-20, 60)
    row = st.lists(number, min_size=mentors, max_size=mentors)
    scores = draw(st.lists(row, min_size=mentees, max_size=mentees))
    places = draw(st.lists(st.integers(0, 3), min_size=mentors, max_size=mentors))
    couples = list(itertools.product(range(mentees), range(mentors)))
    forbidden = draw(st.sets(st.sampled_from(couples)))
    task = task_of(scores, places, forbidden)
    required: dict[int, int] = {}
    for row_number, column in draw(st.permutations(couples))[: draw(st.integers(0, 2))]:
        wanted = {**required, row_number: column}
        counted = np.bincount(list(wanted.values()), minlength=mentors)
        if (row_number, column) not in forbidden and (counted <= task.places).all():
            required = wanted
    return task_of(scores, places, forbidden, required)


def every_draft(task):
    """(placed, points) of every assignment that keeps the rules."""
    mentees, mentors = task.scores.shape
    for choice in itertools.product(range(NOBODY, mentors), repeat=mentees):
        pairs = [(row, column) for row, column in enumerate(choice) if column != NOBODY]
        if any(choice[row] != column for row, column in task.required.items()):
            continue
        counted = np.bincount([column for _, column in pairs], minlength=mentors)
        if (counted <= task.places).all() and all(task.allowed[pair] for pair in pairs):
            yield len(pairs), int(sum(task.scores[pair] for pair in pairs))


def measured(task, draft):
    """(placed, points) of a draft, having looked whether it keeps the rules."""
    pairs = [(row, column) for row, column in enumerate(draft.mentor_of) if column != NOBODY]
    counted = np.bincount([column for _, column in pairs], minlength=len(task.places))
    assert (counted <= task.places).all()
    assert all(task.allowed[pair] for pair in pairs)
    assert {row: int(draft.mentor_of[row]) for row in task.required} == dict(task.required)
    assert draft.left == [row for row, column in enumerate(draft.mentor_of) if column == NOBODY]
    points = int(sum(task.scores[pair] for pair in pairs))
    assert draft.total == points
    return len(pairs), points


@QUICK
@given(tasks())
def test_no_assignment_at_all_is_better_than_the_draft(task):
    assert measured(task, solve(task)) == max(every_draft(task))


@QUICK
@given(tasks(), st.integers(1, 2))
def test_among_the_best_candidates_as_many_are_placed_as_can_be(task, candidates):
    """The way for large tables: with every candidate it is exact, with few it leaves nobody."""
    best = max(every_draft(task))
    assert measured(task, solve(task, cells=0, candidates=3)) == best
    assert measured(task, solve(task, cells=0, candidates=candidates))[0] == best[0]


@QUICK
@given(tasks(), st.data())
def test_what_a_change_costs_is_the_difference_to_the_best_draft_with_it(task, data):
    row = data.draw(st.integers(0, len(task.scores) - 1))
    column = data.draw(st.integers(0, len(task.places) - 1))
    forced = Task(task.scores, task.places, task.allowed, {**task.required, row: column})
    possible = list(every_draft(forced))
    draft = solve(task)
    if not possible:
        with pytest.raises(CannotKeep):
            price(task, draft, mentee=row, mentor=column)
        return
    placed, points = max(possible)
    left = len(task.scores) - placed - len(draft.left)
    change = price(task, draft, mentee=row, mentor=column)
    assert change == Change(points=draft.total - points, left=left)
    if row not in task.required:
        assert change.left >= 0


def test_two_who_want_the_same_mentor_are_settled_for_both_together():
    """By score alone the first takes 9 and leaves 1: ten together, and eleven is possible."""
    task = task_of([[9, 8], [3, 1]], [1, 1])
    draft = solve(task)
    assert (draft.mentor_of.tolist(), draft.total) == ([1, 0], 11)
    assert price(task, draft, mentee=0, mentor=0) == Change(points=1, left=0)
    assert price(task, draft, mentee=0, mentor=1) == Change(points=0, left=0)


def test_who_is_left_is_told_why():
    task = task_of([[5, 5], [9, 5], [5, 5]], [1, 0], forbidden=[(0, 0), (0, 1)])
    draft = solve(task)
    assert draft.mentor_of.tolist() == [NOBODY, 0, NOBODY]
    assert why_left(task, draft) == {0: Why.NO_CANDIDATE, 2: Why.NO_PLACE}


@pytest.mark.parametrize(
    ("required", "forbidden"), [({0: 0, 1: 0}, []), ({0: 1}, []), ({0: 0}, [(0, 0)])]
)
def test_what_cannot_be_kept_is_refused(required, forbidden):
    with pytest.raises(CannotKeep):
        solve(task_of([[1, 1], [1, 1]], [1, 0], forbidden, required))


@pytest.mark.parametrize("shape", [(0, 2), (2, 0), (0, 0)])
def test_an_empty_side_gives_an_empty_draft(shape):
    task = task_of(np.zeros(shape), np.ones(shape[1]))
    assert solve(task).mentor_of.tolist() == [NOBODY] * shape[0]
