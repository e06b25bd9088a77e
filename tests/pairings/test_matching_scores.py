"""Grades of one couple, and the same by arrays for many."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairings.matching import grid, scoring
from pairings.matching.scoring import MenteeSide, MentorSide
from pairings.matching.tables import EXAMPLE as EXAMPLE_TABLES
from pairings.matching.tables import FIT, NEEDS, SECRETARY, VILLAGE, Tables, read, stored
from pairings.matching.weights import EXAMPLE, Feature, complete

QUICK = settings(max_examples=100, deadline=None, derandomize=True)
PEOPLE = [uuid.UUID(int=number) for number in range(1, 5)]
PATHS = [(1,), (1, 2), (1, 2, 3), (1, 2, 4), (1, 5, 6), (9, 10)]
MONTHS = ["", "1958-12", "1966-05", "1990-01", "1998-07", "1998-06"]
STRENGTHS = ["村务管理", "基层党建", "矛盾调解", "群众工作", "书法"]


def mentor(**changes):
    given_ = {
        "pk": uuid.uuid4(), "cadre_pk": uuid.uuid4(), "category": SECRETARY,
        "strengths": frozenset(["村务管理", "书法"]), "capacity": 2, "free": 1,
        "above": (1, 2, 3), "kind": "village", "birth_month": "1966-05",
    }  # fmt: skip
    return MentorSide(**{**given_, **changes})


def mentee(**changes):
    given_ = {
        "cadre_pk": PEOPLE[0], "category": VILLAGE, "above": (1, 2, 4), "kind": "village",
        "birth_month": "1998-07",
    }  # fmt: skip
    return MenteeSide(**{**given_, **changes})


NUMBERS = [uuid.UUID(int=number) for number in range(11, 14)]
mentors = st.builds(
    mentor,
    pk=st.sampled_from(NUMBERS),
    category=st.sampled_from([*{name for name, _ in FIT}, "别的"]),
    strengths=st.frozensets(st.sampled_from(STRENGTHS)),
    capacity=st.integers(0, 4),
    free=st.integers(0, 4),
    above=st.sampled_from(PATHS),
    kind=st.sampled_from(["village", "township"]),
    birth_month=st.sampled_from(MONTHS),
    former=st.frozensets(st.sampled_from(PEOPLE)),
)
mentees = st.builds(
    mentee,
    category=st.sampled_from([*NEEDS, "", "别的"]),
    above=st.sampled_from(PATHS),
    kind=st.sampled_from(["village", "township"]),
    birth_month=st.sampled_from(MONTHS),
    wishes=st.dictionaries(
        st.sampled_from(NUMBERS), st.tuples(st.integers(0, 4), st.integers(0, 4))
    ),
)
spans = st.tuples(st.integers(0, 20), st.integers(20, 60))
tables = st.builds(
    Tables,
    fit=st.dictionaries(
        st.sampled_from([*FIT, (SECRETARY, "别的"), ("别的", "别的")]), st.integers(0, 10)
    ),
    needs=st.dictionaries(
        st.sampled_from([*NEEDS, "别的"]),
        st.lists(st.sampled_from(STRENGTHS), unique=True).map(tuple),
    ),
    span=spans,
)


@QUICK
@given(
    st.lists(mentors, max_size=3, unique_by=lambda row: row.pk),
    st.lists(mentees, max_size=4),
    st.fixed_dictionaries({str(feature): st.integers(0, 10) for feature in Feature}),
    tables,
)
def test_the_table_holds_the_sum_of_the_parts_of_each_couple(ours, theirs, weights, said):
    people = [mentee(**{**_fields(row), "cadre_pk": PEOPLE[n]}) for n, row in enumerate(theirs)]
    table = grid.totals(ours, people, weights, said)
    assert table.tolist() == [
        [scoring.total(scoring.parts(one, other, weights, said)) for one in ours]
        for other in people
    ]
    scores = [[scoring.score(one, other, weights, said) for one in ours] for other in people]
    assert scores == table.tolist()


def _fields(row):
    return {name: getattr(row, name) for name in row.__slots__}


def test_a_couple_by_hand():
    """Villages of one township; one of three needs; thirty-two years between the two."""
    found = {part.feature: part.grade for part in scoring.parts(mentor(), mentee(), EXAMPLE)}
    assert found == {
        "places": 5, "category": 10, "strengths": 3, "work_line": 10, "distance": 6,
        "age_gap": 10, "earlier": 0, "same_unit": 0, "wishes": 0,
    }  # fmt: skip
    assert scoring.total(scoring.parts(mentor(), mentee(), EXAMPLE)) == 5 + 30 + 9 + 10 + 18 + 10


@pytest.mark.parametrize(
    ("changes", "feature", "grade"),
    [
        ({"former": frozenset([PEOPLE[0]])}, "earlier", -10),
        ({"above": (1, 2, 4)}, "same_unit", -10),
        ({"above": (1, 2, 4)}, "distance", 10),
        ({"above": (9, 10)}, "distance", 0),
        ({"above": (1, 5, 6)}, "distance", 2),
        ({"birth_month": ""}, "age_gap", 0),
        ({"birth_month": "1992-07"}, "age_gap", 6),
        ({"birth_month": "1999-01"}, "age_gap", 0),
        ({"category": "别的"}, "category", 5),
        ({"kind": "township"}, "work_line", 0),
        ({"free": 0}, "places", 0),
        ({"strengths": frozenset(NEEDS[VILLAGE])}, "strengths", 10),
    ],
)
def test_what_changes_a_grade(changes, feature, grade):
    assert scoring.grades(mentor(**changes), mentee())[Feature(feature)] == grade


def test_weights_that_are_not_stored_are_the_examples():
    assert complete({"places": 7, "unknown": 3}) == {**EXAMPLE, "places": 7}


@pytest.mark.parametrize(
    ("places", "grade"),
    [
        ((0, 0), 0), ((1, 0), 5), ((0, 1), 5), ((3, 0), 3), ((9, 0), 1), ((1, 1), 10),
        ((1, 2), 9), ((3, 2), 7), ((9, 9), 6),
    ],
)  # fmt: skip
def test_a_wish_counts_by_its_place_and_a_mutual_one_more_than_any_other(places, grade):
    one = mentor(pk=NUMBERS[0])
    found = scoring.grades(one, mentee(wishes={NUMBERS[0]: places, NUMBERS[1]: (1, 1)}))
    assert found[Feature.WISHES] == grade


@QUICK
@given(tables)
def test_tables_come_back_as_they_were_stored_over_the_examples(said):
    assert read(stored(said)) == Tables({**FIT, **said.fit}, {**NEEDS, **said.needs}, said.span)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 90) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["fit", "needs", "span", VILLAGE]), inner, max_size=3)
    ),
    max_leaves=12,
)


@QUICK
@given(anything)
def test_whatever_stands_in_the_row_scoring_gets_whole_tables(said):
    found = read(said)
    assert {*FIT} <= {*found.fit}
    assert all(type(grade) is int and 0 <= grade <= 10 for grade in found.fit.values())
    assert all(isinstance(word, str) for words in found.needs.values() for word in words)
    least, most = found.span
    assert 0 <= least <= most <= 60
    grid.totals([mentor()], [mentee()], EXAMPLE, found)


@pytest.mark.parametrize(
    "said",
    [
        {"fit": [[SECRETARY, VILLAGE, 11]]}, {"fit": [[SECRETARY, VILLAGE, True]]},
        {"fit": [[SECRETARY, VILLAGE]]}, {"fit": {SECRETARY: 3}}, {"needs": {VILLAGE: "群众工作"}},
        {"needs": {VILLAGE: [1]}}, {"span": [30, 10]}, {"span": [-1, 10]}, {"span": [1, 2, 3]},
        {"span": "12"}, [], None,
    ],
)  # fmt: skip
def test_what_has_not_the_shape_is_the_examples(said):
    assert read(said) == EXAMPLE_TABLES
