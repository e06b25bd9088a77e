"""What stood in the register before states did gets them, with events; and the way back."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.db import connection

from mentors.models import Mentor, MentorEvent
from tests.factories import make_cadre, make_mentor

D = dt.date
step = importlib.import_module("mentors.migrations.0005_states_of_what_was_there")


@pytest.fixture
def before(tree):
    """Rows as they were: every state the default's, events without state or day."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mentors_mentor DROP CONSTRAINT mentor_state_fits_its_days")
    told = make_mentor(cadre=make_cadre(unit=tree.dipu), from_on=D(2024, 1, 1))
    silent = make_mentor(cadre=make_cadre(unit=tree.dipu), from_on=D(2023, 1, 1))
    ended = make_mentor(
        cadre=make_cadre(unit=tree.dipu), from_on=D(2022, 1, 1), to_on=D(2025, 6, 30),
        end_reason="退休",
    )  # fmt: skip
    Mentor.objects.update(state="in_office")
    for verb in ("import", "edit"):
        MentorEvent.objects.create(mentor=told, verb=verb, on=D(2000, 1, 1), to_state="x")
    return told, silent, ended


def test_the_states_and_events_are_those_that_the_days_say(before):
    told, silent, ended = before
    step.settle(apps, None)
    states = {row.pk: row.state for row in Mentor.objects.all()}
    assert states == {told.pk: "in_office", silent.pk: "in_office", ended.pk: "ended"}

    def events(mentor):
        return list(mentor.events.values_list("verb", "from_state", "to_state", "on", "reason"))

    edited = told.events.get(verb="edit").at.astimezone(step.CHINA).date()
    assert events(told) == [
        ("import", "", "in_office", D(2024, 1, 1), ""),
        ("edit", "in_office", "in_office", edited, ""),
    ]
    assert events(silent) == [("appoint", "", "in_office", D(2023, 1, 1), "")]
    assert events(ended) == [
        ("appoint", "", "in_office", D(2022, 1, 1), ""),
        ("end", "in_office", "ended", D(2025, 6, 30), "退休"),
    ]
    step.settle(apps, None)
    assert MentorEvent.objects.count() == 5


def test_on_the_way_back_a_proposal_stands_as_one_that_came_to_nothing(tree):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mentors_mentor DROP CONSTRAINT mentor_state_fits_its_days")
    make_mentor(cadre=make_cadre(unit=tree.dipu), state="proposed")
    step.unsettle(apps, None)
    row = Mentor.objects.get()
    assert row.from_on == row.to_on is not None
