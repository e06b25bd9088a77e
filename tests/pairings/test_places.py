"""What takes one of a mentor's places means the same on both floors."""

from __future__ import annotations

from mentors.models import OCCUPYING
from pairings.states import OPEN


def test_the_mentors_floor_counts_the_states_that_are_open():
    assert set(OCCUPYING) == {str(state) for state in OPEN}
