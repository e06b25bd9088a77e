"""What the database refuses by itself, whatever the code above it does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pairings.models import Pairing
from pairings.registering import register
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date

FIRST = D(2026, 3, 1)


def refuses(name, work):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        work()


def sign_up(cast, mentee, from_on=FIRST):
    return register(
        cast.mentor_row, mentee, by=cast.county, from_on=from_on, to_on=D(2027, 2, 28),
        method="assigned",
    )  # fmt: skip


def test_a_pair_with_oneself(cast):
    refuses("pairing_not_with_oneself", lambda: sign_up(cast, cast.mentor_row.cadre))


def test_a_second_open_pair_of_the_same_two(cast):
    refuses("pairing_once_while_open", lambda: sign_up(cast, cast.mentee_row))


def test_a_second_pair_by_a_later_appointment_of_the_same_mentor(cast):
    type(cast.mentor_row).objects.update(state="ended", to_on=D(2026, 6, 1))
    again = make_mentor(cadre=cast.mentor_row.cadre)
    refuses("pairing_once_while_open", lambda: make_pairing(mentor=again, mentee=cast.mentee_row))


def test_the_same_two_may_pair_again_after_the_end(cast):
    cast.pairing.move("complete", by=cast.county)
    again = sign_up(cast, cast.mentee_row, timezone.localdate())
    assert again.state == "proposed"


def test_a_term_that_ends_before_it_begins(cast, tree):
    mentee = make_cadre(unit=tree.shangshu)
    refuses(
        "pairing_ends_after_it_begins",
        lambda: make_pairing(mentor=cast.mentor_row, mentee=mentee, to_on=D(2026, 2, 28)),
    )


@pytest.mark.parametrize(
    "fields", [{"state": "completed"}, {"state": "declined"}, {"ended_on": D(2026, 6, 1)}]
)
def test_an_end_without_a_day_and_a_day_without_an_end(cast, fields):
    refuses("pairing_ended_on_only_when_ended", lambda: Pairing.objects.update(**fields))
