"""Comments and confirmations of the demo."""

import datetime as dt

import pytest

from activities import confirming
from activities.models import Comment, Confirmation, Session, Visit
from mentoring.demo import remarks
from mentoring.demo.chance import Chance
from tests.activities.making import make_session, make_visit
from tests.factories import make_cadre, make_mentor, make_pairing

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_shown_pair_talks_in_order_confirms_and_has_something_to_confirm(cast, tree, seed):
    lin = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="林师傅"))
    other = make_pairing(mentor=lin, mentee=make_cadre(unit=tree.shangshu, name="陈徒弟"))
    make_session(pairing=other, created_by=cast.county, is_on_behalf=True)
    for number in range(6):
        day = TODAY - dt.timedelta(days=number)
        make_session(
            pairing=cast.pairing, created_by=cast.county, happened_on=day, is_on_behalf=True
        )
        make_visit(pairing=cast.pairing, happened_on=day, is_with_mentor=True)
    made = remarks.enter(tree.anji, cast.pairing, by=cast.county, chance=Chance(seed, TODAY))
    assert (made, Comment.objects.count(), Confirmation.objects.count()) == (4, 4, 3)
    said = Comment.objects.filter(pairing=cast.pairing)
    assert [row.created_by for row in said] == [cast.mentor, cast.mentee, cast.county]
    assert [row.is_from_office for row in said] == [False, False, True]
    for row in Confirmation.objects.all():
        assert row.confirmed_by != row.session.created_by
    by_hand = Session.objects.filter(is_on_behalf=False).count()
    assert (by_hand, Visit.objects.filter(created_by=cast.mentee).count()) == (5, 5)
    assert confirming.waiting_for(cast.mentor, TODAY) != []
    assert confirming.waiting_for(cast.mentee, TODAY) != []
