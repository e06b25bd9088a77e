"""点评: what is said to a record, by whom, and who reads it."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from activities import commenting
from activities.models import Comment
from tests.activities.making import make_assignment, make_comment, make_session, make_visit
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing

MAKERS = {"visit": make_visit, "session": make_session, "assignment": make_assignment}
SECRET = "只说给你们听的话"


def thread(kind, row):
    return reverse("activities:comments", args=[kind, row.pk])


def page(kind, row):
    return reverse(f"activities:{kind}_detail", args=[row.pk])


def say(client, kind, row, text="讲得细", **given):
    return client.post(thread(kind, row), {"text": text, **given})


@pytest.mark.parametrize("kind", MAKERS)
def test_either_side_and_the_office_comment_and_all_three_read_it(cast, signed_in, kind):
    row = MAKERS[kind](pairing=cast.pairing)
    for user, text in ((cast.mentor, "甲说"), (cast.mentee, "乙说"), (cast.county, "丙说")):
        sent = say(signed_in(user), kind, row, text)
        assert (sent.status_code, sent.url) == (302, page(kind, row))
    assert list(Comment.objects.values_list("text", "is_from_office")) == [
        ("甲说", False),
        ("乙说", False),
        ("丙说", True),
    ]
    for user in (cast.mentor, cast.mentee, cast.township, cast.viewer):
        shown = signed_in(user).get(page(kind, row)).text
        told = [shown.index(text) for text in ("甲说", "乙说", "丙说")]
        assert told == sorted(told)
        assert shown.count("组织部门</span>") == 1


def test_who_only_reads_finds_no_form_and_is_refused(cast, signed_in):
    row = make_session(pairing=cast.pairing)
    client = signed_in(cast.viewer)
    assert thread("session", row) not in client.get(page("session", row)).text
    assert say(client, "session", row).status_code == 403
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("kind", MAKERS)
def test_nobody_outside_reads_or_writes(cast, tree, signed_in, kind):
    row = MAKERS[kind](pairing=cast.pairing)
    said = make_comment(on=row, by=cast.mentor, text=SECRET)
    others = make_cadre(unit=tree.yuyue, name="曹邻县", user=cast.stranger)
    make_pairing(mentor=make_mentor(cadre=others), mentee=make_cadre(unit=tree.yuyue, name="王"))
    addresses = [
        thread(kind, row),
        page(kind, row),
        reverse("activities:pair_comments", args=[cast.pairing.pk]),
    ]
    for user in (cast.stranger, cast.sibling, cast.other_county, cast.sysadmin, cast.auditor):
        client = signed_in(user)
        for address in addresses:
            answer = client.get(address)
            assert (answer.status_code, SECRET in answer.text) == (404, False)
        assert say(client, kind, row).status_code == 404
        gone = client.post(reverse("activities:withdraw_comment", args=[said.pk]))
        assert gone.status_code == 404
        listed = client.get(reverse("activities:list"), {"kind": kind}).text
        assert "点评 1 条" not in listed
    assert list(Comment.objects.values_list("text", flat=True)) == [SECRET]


def test_an_ended_pair_is_read_and_no_longer_commented_with_the_text_kept(cast, signed_in):
    row = make_session(pairing=cast.pairing)
    make_comment(on=row, by=cast.mentor, text=SECRET)
    cast.pairing.move("terminate", by=cast.county, reason="调离", document="安组〔2026〕1号")
    client = signed_in(cast.mentee)
    shown = client.get(page("session", row)).text
    assert (SECRET in shown, 'name="text"' in shown) == (True, False)
    late = say(client, "session", row, "迟到的一句")
    assert late.status_code == 409
    assert "结对已结束，点评未保存" in late.text
    assert "迟到的一句" in late.text
    assert Comment.objects.count() == 1
    assert SECRET not in signed_in(cast.stranger).get(page("session", row)).text


def test_a_mentor_who_was_changed_does_not_read_what_the_next_one_says(cast, tree, signed_in):
    """The earlier mentor keeps his own pair, and finds nothing of the one that follows it."""
    cast.pairing.move("terminate", by=cast.county, reason="换师", document="安组〔2026〕1号")
    lin = make_cadre(unit=tree.shangshu, name="林师傅")
    following = make_pairing(
        mentor=make_mentor(cadre=lin), mentee=cast.mentee_row, from_on=timezone.localdate()
    )
    row = make_session(pairing=following)
    make_comment(on=row, by=cast.mentee, text=SECRET)
    before = signed_in(cast.mentor)
    assert before.get(page("session", row)).status_code == 404
    own = before.get(reverse("activities:pair_comments", args=[cast.pairing.pk]))
    assert (own.status_code, SECRET in own.text) == (200, False)


def test_the_office_that_somebody_left_reads_what_is_its_own_and_adds_nothing(
    cast, tree, signed_in
):
    row = make_session(pairing=cast.pairing)
    make_comment(on=row, by=cast.mentor, text="当时说的")
    cast.pairing.unit = tree.dipu
    cast.pairing.save()
    left, new = signed_in(cast.township), signed_in(cast.sibling)
    assert "当时说的" in left.get(page("session", row)).text
    assert say(left, "session", row).status_code == 403
    assert say(new, "session", row, "新单位说的").status_code == 302
    for reader, told in ((left, False), (new, True)):
        assert ("新单位说的" in reader.get(page("session", row)).text) is told


def test_an_empty_or_endless_comment_is_refused_beside_its_field(cast, signed_in):
    row = make_session(pairing=cast.pairing)
    client = signed_in(cast.mentee)
    for text in ("", "   ", "长" * 2001):
        refused = say(client, "session", row, text)
        assert refused.status_code == 422
        assert set(refused.context["comment_form"].errors) == {"text"}
        assert text in refused.text
    part = client.post(thread("session", row), {"text": ""}, headers={"HX-Request": "true"})
    assert (part.status_code, "<html" in part.text) == (422, False)
    assert Comment.objects.count() == 0


def test_htmx_gets_the_thread_and_an_empty_form(cast, signed_in):
    row = make_session(pairing=cast.pairing)
    part = signed_in(cast.mentee).post(
        thread("session", row), {"text": "记下了"}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    assert part.text.strip().startswith("<section")
    assert "点评已保存。" in part.text
    assert part.text.count("记下了") == 1


def test_numbers_are_masked(cast, signed_in):
    row = make_visit(pairing=cast.pairing)
    say(signed_in(cast.mentor), "visit", row, "回访电话13812345678，谢谢")
    assert Comment.objects.get().text == "回访电话138******78，谢谢"


def test_a_form_sent_twice_is_one_comment(cast, signed_in):
    row, key = make_session(pairing=cast.pairing), uuid.uuid4()
    codes = [say(signed_in(cast.mentor), "session", row, client_key=key).status_code for _ in "ab"]
    assert (codes, Comment.objects.count()) == ([302, 302], 1)


def test_an_own_comment_is_taken_back_within_a_day_and_its_text_is_gone(cast, signed_in):
    row = make_session(pairing=cast.pairing)
    said = make_comment(on=row, by=cast.mentor, text=SECRET)
    address = reverse("activities:withdraw_comment", args=[said.pk])
    assert address not in signed_in(cast.mentee).get(page("session", row)).text
    for user in (cast.mentee, cast.county):
        assert signed_in(user).post(address).status_code == 403
    client = signed_in(cast.mentor)
    assert address in client.get(page("session", row)).text
    assert client.post(address).status_code == 302
    said.refresh_from_db()
    assert (said.text, said.withdrawn_at is not None) == ("", True)
    shown = signed_in(cast.mentee).get(page("session", row)).text
    assert (SECRET in shown, "已撤回" in shown) == (False, True)
    of_pair = (
        signed_in(cast.county).get(reverse("activities:pair_comments", args=[cast.pairing.pk])).text
    )
    assert (SECRET in of_pair, "已撤回" in of_pair) == (False, False)


def test_after_a_day_or_a_second_time_it_is_refused_with_a_sentence(cast, signed_in):
    row = make_session(pairing=cast.pairing)
    old = make_comment(on=row, by=cast.mentor, text="一天前")
    day_ago = timezone.now() - dt.timedelta(hours=24)
    Comment.objects.filter(pk=old.pk).update(created_at=day_ago)
    client = signed_in(cast.mentor)
    address = reverse("activities:withdraw_comment", args=[old.pk])
    assert address not in client.get(page("session", row)).text
    refused = client.post(address)
    assert refused.status_code == 409
    assert "点评只能在发出后24小时内撤回一次" in refused.text
    assert Comment.objects.get().text == "一天前"
    nearly = day_ago + dt.timedelta(minutes=5)
    Comment.objects.filter(pk=old.pk).update(created_at=nearly)
    assert [client.post(address).status_code for _ in "ab"] == [302, 409]


def test_a_coordinator_of_the_own_pair_speaks_as_that_side(cast, tree, signed_in):
    make_grant(user=cast.mentor, role="coordinator", unit=tree.shangshu)
    say(signed_in(cast.mentor), "session", make_session(pairing=cast.pairing))
    assert Comment.objects.get().is_from_office is False


def test_the_database_keeps_a_comment_on_one_record_and_empty_once_withdrawn(cast):
    session, visit = make_session(pairing=cast.pairing), make_visit(pairing=cast.pairing)
    for wrong in (
        {"session": session, "visit": visit, "text": "两处"},
        {"session": session, "text": ""},
        {"session": session, "text": "还在", "withdrawn_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.create(created_by=cast.mentor, **wrong)
    with pytest.raises(ValueError, match="record"):
        Comment.objects.create(created_by=cast.mentor, text="无处")


def test_a_long_thread_is_paged_with_nothing_lost(cast, signed_in):
    row = make_session(pairing=cast.pairing)
    for number in range(commenting.SHOWN + 2):
        make_comment(on=row, by=cast.mentor, text=f"第{number}句")
    client = signed_in(cast.mentee)
    latest = client.get(page("session", row))
    first = client.get(thread("session", row), {"after": latest.context["talk"].earlier})
    said = [item.comment.text for item in first.context["talk"].said]
    said += [item.comment.text for item in latest.context["talk"].said]
    assert said == [f"第{number}句" for number in range(commenting.SHOWN + 2)]


def test_lists_and_the_page_of_the_pair_count_what_stands(cast, signed_in):
    row = make_session(pairing=cast.pairing)
    for _ in range(2):
        make_comment(on=row, by=cast.mentor)
    commenting.withdraw(Comment.objects.first(), by=cast.mentor)
    client = signed_in(cast.mentee)
    for address in (
        reverse("activities:list") + "?kind=session",
        reverse("activities:panel", args=[cast.pairing.pk]),
    ):
        assert "点评 1 条" in client.get(address).text


@pytest.mark.parametrize(("kind", "queries"), [("visit", 11), ("session", 10), ("assignment", 9)])
def test_a_record_asks_as_many_questions_for_three_comments_as_for_one(
    cast, signed_in, django_assert_num_queries, kind, queries
):
    row = MAKERS[kind](pairing=cast.pairing)
    client = signed_in(cast.mentor)
    for count in (1, 2):
        for _ in range(count):
            make_comment(on=row, by=cast.mentee)
        with django_assert_num_queries(queries):
            assert client.get(page(kind, row)).status_code == 200


def test_the_comments_of_a_pair_ask_as_many_questions_for_three_as_for_one(
    cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.mentor)
    for count in (1, 2):
        for _ in range(count):
            for maker in MAKERS.values():
                make_comment(on=maker(pairing=cast.pairing), by=cast.mentee)
        with django_assert_num_queries(7):
            client.get(reverse("activities:pair_comments", args=[cast.pairing.pk]))
