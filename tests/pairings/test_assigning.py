"""The best assignment, held against trying everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairings.matching import dividing
from pairings.matching.assigning import (
    NOBODY,
    CannotKeep,
    Change,
    Draft,
    Task,
    Why,
    price,
    solve,
    why_left,
)
from pairings.matching.pricing import prices

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


def changed(draft, moves):
    found = draft.mentor_of.copy()
    for row, column in moves:
        found[row] = column
    return found


@QUICK
@given(tasks(), st.data())
def test_every_price_at_once_is_what_trying_everything_says_and_its_moves_come_to_that(task, data):
    """Of all mentors for one mentee; the moves of each make a draft that costs just as much."""
    task = task_of(task.scores, task.places, [*zip(*np.nonzero(~task.allowed), strict=True)])
    row = data.draw(st.integers(0, len(task.scores) - 1))
    draft = solve(task)
    found = prices(task, draft.mentor_of, row)
    best = len(task.scores) - len(draft.left), draft.total
    for column in range(len(task.places)):
        forced = Task(task.scores, task.places, task.allowed, {row: column})
        possible = list(every_draft(forced)) if task.allowed[row, column] else []
        change = found.of(column)
        if not possible:
            assert change is None
            continue
        placed, points = max(possible)
        assert change == Change(best[1] - points, best[0] - placed)
        after = changed(draft, found.moves(column))
        total = sum(task.scores[at, to] for at, to in enumerate(after) if to != NOBODY)
        result = Draft(after, int(total))
        assert measured(forced, result) == (placed, points)


@QUICK
@given(tasks(), st.randoms(use_true_random=False))
def test_a_draft_that_is_not_the_best_has_no_prices(task, chance):
    task = task_of(task.scores, task.places, [*zip(*np.nonzero(~task.allowed), strict=True)])
    worse = np.full(len(task.scores), NOBODY)
    left = task.places.copy()
    for row in range(len(worse)):
        open_ = [c for c in range(len(left)) if left[c] and task.allowed[row, c]]
        if open_ and chance.random() < 0.7:
            worse[row] = chance.choice(open_)
            left[worse[row]] -= 1
    placed = [(row, column) for row, column in enumerate(worse) if column != NOBODY]
    measure = len(placed), int(sum(task.scores[pair] for pair in placed))
    is_best = measure == max(every_draft(task))
    assert (prices(task, worse, 0) is not None) == is_best


@QUICK
@given(tasks(), st.integers(1, 8), st.data())
def test_a_county_dealt_into_groups_keeps_every_rule(task, together, data):
    """However small the groups; in one group the draft is the best there is."""
    task = task_of(task.scores, task.places, [*zip(*np.nonzero(~task.allowed), strict=True)])
    number, mentors = task.scores.shape
    couples = st.dictionaries(st.integers(0, number - 1), st.integers(0, mentors - 1))
    told = []
    found = dividing.solve_in_groups(
        lambda rows, columns: (task.scores[np.ix_(rows, columns)],
                               task.allowed[np.ix_(rows, columns)]),
        number, task.places, wished=data.draw(couples), tell=lambda *part: told.append(part),
        together=together,
    )  # fmt: skip
    best = max(every_draft(task))
    assert measured(task, found) <= best
    assert told[-1][0] == told[-1][1]
    if len(told) == dividing.DEALS:
        assert measured(task, found) == best


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
