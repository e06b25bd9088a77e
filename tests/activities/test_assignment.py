import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Assignment, Review, Submission
from tests.activities.making import DAY, make_assignment, photo
from tests.factories import make_grant


@pytest.fixture
def assignment(cast):
    return make_assignment(pairing=cast.pairing, created_by=cast.mentor)


def page(row):
    return reverse("activities:assignment_detail", args=[row.pk])


def hand_in(client, row, **form):
    return client.post(reverse("activities:hand_in", args=[row.pk]), {"text": "写好了", **form})


def review(client, row, verb, **form):
    newest = row.submissions.last()
    form.setdefault("seen", newest.pk if newest else "")
    return client.post(reverse("activities:review", args=[row.pk]), {"verb": verb, **form})


def state(row):
    return Assignment.objects.get(pk=row.pk).state


def test_an_assignment_goes_out_comes_back_is_returned_and_accepted(cast, signed_in):
    mentor, mentee = signed_in(cast.mentor), signed_in(cast.mentee)
    due = timezone.localdate() + DAY
    made = mentor.post(
        reverse("activities:assignment_create", args=[cast.pairing.pk]),
        {"title": "写一份走访报告", "body": "走五户", "due_on": f"{due}"},
    )
    row = Assignment.objects.get()
    assert made.url == page(row)
    assert (row.state, row.due_on, row.is_on_behalf) == ("set", due, False)
    hand_in(mentee, row, text="第一稿", uploads=photo())
    assert state(row) == "submitted"
    review(mentor, row, "give_back", comment="再走两户")
    assert state(row) == "returned"
    hand_in(mentee, row, text="第二稿")
    review(mentor, row, "accept", comment="好")
    assert state(row) == "accepted"
    text = mentee.get(page(row)).text
    told = [text.index(word) for word in ("第一稿", "再走两户", "第二稿")]
    assert told == sorted(told)
    first, second = Submission.objects.order_by("pk")
    assert list(Review.objects.values_list("verdict", "submission")) == [
        ("returned", first.pk),
        ("accepted", second.pk),
    ]
    assert Assignment.objects.get().decided_at is not None


def test_a_due_date_is_today_at_the_earliest(cast, signed_in):
    address = reverse("activities:assignment_create", args=[cast.pairing.pk])
    today = timezone.localdate()
    late = signed_in(cast.mentor).post(address, {"title": "题", "due_on": f"{today - DAY}"})
    assert late.status_code == 422
    assert "截止日期不能早于今天。" in late.text
    assert (
        signed_in(cast.mentor).post(address, {"title": "题", "due_on": f"{today}"}).status_code
        == 302
    )


def test_a_mentee_sets_no_assignment_even_as_coordinator(cast, tree, signed_in):
    make_grant(user=cast.mentee, role="coordinator", unit=tree.shangshu)
    address = reverse("activities:assignment_create", args=[cast.pairing.pk])
    assert signed_in(cast.mentee).get(address).status_code == 403


def test_the_office_sets_and_reviews_on_behalf_and_it_is_said(cast, signed_in):
    office = signed_in(cast.township)
    office.post(
        reverse("activities:assignment_create", args=[cast.pairing.pk]),
        {"title": "题", "due_on": f"{timezone.localdate()}"},
    )
    row = Assignment.objects.get()
    hand_in(signed_in(cast.mentee), row)
    review(office, row, "accept")
    assert (row.is_on_behalf, Review.objects.get().is_on_behalf) == (True, True)
    assert signed_in(cast.mentee).get(page(row)).text.count("代录") == 2


def test_an_empty_handing_in_is_refused_and_a_file_alone_is_enough(cast, signed_in, assignment):
    client = signed_in(cast.mentee)
    refused = hand_in(client, assignment, text="  ")
    assert refused.status_code == 422
    assert "请填写完成情况，或选择文件。" in refused.text
    assert hand_in(client, assignment, text="", uploads=photo()).status_code == 302
    assert Submission.objects.get().files.count() == 1


def test_returning_needs_a_word_and_accepting_does_not(cast, signed_in, assignment):
    hand_in(signed_in(cast.mentee), assignment)
    refused = review(signed_in(cast.mentor), assignment, "give_back", comment=" ")
    assert refused.status_code == 422
    assert "退回时请写明还需要改什么。" in refused.text
    assert review(signed_in(cast.mentor), assignment, "accept").status_code == 302


def test_nobody_acts_in_the_others_place(cast, signed_in, assignment):
    assert hand_in(signed_in(cast.mentor), assignment).status_code == 403
    hand_in(signed_in(cast.mentee), assignment)
    for user in (cast.mentee, cast.viewer):
        assert review(signed_in(user), assignment, "accept").status_code == 403
    assert state(assignment) == "submitted"


def test_handing_in_what_was_accepted_is_told_with_the_text_kept(cast, signed_in, assignment):
    Assignment.objects.update(state="accepted")
    response = hand_in(signed_in(cast.mentee), assignment, text="晚了的一稿")
    assert response.status_code == 409
    assert "本次操作未生效：作业状态已变化。" in response.text
    assert Submission.objects.count() == 0


def test_a_newer_handing_in_is_not_accepted_unread(cast, signed_in, assignment):
    mentee, mentor = signed_in(cast.mentee), signed_in(cast.mentor)
    hand_in(mentee, assignment, text="第一稿")
    read = assignment.submissions.get().pk
    review(signed_in(cast.township), assignment, "give_back", comment="重写")
    hand_in(mentee, assignment, text="第二稿")
    late = review(mentor, assignment, "accept", seen=read, comment="写得好")
    assert late.status_code == 409
    assert "写得好" in late.text
    assert state(assignment) == "submitted"
    assert list(Review.objects.values_list("verdict", flat=True)) == ["returned"]


def test_a_verdict_without_what_was_read_is_refused(cast, signed_in, assignment):
    hand_in(signed_in(cast.mentee), assignment)
    for seen in ("", uuid.uuid4()):
        assert review(signed_in(cast.mentor), assignment, "accept", seen=seen).status_code == 409
    assert state(assignment) == "submitted"


def test_a_form_sent_twice_hands_in_once_and_reviews_once(cast, signed_in, assignment):
    mentee, mentor, key = signed_in(cast.mentee), signed_in(cast.mentor), uuid.uuid4()
    codes = [hand_in(mentee, assignment, client_key=key).status_code for _ in range(2)]
    seen = assignment.submissions.get().pk
    codes += [
        review(mentor, assignment, "accept", client_key=key, seen=seen).status_code
        for _ in range(2)
    ]
    assert codes == [302] * 4
    assert (Submission.objects.count(), Review.objects.count()) == (1, 1)


def test_an_assignment_is_withdrawn_while_nothing_is_handed_in(cast, signed_in, assignment):
    assert (
        review(signed_in(cast.mentor), assignment, "withdraw", comment="另行安排").status_code
        == 302
    )
    assert state(assignment) == "withdrawn"
    assert signed_in(cast.mentee).get(page(assignment)).text.count("另行安排") == 1
    assert hand_in(signed_in(cast.mentee), assignment).status_code == 409


def test_a_suspended_pair_neither_hands_in_nor_reviews(cast, signed_in, assignment):
    cast.pairing.move("suspend", by=cast.county, reason="借调")
    assert hand_in(signed_in(cast.mentee), assignment).status_code == 409
    assert review(signed_in(cast.mentor), assignment, "withdraw").status_code == 409
    assert state(assignment) == "set"


def test_overdue_is_said_plainly(cast, signed_in):
    row = make_assignment(pairing=cast.pairing, due_on=timezone.localdate() - 3 * DAY)
    assert "截止日已过 3 天" in signed_in(cast.mentee).get(page(row)).text
    hand_in(signed_in(cast.mentee), row)
    text = signed_in(cast.mentor).get(page(row)).text
    assert "截止日已过" not in text
    assert text.count("迟交 3 天") == 2


def test_only_the_first_handing_in_is_late(cast, signed_in):
    """What was returned and comes again was asked for after the due date."""
    row = make_assignment(pairing=cast.pairing)
    mentee, mentor = signed_in(cast.mentee), signed_in(cast.mentor)
    hand_in(mentee, row, text="第一稿")
    review(mentor, row, "give_back", comment="重写")
    Assignment.objects.update(due_on=timezone.localdate() - 2 * DAY)
    Submission.objects.update(created_at=timezone.now() - 3 * DAY)
    assert "截止日已过 2 天" in mentee.get(page(row)).text
    hand_in(mentee, row, text="第二稿")
    assert "迟交" not in mentor.get(page(row)).text
    address = f"{reverse('activities:list')}?kind=assignment"
    assert "迟交" not in mentor.get(address).text
    Submission.objects.filter(text="第一稿").update(created_at=timezone.now())
    assert mentor.get(page(row)).text.count("迟交 2 天") == 2
    assert mentor.get(address).text.count("迟交 2 天") == 1


def test_each_version_stands_with_what_was_said_to_it(cast, signed_in, assignment):
    mentee, mentor = signed_in(cast.mentee), signed_in(cast.mentor)
    hand_in(mentee, assignment, text="第一稿")
    review(mentor, assignment, "give_back", comment="再走两户")
    hand_in(mentee, assignment, text="第二稿")
    versions = mentor.get(page(assignment)).context["versions"]
    said = [(one.submission.text, [r.comment for r in one.reviews]) for one in versions]
    assert said == [("第一稿", ["再走两户"]), ("第二稿", [])]


def test_the_way_to_those_set_together_is_shown_to_who_may_go_it(cast, signed_in):
    row = make_assignment(pairing=cast.pairing, set_together=uuid.uuid4())
    way = reverse("activities:together", args=[row.set_together])
    found = [way in signed_in(user).get(page(row)).text for user in (cast.mentor, cast.mentee)]
    assert found == [True, False]
