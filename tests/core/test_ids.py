"""Ids of big tables sort as the rows were made, and cannot be guessed from one another."""

from __future__ import annotations

import time
import uuid

from core.models import uuid7


def test_ids_sort_as_they_were_made_within_a_millisecond_too():
    made = []
    for _ in range(300):
        made.append(uuid7())
        until = time.perf_counter_ns() + 1_000  # a row takes longer than that
        while time.perf_counter_ns() < until:
            pass
    assert made == sorted(made)
    millis = [row.int >> 80 for row in made]
    assert len(set(millis)) < len(millis)  # some did fall into one millisecond
    assert len({row.int & ((1 << 62) - 1) for row in made}) == 300


def test_they_are_uuids_of_version_7_of_this_moment():
    before = time.time_ns() // 1_000_000
    row = uuid7()
    assert (row.version, row.variant) == (7, uuid.RFC_4122)
    assert before <= row.int >> 80 <= time.time_ns() // 1_000_000
