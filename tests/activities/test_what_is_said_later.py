"""A unit moves to another county: what was said before stays readable there, what follows not."""

import datetime as dt
import importlib

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from activities.models import AssignmentState, Comment, Confirmation
from handbooks.recording import entries
from tests.activities.making import make_assignment, make_comment, make_session, make_visit
from units.tree import move

D = dt.date
DAY = D(2026, 6, 1)
MAY = dt.datetime(2026, 5, 20, 2, tzinfo=dt.UTC)
step = importlib.import_module("activities.migrations.0009_words_stand_where_they_were_said")


def made(kind, pairing):
    """A record of May, finished by then, so that it stays with the county of that time."""
    if kind == "assignment":
        row = make_assignment(pairing=pairing, state=AssignmentState.ACCEPTED)
        type(row).objects.filter(pk=row.pk).update(created_at=MAY)
        return row
    if kind == "visit":
        return make_visit(pairing=pairing, happened_on=D(2026, 5, 18), is_with_mentor=True)
    return make_session(pairing=pairing, happened_on=D(2026, 5, 18))


def in_may(words):
    moment = "confirmed_at" if words.model is Confirmation else "created_at"
    words.update(**{moment: MAY})


def gone(cast, tree):
    """上墅乡 moves from 安吉 to 德清, and its people go on writing there."""
    move(tree.shangshu, tree.deqing, on=DAY, by=cast.county)
    cast.pairing.refresh_from_db()


@pytest.mark.parametrize("kind", ["visit", "session", "assignment"])
def test_the_county_of_before_reads_what_was_said_by_then_and_nothing_later(
    cast, tree, signed_in, kind
):
    row = made(kind, cast.pairing)
    make_comment(on=row, by=cast.mentor, text="五月说的")
    in_may(Comment.objects.all())
    gone(cast, tree)
    row.refresh_from_db()
    new = signed_in(cast.other_county)
    thread = reverse("activities:comments", args=[kind, row.pk])
    page = reverse(f"activities:{kind}_detail", args=[row.pk])
    assert new.post(thread, {"text": "迁入后说的"}).status_code == 302
    make_comment(on=row, by=cast.mentee, text="徒弟后来说的")
    for user, told in (
        (cast.county, (True, False, False)),
        (cast.other_county, (True, True, True)),
        (cast.mentor, (True, True, True)),
        (cast.mentee, (True, True, True)),
    ):
        for address in (thread, page):
            text = signed_in(user).get(address).text
            assert tuple(
                each in text for each in ("五月说的", "迁入后说的", "徒弟后来说的")
            ) == told  # fmt: skip
    listed = signed_in(cast.county).get(reverse("activities:list"), {"kind": kind}).text
    assert ("点评 1 条" in listed, "点评 3 条" in listed) == (True, False)
    taken_back = Comment.objects.get(text="徒弟后来说的")
    asked = reverse("activities:withdraw_comment", args=[taken_back.pk])
    assert signed_in(cast.county).post(asked).status_code == 404


@pytest.mark.parametrize("kind", ["visit", "session"])
@pytest.mark.parametrize("before", [True, False])
def test_so_it_is_with_the_word_that_a_record_is_true(cast, tree, signed_in, kind, before):
    row = made(kind, cast.pairing)
    type(row).objects.filter(pk=row.pk).update(created_by=cast.mentee)
    if before:
        Confirmation.objects.create(**{kind: row}, confirmed_by=cast.mentor)
        in_may(Confirmation.objects.all())
    gone(cast, tree)
    row.refresh_from_db()
    if not before:
        Confirmation.objects.create(**{kind: row}, confirmed_by=cast.mentor)
    page = reverse(f"activities:{kind}_detail", args=[row.pk])
    listed = reverse("activities:list") + f"?kind={kind}"
    for user, is_told in ((cast.county, before), (cast.other_county, True), (cast.mentee, True)):
        client = signed_in(user)
        assert ('<span class="state state-live">已确认属实' in client.get(page).text) is is_told
    assert ("已确认属实" in signed_in(cast.county).get(listed).text) is before


def test_the_handbook_of_the_county_of_before_has_no_later_word(cast, tree):
    row = made("session", cast.pairing)
    make_comment(on=row, by=cast.mentor, text="五月说的")
    in_may(Comment.objects.all())
    gone(cast, tree)
    row.refresh_from_db()
    make_comment(on=row, by=cast.mentee, text="后来说的")
    Confirmation.objects.create(session=row, confirmed_by=cast.mentor)

    def lines(user):
        user = User.objects.get(pk=user.pk)
        [entry] = entries([cast.pairing], user, with_photos=False)
        return [line.partition("：")[0] for line in entry.lines if not line.startswith("内容")]

    assert lines(cast.county) == [f"点评（{cast.mentor}）"]
    said = [f"点评（{cast.mentor}）", f"点评（{cast.mentee}）"]
    assert lines(cast.other_county) == ["确认属实", *said]


def test_what_stood_before_words_had_a_place_gets_the_right_one(cast, tree):
    row = made("visit", cast.pairing)
    make_comment(on=row, by=cast.mentor, text="五月说的")
    in_may(Comment.objects.all())
    gone(cast, tree)
    row.refresh_from_db()
    make_comment(on=row, by=cast.mentee, text="后来说的")
    Confirmation.objects.create(visit=row, confirmed_by=cast.mentor)

    def places():
        said = [*Comment.objects.order_by("pk"), Confirmation.objects.get()]
        return [(word.unit_id, word.county_id, word.past_path) for word in said]

    right = places()
    assert [county for _unit, county, _path in right] == [
        tree.anji.pk, tree.deqing.pk, tree.deqing.pk,
    ]  # fmt: skip
    for model in (Comment, Confirmation):
        model.objects.update(unit=tree.dipu, past_path="")
    assert places() != right
    with connection.cursor() as cursor:
        for table in step.TABLES:
            cursor.execute(step.fill(table).sql)
    assert places() == right
    assert timezone.localdate() > DAY
