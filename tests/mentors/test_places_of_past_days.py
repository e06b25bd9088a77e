"""The migration that reads the places and terms of earlier changes from their words."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.apps import apps

from mentors.models import Mentor, MentorEvent
from tests.factories import make_cadre, make_mentor

D = dt.date
step = importlib.import_module("mentors.migrations.0014_places_of_past_days")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("places 2 → 3", ((2, 3), None)),
        ("名额 2 → 13", ((2, 13), None)),
        ("老支书 → 其他；名额 4 → 0；专长 — → 调解", ((4, 0), None)),
        ("帮带名额 — → 3；期满日期 2027-01-01 → 2028-12-31",
         ((0, 3), (D(2027, 1, 1), D(2028, 12, 31)))),
        ("mentor category 甲 → 乙；places 2 → 3；term ends — → 2028-12-31",
         ((2, 3), (None, D(2028, 12, 31)))),
        ("撤销花名册导入", (None, None)),
        ("年度名额 2 → 3", (None, None)),
        ("名额 2 → 3人", (None, None)),
        ("", (None, None)),
        ("类" * 290 + "；名额 2 → 3", ((2, 3), None)),
        ("类" * 292 + "；名额 2 → 3", (None, None)),  # cut: 3 may be the beginning of 30
    ],
)  # fmt: skip
def test_the_words_are_read_in_both_languages(words, said):
    assert step.read(words[:300]) == said


def test_a_history_is_filled_and_a_silent_undoing_stands_between_known_places(cast, tree):
    mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name="老支书"), capacity=5)
    other = make_mentor(cadre=make_cadre(unit=tree.dipu, name="别人"), capacity=7)
    words = ["名额 2 → 3", "帮带名额 3 → 9", "撤销花名册导入", "名额 3 → 5", "专长 — → 调解"]
    for at, reason in enumerate(words):
        moment = dt.datetime(2026, 1 + at, 1, tzinfo=dt.UTC)
        MentorEvent.objects.create(
            mentor=mentor, verb="edit", reason=reason, on=moment.date(), at=moment
        )
    MentorEvent.objects.create(mentor=other, verb="edit", reason="撤销花名册导入")
    step.fill(apps, None)
    told = mentor.events.order_by("at").values_list("old_capacity", "new_capacity")
    assert list(told) == [(2, 3), (3, 9), (9, 3), (3, 5), (None, None)]
    assert other.events.get().new_capacity is None
    rows = Mentor.objects.filter(pk=mentor.pk)
    days = [D(2025, 12, 31), D(2026, 1, 1), D(2026, 2, 1), D(2026, 3, 1), D(2026, 9, 1)]
    assert [rows.with_capacity_on(day).get().capacity_on for day in days] == [2, 3, 9, 3, 5]


def test_what_cannot_be_read_leaves_the_oldest_number_that_is_known(cast, tree):
    mentor = make_mentor(cadre=make_cadre(unit=tree.dipu), capacity=4)
    for month, reason in [(1, "名额调整"), (5, "名额 3 → 4")]:
        moment = dt.datetime(2026, month, 1, tzinfo=dt.UTC)
        MentorEvent.objects.create(
            mentor=mentor, verb="edit", reason=reason, on=moment.date(), at=moment
        )
    step.fill(apps, None)
    rows = Mentor.objects.filter(pk=mentor.pk)
    days = [D(2025, 1, 1), D(2026, 4, 30), D(2026, 5, 1)]
    assert [rows.with_capacity_on(day).get().capacity_on for day in days] == [3, 3, 4]
