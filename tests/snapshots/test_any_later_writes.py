"""Whatever is entered after the sealing: each row that differs says why, and all of it adds up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from snapshots import rows
from snapshots.differences import figures_changed, parts
from stats import figures
from stats.figures import TOTAL
from stats.indicators import counted
from stats.shapes import Base
from tests.factories import make_grant, make_user
from tests.snapshots.later import Office, verbs
from tests.snapshots.made import sealed
from tests.stats.population import START, TODAY, populate

DAYS = (dt.date(2025, 3, 31), dt.date(2025, 12, 31), dt.date(2026, 6, 30))
# A correction says what was always so, and an open pair or appointment stands in one place
# (docs/decisions/rows-of-the-past-keep-their-place.md): these reach back whatever their day.
REACH_BACK = {
    "correct_a_person", "say_when_a_post_began", "correct_an_entry", "reopen_an_entry",
    "take_a_person_back", "another_kind_of_mentor", "merge_two", "part_two", "enter_a_person",
    "take_a_step_back", "move_a_unit", "merge_a_unit", "correct_a_unit",
}  # fmt: skip
quick = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Dice(Random):
    """Chance that repeats itself; no secret hangs on it."""


@pytest.fixture
def office(tree):
    populate(tree, 71, people=40, records=60)
    user = make_user(name="省委组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=tree.province)
    return user


def differing(snapshot):
    asked = (snapshot.unit, snapshot.asked)
    return {base: rows.different(snapshot.pk, base, *asked) for base in Base}


def lists_of(names):
    return st.lists(st.sampled_from(sorted(names)), min_size=8, max_size=25)


@given(number=st.integers(0, 2**30), day=st.sampled_from(DAYS), chosen=lists_of(verbs()))
@quick
def test_each_difference_has_its_reason_and_they_add_up(tree, office, number, day, chosen):
    with transaction.atomic():
        snapshot = sealed(tree.anji, day)
        writer = Office(office, Dice(number), first=START, last=TODAY)
        done = [verb for verb in chosen if writer.try_to(verb)]
        unexplained = {
            (str(part.base), row.then, row.now, row.name)
            for part in parts(snapshot, office)
            for row in part.rows
            if not row.why
        }
        assert unexplained == set(), done
        _adds_up(snapshot)
        transaction.set_rollback(True)


def _adds_up(snapshot):
    """Sealed, and what came, and without what went, is what is counted now: in each line."""
    now = figures.table(snapshot.unit, snapshot.as_of, snapshot.period_from, age=snapshot.age)
    change = {line["key"]: Counter(line["counts"]) for line in snapshot.content["lines"]}
    indicators = counted(column for each in figures.sections() for column in each.columns)
    for base, changed in differing(snapshot).items():
        its = [each for each in indicators.values() if each.base is base]
        for _key, place, cell, new_place, new_cell in changed:
            for sign, line, values in ((-1, place, cell), (1, new_place, new_cell)):
                for each in its:
                    if values is not None and each.counts(values):
                        change[TOTAL][each.code] += sign
                        change.setdefault(line, Counter())[each.code] += sign
    expected = {line.key: {c: n for c, n in line.counts.items() if n} for line in now.lines}
    found = {key: {c: n for c, n in counts.items() if n} for key, counts in change.items()}
    assert {k: v for k, v in found.items() if v} == {k: v for k, v in expected.items() if v}


@given(
    number=st.integers(0, 2**30),
    day=st.sampled_from(DAYS),
    chosen=lists_of({*verbs()} - REACH_BACK),
)
@quick
def test_what_holds_from_a_later_day_changes_nothing(tree, office, number, day, chosen):
    with transaction.atomic():
        snapshot = sealed(tree.anji, day)
        writer = Office(office, Dice(number), first=day + dt.timedelta(days=1), last=TODAY)
        done = [verb for verb in chosen if writer.try_to(verb)]
        told = [
            (part.base, row.then, row.now, row.why)
            for part in parts(snapshot, office)
            for row in part.rows
        ]
        assert (figures_changed(snapshot), told) == ([], []), done
        transaction.set_rollback(True)


def test_no_verb_is_always_refused(tree, office):
    """A verb that never works would prove nothing above."""
    writer = Office(office, Dice(3), first=START, last=TODAY)
    for verb in verbs():
        with transaction.atomic():
            if verb == "part_two":
                assert any(writer.try_to("merge_two") for _each in range(40))
            assert any(writer.try_to(verb) for _each in range(40)), verb
            transaction.set_rollback(True)
