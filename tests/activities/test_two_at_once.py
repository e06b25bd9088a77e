"""Two clicks at the same moment, on the real database."""

from __future__ import annotations

import threading
import uuid
from functools import partial

import pytest
from django.db import connection

from accounts.models import User
from activities import commenting, confirming, handing, matters
from activities.commenting import TooLate
from activities.entering import enter
from activities.models import (
    AlreadyClosed,
    Assignment,
    Comment,
    Confirmation,
    OpenMatter,
    Review,
    Session,
    Submission,
    Visit,
    Wrong,
)
from tests.activities.making import (
    make_assignment,
    make_comment,
    make_matter,
    make_session,
    make_visit,
)

# The categories that migrations brought in are put back after the tables are emptied.
everywhere = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*acts):
    """Run the acts in threads that start together; the errors that they raised, by name."""
    start, raised = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
        except (Wrong, TooLate, AlreadyClosed) as error:
            raised.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def reader(user):
    """The user as a request of its own would read them, without kept grants."""
    return User.objects.get(pk=user.pk)


def again(row):
    """The assignment as a request of its own would read it."""
    return Assignment.objects.for_detail().get(pk=row.pk)


@everywhere
def test_accepting_and_returning_at_once_leaves_one_verdict(cast):
    by = cast.mentor
    for _ in range(8):
        row = make_assignment(pairing=cast.pairing, state="submitted")
        seen = Submission.objects.create(assignment=row, text="稿", created_by=cast.mentee)
        acts = [
            partial(handing.review, again(row), verb, by=reader(by), comment="改", seen=seen)
            for verb in ("accept", "give_back") * 2
        ]
        assert at_once(*acts) == ["Wrong"] * 3
        assert Review.objects.get(assignment=row).verdict == again(row).state


@everywhere
def test_one_form_handed_in_by_four_clicks_is_one_submission_for_all_four(cast):
    for _ in range(8):
        row, key, made = make_assignment(pairing=cast.pairing), uuid.uuid4(), []

        def act(copy, row=row, key=key, made=made):
            done = handing.hand_in(copy, by=reader(cast.mentee), text="稿", key=key)
            made.append(done.pk)

        assert at_once(*[partial(act, again(row)) for _ in range(4)]) == []
        assert made == [Submission.objects.get(assignment=row).pk] * 4


@everywhere
def test_one_visit_sent_by_four_clicks_is_one_visit(cast):
    key = uuid.uuid4()

    def act():
        visit = Visit(pairing=cast.pairing, place_text="村口", visited="firm")
        enter(visit, by=cast.mentee, key=key)

    assert at_once(*[act] * 4) == []
    assert Visit.objects.count() == 1


@everywhere
def test_two_who_confirm_at_once_leave_one_confirmation_and_know_the_same(cast):
    for _ in range(8):
        row = make_session(pairing=cast.pairing, created_by=cast.township, is_on_behalf=True)
        made = []

        def act(user, row=row, made=made):
            copy = Session.objects.for_detail().get(pk=row.pk)
            made.append(confirming.confirm(copy, by=reader(user)).pk)

        acts = [partial(act, user) for user in (cast.mentor, cast.mentee) * 2]
        assert at_once(*acts) == []
        assert made == [Confirmation.objects.get(session=row).pk] * 4


@everywhere
def test_a_comment_taken_back_by_four_clicks_is_taken_back_once(cast):
    for _ in range(8):
        said = make_comment(on=make_session(pairing=cast.pairing), by=cast.mentor)
        acts = [partial(commenting.withdraw, said, by=reader(cast.mentor))] * 4
        assert at_once(*acts) == ["TooLate"] * 3
        assert Comment.objects.get(pk=said.pk).text == ""


@everywhere
def test_of_two_who_settle_a_matter_at_once_one_is_told_and_the_others_word_stands(cast):
    for _ in range(8):
        matter, words = make_matter(in_=make_visit(pairing=cast.pairing)), {}

        def act(user, note, row=matter, words=words):
            copy = OpenMatter.objects.get(pk=row.pk)
            copy.close(by=reader(user), on=row.raised_on, note=note, pairing=cast.pairing)
            words[user.pk] = note

        acts = [partial(act, user, f"{user.name}办的") for user in (cast.mentor, cast.mentee)]
        assert at_once(*acts) == ["AlreadyClosed"]
        settled = OpenMatter.objects.get(pk=matter.pk)
        assert words == {settled.closed_by_id: settled.closed_note}


@everywhere
def test_one_form_that_settles_a_matter_by_four_clicks_settles_it_for_all_four(cast):
    matter, key = make_matter(in_=make_visit(pairing=cast.pairing)), uuid.uuid4()

    def act():
        copy = OpenMatter.objects.get(pk=matter.pk)
        by = reader(cast.mentor)
        matters.close_by_hand(copy, cast.pairing, by=by, note="已换灯", key=key)

    assert at_once(*[act] * 4) == []
    assert OpenMatter.objects.get(pk=matter.pk).closed_note == "已换灯"
