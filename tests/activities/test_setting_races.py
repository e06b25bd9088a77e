"""Setting for many, accepting and suspending at the same moment, on the real database."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.utils import timezone

from activities import handing, setting, templating
from activities.entering import Closed
from activities.models import Assignment, AssignmentTemplate, Review, Submission
from pairings.models import Pairing
from tests.activities.making import make_assignment, make_template
from tests.activities.test_two_at_once import again, at_once, reader
from tests.factories import make_cadre, make_pairing

everywhere = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def pairs(cast, tree):
    for name in ("丙徒", "丁徒"):
        mentee = make_cadre(unit=tree.shangshu, name=name)
        make_pairing(mentor=cast.mentor_row, mentee=mentee)
    return setting.own_pairs(cast.mentor)


def set_now(pairs, by, key):
    today = timezone.localdate()
    return setting.set_for(pairs, by=reader(by), key=key, title="题", body="", due_on=today)


@everywhere
def test_one_form_by_four_clicks_is_one_set_for_all_four(cast, pairs):
    for _ in range(6):
        key, made = uuid.uuid4(), []

        def act(key=key, made=made):
            made.append(set_now(pairs, cast.mentor, key).set_together)

        assert at_once(*[act] * 4) == []
        rows = Assignment.objects.filter(set_together=made[0])
        assert (len(set(made)), len(made), rows.count()) == (1, 4, 3)
    assert Assignment.objects.count() == 18


@everywhere
def test_two_who_set_for_the_same_mentees_in_other_orders_do_not_block_each_other(cast, pairs):
    for _ in range(6):
        acts = [
            partial(set_now, order, cast.mentor, uuid.uuid4()) for order in (pairs, pairs[::-1]) * 2
        ]
        assert at_once(*acts) == []
    assert Assignment.objects.count() == 6 * 4 * 3


@everywhere
def test_a_set_and_a_suspension_at_once_are_one_before_the_other(cast, pairs):
    """All three or none; and none after the suspension."""
    for _ in range(6):
        Assignment.objects.all().delete()
        Pairing.objects.update(state="active")
        told = []

        def act(told=told):
            try:
                set_now(pairs, cast.mentor, uuid.uuid4())
            except Closed:
                told.append("closed")

        def suspend():
            Pairing.objects.get(pk=pairs[1].pk).move("suspend", by=reader(cast.county), reason="借")

        assert at_once(act, suspend) == []
        assert Assignment.objects.count() == (0 if told else 3)


@everywhere
def test_what_is_returned_and_handed_in_again_is_not_accepted_unread(cast):
    """The other reviewer accepts the first version while the second comes in."""
    for _ in range(6):
        row = make_assignment(pairing=cast.pairing, state="returned")
        first = Submission.objects.create(assignment=row, text="一稿", created_by=cast.mentee)
        acts = [
            partial(handing.hand_in, again(row), by=reader(cast.mentee), text="二稿"),
            partial(
                handing.review, again(row), "accept", by=reader(cast.mentor), comment="", seen=first
            ),
        ]
        assert at_once(*acts) == ["Wrong"]
        assert (again(row).state, Review.objects.count()) == ("submitted", 0)


@everywhere
def test_a_template_changed_and_withdrawn_at_once_has_one_of_the_two(cast, tree):
    for _ in range(6):
        template, told = make_template(unit=tree.anji, title=str(uuid.uuid4())), []

        def tell(act, told=told):
            try:
                act()
            except templating.HasChanged:
                told.append(act)

        copy = AssignmentTemplate.objects.get(pk=template.pk)
        edit = partial(templating.save, copy, by=cast.county, seen=1, key=uuid.uuid4())
        withdraw = partial(templating.withdraw, template, by=cast.county)
        assert at_once(*[partial(tell, act) for act in (edit, edit, withdraw, withdraw)]) == []
        assert told.count(withdraw) == 1
        verbs = sorted(template.events.values_list("verb", flat=True))
        assert verbs in (["withdraw"], ["edit", "withdraw"])
