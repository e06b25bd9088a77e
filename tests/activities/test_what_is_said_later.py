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
from pairings.models import Pairing
from tests.activities.making import (
    make_assignment,
    make_comment,
    make_matter,
    make_session,
    make_visit,
)
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
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


def test_how_an_open_matter_was_settled_is_told_where_it_was_settled(cast, tree, signed_in):
    visit = made("visit", cast.pairing)
    by_hand = make_matter(in_=visit, text="当月办结的事")
    by_hand.close(by=cast.mentor, on=D(2026, 5, 19), note="五月的结果")
    later = make_matter(in_=visit, text="迁走后办结的事")
    gone(cast, tree)
    later.close(by=cast.other_county, on=timezone.localdate(), note="六月的结果")
    page = reverse("activities:visit_detail", args=[visit.pk])
    for user, settled in ((cast.county, 1), (cast.other_county, 2), (cast.mentee, 2)):
        text = " ".join(signed_in(user).get(page).text.split())
        assert ("当月办结的事" in text, "迁走后办结的事" in text) == (True, True)
        assert text.count("办结 </span>") == settled
    book = [
        [line for entry in entries([cast.pairing], User.objects.get(pk=user.pk), with_photos=False)
         for line in entry.lines if "结果" in line or "未了）" in line]
        for user in (cast.county, cast.other_county)
    ]  # fmt: skip
    assert [len(lines) for lines in book] == [1, 2]


def test_a_mentor_of_before_learns_that_a_matter_was_settled_and_not_how(cast, tree, signed_in):
    visit = made("visit", cast.pairing)
    early = make_matter(in_=visit, text="早先办结的事")
    early.close(by=cast.mentor, on=D(2026, 5, 19), note="早先的结果")
    carried = make_matter(in_=visit, text="接着办的事")
    cast.pairing.move("terminate", by=cast.county, reason="换师", document="安组〔2026〕1号")
    lin = make_cadre(unit=tree.shangshu, name="林师傅", user=make_user(name="林师傅"))
    following = make_pairing(
        mentor=make_mentor(cadre=lin), mentee=cast.mentee_row, from_on=timezone.localdate()
    )
    Pairing.objects.filter(pk=following.pk).update(succeeds=cast.pairing)
    following.refresh_from_db()
    client = signed_in(lin.user)
    done = client.post(
        reverse("activities:matter_close", args=[following.pk, carried.pk]), {"note": "后来的结果"}
    )
    assert done.status_code == 302

    def shown(user, pairing):
        text = signed_in(user).get(reverse("activities:matters", args=[pairing.pk])).text
        body = text[text.index("<main") : text.index("</main")]
        words = ("早先的结果", "由褚师傅登记", "后来的结果", "由林师傅登记", "接续的结对已办结")
        return tuple(word in body for word in words)

    assert shown(cast.mentor, cast.pairing) == (True, True, False, False, True)
    assert shown(lin.user, following) == (True, False, True, True, False)
    assert shown(cast.county, following) == (True, True, True, True, False)


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
