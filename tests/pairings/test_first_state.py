"""Which steps a new pair takes, by its policy."""

from __future__ import annotations

import pytest

from pairings.models import Policy
from pairings.states import first_state


@pytest.mark.parametrize(
    ("mentor", "mentee", "approval", "state"),
    [
        (True, True, True, "proposed"),
        (True, True, False, "proposed"),
        (True, False, True, "mentee_agreed"),
        (True, False, False, "mentee_agreed"),
        (False, True, True, "mentor_agreed"),
        (False, True, False, "mentor_agreed"),
        (False, False, True, "agreed"),
        (False, False, False, "active"),
    ],
)
def test_a_new_pair_waits_for_whom_its_policy_names(mentor, mentee, approval, state):
    policy = Policy(needs_mentor=mentor, needs_mentee=mentee, needs_approval=approval)
    assert first_state(policy) == (state, approval)
