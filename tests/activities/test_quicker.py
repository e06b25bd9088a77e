"""What changes between a form's look and its writing: the pair's lock tells, nothing is lost.

The test holds the row of the pair, so that the form, looked through and found good, waits there;
what happens meanwhile is written in the same transaction as the lock.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from functools import partial

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from activities.matters import close_by_hand
from activities.models import Assignment, Attachment, OpenMatter, Visit
from pairings.models import Pairing
from tests.activities.making import make_matter, make_visit, photo
from tests.activities.test_two_at_once import at_once, reader
from tests.factories import make_cadre, make_pairing

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def matter(cast):
    raised = make_visit(pairing=cast.pairing, happened_on=dt.date(2026, 3, 5))
    return make_matter(in_=raised)


def answer_after(meanwhile, *, pairing, post):
    """What `post` is answered when it finds its way to the pair, and there meets `meanwhile`."""
    answers: list = []

    def run():
        try:
            answers.append(post())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        Pairing.objects.select_for_update(of=("self",), no_key=True).get(pk=pairing.pk)
        thread.start()
        wait_until_one_stands_before_it(thread)
        meanwhile()
    thread.join()
    return answers[0]


def wait_until_one_stands_before_it(thread):
    end = time.monotonic() + 60
    while not somebody_waits():
        assert thread.is_alive(), "it never asked for the pair's row"
        assert time.monotonic() < end, "it never came to the pair's row"


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() != (0,)


def visit(matter, **more):
    day, asked = f"{timezone.localdate()}", "水渠漏水"
    ticks = {f"settled_{matter.pk}": "on", f"note_{matter.pk}": "换灯了"}
    own = {"place_text": "村口", "visited": "household", "people_count": "1", "asked": asked}
    return {"happened_on": day, "client_key": f"{uuid.uuid4()}", **own, **ticks, **more}


def visits_of_a_day(matter, **more):
    own = {"place_text": "村口", "visited": "household", "people_count": "1", "asked": "水渠漏水"}
    rows = {f"visits-{number}-{name}": own[name] for number in (0, 1) for name in own}
    counts = {"visits-TOTAL_FORMS": "2", "visits-INITIAL_FORMS": "0"}
    return visit(matter) | counts | rows | more


PAGES = [
    ("activities:visit_create", visit, ""),
    ("activities:visit_day", visits_of_a_day, "visits-0-"),
]


@pytest.mark.parametrize(("page", "sent", "first"), PAGES)
def test_a_matter_settled_while_the_visit_is_written_is_said_and_nothing_is_lost(
    cast, signed_in, matter, settings, page, sent, first
):
    client, address = signed_in(cast.mentee), reverse(page, args=[cast.pairing.pk])
    given = sent(matter, **{f"{first}uploads": [photo()]})
    quicker = partial(matter.close, by=cast.mentor, on=timezone.localdate(), note="已办")
    response = answer_after(quicker, pairing=cast.pairing, post=lambda: client.post(address, given))
    assert response.status_code == 422
    assert response.context["form"].errors[f"note_{matter.pk}"] == [
        "该事项刚刚已由他人办结，请取消勾选。"
    ]
    for text in ("水渠漏水", "换灯了", "文件需要重新选择"):
        assert text in response.text
    assert (Visit.objects.count(), Attachment.objects.count()) == (1, 0)
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    assert OpenMatter.objects.get().closed_by == cast.mentor


def test_what_the_refused_form_then_says_without_the_tick_is_one_visit(cast, signed_in, matter):
    """The same form, its key with it: what was rolled back is not taken for sent before."""
    address = reverse("activities:visit_create", args=[cast.pairing.pk])
    client, given = signed_in(cast.mentee), visit(matter)
    quicker = partial(matter.close, by=cast.mentor, on=timezone.localdate(), note="已办")
    answer_after(quicker, pairing=cast.pairing, post=lambda: client.post(address, given))
    given.pop(f"settled_{matter.pk}")
    assert client.post(address, given).status_code == 302
    assert (Visit.objects.count(), OpenMatter.objects.get().closed_note) == (2, "已办")


def test_of_four_who_settle_one_matter_one_wins_and_the_others_are_told(cast, matter):
    for _ in range(6):
        OpenMatter.objects.all().delete()
        one = make_matter(in_=matter.raised_in)
        acts = [
            partial(close_by_hand, one, cast.pairing, by=reader(user), note=user.username, key=key)
            for user, key in zip((cast.mentor, cast.mentee) * 2, [uuid.uuid4() for _ in range(4)],
                                 strict=True)
        ]  # fmt: skip
        assert at_once(*acts) == ["AlreadyClosed"] * 3
        one.refresh_from_db()
        assert one.closed_note == one.closed_by.username


def test_one_form_that_settles_sent_by_four_clicks_settles_it_for_all_four(cast, matter):
    for _ in range(6):
        OpenMatter.objects.all().delete()
        one, key = make_matter(in_=matter.raised_in), uuid.uuid4()
        act = partial(close_by_hand, one, cast.pairing, by=reader(cast.mentor), note="办", key=key)
        assert at_once(*[act] * 4) == []
        assert OpenMatter.objects.get().closing_key == key


def test_two_pages_that_settle_it_at_once_are_one_302_and_one_409(cast, signed_in, matter):
    address = reverse("activities:matter_close", args=[cast.pairing.pk, matter.pk])
    for _ in range(6):
        OpenMatter.objects.update(
            closed_on=None, closed_at=None, closed_by=None, closed_note="", closing_key=None,
            closed_for=None, closed_path="",
        )  # fmt: skip
        clients = [signed_in(user) for user in (cast.mentor, cast.mentee)]
        codes = []

        def act(client, codes=codes):
            codes.append(client.post(address, {"note": "办结"}).status_code)

        assert at_once(*[partial(act, client) for client in clients]) == []
        assert sorted(codes) == [302, 409]


@pytest.mark.parametrize("page", ["visit_create", "visit_day", "matter_close"])
def test_a_pair_that_rests_while_the_form_is_written_answers_409(cast, signed_in, matter, page):
    args = [cast.pairing.pk, *([matter.pk] if page == "matter_close" else [])]
    given = {"visit_create": visit, "visit_day": visits_of_a_day}.get(
        page, lambda _: {"note": "办"}
    )
    rests = partial(Pairing.objects.filter(pk=cast.pairing.pk).update, state="suspended")
    client, address = signed_in(cast.mentee), reverse(f"activities:{page}", args=args)
    post = partial(client.post, address, given(matter))
    assert answer_after(rests, pairing=cast.pairing, post=post).status_code == 409
    assert (Visit.objects.count(), OpenMatter.objects.open().count()) == (1, 1)


def test_a_pair_that_rests_while_it_is_set_for_many_stops_the_whole_set(cast, tree, signed_in):
    mentee = make_cadre(unit=tree.shangshu, name="丙徒")
    other = make_pairing(mentor=cast.mentor_row, mentee=mentee)
    rests = partial(Pairing.objects.filter(pk=other.pk).update, state="suspended")
    given = {"title": "写好的题目", "body": "写报告", "due_on": f"{timezone.localdate()}"}
    given |= {"client_key": f"{uuid.uuid4()}", "pairs": [f"{cast.pairing.pk}", f"{other.pk}"]}
    post = partial(signed_in(cast.mentor).post, reverse("activities:assign"), given)
    response = answer_after(rests, pairing=other, post=post)
    assert (response.status_code, Assignment.objects.count()) == (409, 0)
    assert "写好的题目" in response.text
