"""A hand-in is reviewed on the mentor's home page, and the next one opens."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Assignment, Review, Submission
from tests.activities.making import DAY, make_assignment, photo
from tests.factories import make_cadre, make_pairing

HTMX = {"HX-Request": "true"}


def handed_in(pairing, title, *, days_ago=0, text="写好了"):
    row = make_assignment(pairing=pairing, title=title, state="submitted")
    made = Submission.objects.create(assignment=row, text=text, created_by=pairing.mentee.user)
    at = timezone.now() - days_ago * DAY
    Submission.objects.filter(pk=made.pk).update(created_at=at)
    return row


def address(row):
    return reverse("activities:desk_review", args=[row.pk])


def judge(client, row, verb="accept", **form):
    form = {"verb": verb, "seen": row.submissions.last().pk, "client_key": uuid.uuid4(), **form}
    return client.post(address(row), form, headers=HTMX)


def following(response):
    """The title of the work that opens when one is done."""
    newest = response.context.get("newest")
    return newest.assignment.title if newest else None


@pytest.fixture
def two(cast):
    """The newer one is older by its number."""
    newer = handed_in(cast.pairing, "后交的")
    return handed_in(cast.pairing, "先交的", days_ago=2), newer


def test_it_opens_with_what_was_handed_in(cast, signed_in, two):
    text = signed_in(cast.mentor).get(address(two[0]), headers=HTMX).text
    assert [word in text for word in ("先交的", "写好了", "后交的", "<html")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_without_scripts_it_is_the_page_of_the_assignment(cast, signed_in, two):
    found = signed_in(cast.mentor).get(address(two[0]))
    assert found.url == reverse("activities:assignment_detail", args=[two[0].pk])


def test_when_one_is_done_the_longest_waiting_opens(cast, signed_in, two):
    oldest, newer = two
    middle = handed_in(cast.pairing, "中间的", days_ago=1)
    client = signed_in(cast.mentor)
    assert [following(judge(client, row)) for row in (oldest, middle, newer)] == [
        "中间的", "后交的", None,
    ]  # fmt: skip
    assert set(Assignment.objects.values_list("state", flat=True)) == {"accepted"}


def test_returning_needs_a_word_and_what_was_written_stays(cast, signed_in, two):
    client = signed_in(cast.mentor)
    refused = judge(client, two[0], "give_back", comment=" ")
    assert (refused.status_code, "退回时请写明还需要改什么。" in refused.text) == (422, True)
    judge(client, two[0], "give_back", comment="再走两户")
    review = Review.objects.get()
    assert (review.comment, review.verdict, review.is_on_behalf) == ("再走两户", "returned", False)


def test_what_moved_on_meanwhile_is_told_with_the_comment_kept(cast, signed_in, two):
    client, read = signed_in(cast.mentor), two[0].submissions.get().pk
    judge(signed_in(cast.township), two[0], "give_back", comment="重写")
    two[0].refresh_from_db()
    Submission.objects.create(assignment=two[0], text="第二稿", created_by=cast.mentee)
    Assignment.objects.filter(pk=two[0].pk).update(state="submitted")
    late = judge(client, two[0], seen=read, comment="写得好")
    assert late.status_code == 409
    assert ["写得好" in late.text, "第二稿" in late.text] == [True, True]
    Assignment.objects.filter(pk=two[0].pk).update(state="accepted")
    late = judge(client, two[0], comment="写得好")
    assert (late.status_code, late.context["form"], "写得好" in late.text) == (409, None, True)
    assert Review.objects.count() == 1


def test_a_form_sent_twice_reviews_once(cast, signed_in, two):
    client, key = signed_in(cast.mentor), uuid.uuid4()
    codes = [judge(client, two[0], client_key=key).status_code for _ in range(2)]
    assert (codes, Review.objects.count()) == ([200, 200], 1)


def test_nobody_reviews_in_the_mentors_place_nor_reads_it(cast, signed_in, two):
    for user, code in ((cast.mentee, 403), (cast.viewer, 403), (cast.stranger, 404)):
        client = signed_in(user)
        assert client.get(address(two[0]), headers=HTMX).status_code == code
        response = judge(client, two[0])
        assert (response.status_code, "写好了" in response.text) == (code, False)
    assert signed_in(cast.mentor).post(address(two[0]), {"verb": "withdraw"}).status_code == 404


def test_the_next_one_is_of_the_mentors_own_pairs(cast, signed_in, tree, two):
    other = make_pairing(mentor=cast.mentor_row, mentee=make_cadre(unit=tree.dipu, name="丁徒"))
    type(other).objects.filter(pk=other.pk).update(state="suspended")
    handed_in(other, "停着的", days_ago=9)
    assert following(judge(signed_in(cast.mentor), two[0])) == "后交的"
    assert following(judge(signed_in(cast.township), two[1])) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_questions_for_three_files_as_for_one(
    cast, signed_in, django_assert_num_queries, rows
):
    row = make_assignment(pairing=cast.pairing)
    signed_in(cast.mentee).post(
        reverse("activities:hand_in", args=[row.pk]),
        {"text": "见图", "uploads": [photo(f"{number}.jpg") for number in range(rows)]},
    )
    client = signed_in(cast.mentor)
    with django_assert_num_queries(7):
        assert client.get(address(row), headers=HTMX).text.count("<img") == rows
