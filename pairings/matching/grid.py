"""The totals of many mentors and mentees at once: what `scoring.parts` says, by arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairings.matching import scoring
from pairings.matching.scoring import FULL, MenteeSide, MentorSide
from pairings.matching.tables import EXAMPLE, MIDDLE, Tables
from pairings.matching.weights import Feature

Grid = NDArray[np.int32]
_UNKNOWN = np.iinfo(np.int32).min


def totals(
    mentors: Sequence[MentorSide],
    mentees: Sequence[MenteeSide],
    weights: Mapping[str, int],
    tables: Tables = EXAMPLE,
) -> Grid:
    """A row a mentee, a column a mentor: the points that the two have together."""
    found = np.zeros((len(mentees), len(mentors)), dtype=np.int32)
    if not found.size:
        return found
    same_unit = np.equal.outer(
        [mentee.above[-1] for mentee in mentees], [mentor.above[-1] for mentor in mentors]
    )
    free = np.array([scoring.of_places(mentor.free, mentor.capacity) for mentor in mentors])
    found += (weights[Feature.PLACES] * free).astype(np.int32)
    found += weights[Feature.CATEGORY] * _categories(mentors, mentees, tables)
    found += weights[Feature.STRENGTHS] * _strengths(mentors, mentees, tables)
    found += (weights[Feature.WORK_LINE] * FULL) * _same_kind(mentors, mentees)
    found += weights[Feature.DISTANCE] * _distance(mentors, mentees)
    found += weights[Feature.AGE_GAP] * _ages(mentors, mentees, tables.span)
    found -= (weights[Feature.SAME_UNIT] * FULL) * same_unit
    _take_earlier(found, mentors, mentees, weights[Feature.EARLIER] * FULL)
    _add_wishes(found, mentors, mentees, weights[Feature.WISHES])
    return found


def _codes(words: Sequence[Any]) -> tuple[list[Any], NDArray[np.intp]]:
    """The different words, and where each word stands among them."""
    distinct = list(dict.fromkeys(words))
    at = {word: number for number, word in enumerate(distinct)}
    return distinct, np.array([at[word] for word in words], dtype=np.intp)


def _categories(
    mentors: Sequence[MentorSide], mentees: Sequence[MenteeSide], tables: Tables
) -> Grid:
    ours, columns = _codes([mentor.category for mentor in mentors])
    theirs, rows = _codes([mentee.category for mentee in mentees])
    table = [[tables.fit.get((mentor, mentee), MIDDLE) for mentor in ours] for mentee in theirs]
    return np.array(table, dtype=np.int32)[np.ix_(rows, columns)]


def _strengths(
    mentors: Sequence[MentorSide], mentees: Sequence[MenteeSide], tables: Tables
) -> Grid:
    ours, columns = _codes([mentor.strengths for mentor in mentors])
    theirs, rows = _codes([mentee.category for mentee in mentees])
    needs = [tables.needs.get(mentee, ()) for mentee in theirs]
    table = [[scoring.of_strengths(good_at, wanted) for good_at in ours] for wanted in needs]
    return np.array(table, dtype=np.int32)[np.ix_(rows, columns)]


def _same_kind(mentors: Sequence[MentorSide], mentees: Sequence[MenteeSide]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.equal.outer(
        np.array([mentee.kind for mentee in mentees]), np.array([mentor.kind for mentor in mentors])
    )
    return found


def _distance(mentors: Sequence[MentorSide], mentees: Sequence[MenteeSide]) -> Grid:
    """By unit and not by person: many work in one."""
    ours, columns = _codes([mentor.above for mentor in mentors])
    theirs, rows = _codes([mentee.above for mentee in mentees])
    deepest = max(map(len, ours + theirs))
    down, across = _padded(theirs, deepest, -1), _padded(ours, deepest, -2)
    agrees = np.ones((len(theirs), len(ours)), dtype=np.bool_)
    common = np.zeros(agrees.shape, dtype=np.int32)
    for level in range(deepest):
        agrees &= np.equal.outer(down[:, level], across[:, level])
        common += agrees
    lengths = np.add.outer(list(map(len, theirs)), list(map(len, ours)))
    grade = np.maximum(FULL - scoring.A_STEP * (lengths - 2 * common), 0)
    grade[common == 0] = 0
    return grade.astype(np.int32)[np.ix_(rows, columns)]


def _padded(paths: list[tuple[int, ...]], length: int, filler: int) -> NDArray[np.int64]:
    return np.array([path + (filler,) * (length - len(path)) for path in paths], dtype=np.int64)


def _ages(
    mentors: Sequence[MentorSide], mentees: Sequence[MenteeSide], span: tuple[int, int]
) -> Grid:
    """By birth month and not by person, as with the units."""
    ours, columns = _codes([mentor.birth_month for mentor in mentors])
    theirs, rows = _codes([mentee.birth_month for mentee in mentees])
    months = [np.array([_month(text) for text in side], dtype=np.int64) for side in (theirs, ours)]
    years = np.subtract.outer(*months) // 12
    least, most = span
    outside = np.maximum(np.maximum(least - years, years - most), 0)
    grade = np.maximum(FULL - outside, 0)
    grade[months[0] == _UNKNOWN, :] = 0
    grade[:, months[1] == _UNKNOWN] = 0
    return grade.astype(np.int32)[np.ix_(rows, columns)]


def _month(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:]) if text else _UNKNOWN


def _take_earlier(
    found: Grid, mentors: Sequence[MentorSide], mentees: Sequence[MenteeSide], points: int
) -> None:
    row_of = {mentee.cadre_pk: row for row, mentee in enumerate(mentees)}
    for column, mentor in enumerate(mentors):
        for person in mentor.former:
            if (row := row_of.get(person)) is not None:
                found[row, column] -= points


def _add_wishes(
    found: Grid, mentors: Sequence[MentorSide], mentees: Sequence[MenteeSide], weight: int
) -> None:
    column_of = {mentor.pk: column for column, mentor in enumerate(mentors)}
    for row, mentee in enumerate(mentees):
        for mentor, places in mentee.wishes.items():
            if (column := column_of.get(mentor)) is not None:
                found[row, column] += weight * scoring.of_wishes(*places)
