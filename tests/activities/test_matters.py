"""未了事项: raised in a visit, carried along, settled once, by those who may."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from activities.matters import carriers
from activities.models import OpenMatter, Visit
from pairings.models import Pairing
from pairings.states import State
from tests.activities.making import DAY, make_matter, make_visit
from tests.factories import make_cadre, make_mentor, make_pairing

EARLIER = dt.date(2026, 3, 5)


@pytest.fixture
def visit(cast):
    return make_visit(pairing=cast.pairing, happened_on=EARLIER)


@pytest.fixture
def matter(visit):
    return make_matter(in_=visit)


def form(**changes):
    day = f"{timezone.localdate()}"
    given = {"place_text": "村口", "visited": "household", "people_count": "1", "happened_on": day}
    return given | changes


def ticked(matter, note=""):
    return {f"settled_{matter.pk}": "on", f"note_{matter.pk}": note}


def close_url(pairing, matter):
    return reverse("activities:matter_close", args=[pairing.pk, matter.pk])


def changed_mentor(cast):
    """The pair ends and the mentee goes on with another mentor."""
    Pairing.objects.filter(pk=cast.pairing.pk).update(
        state=State.TERMINATED, ended_on=dt.date(2026, 9, 1)
    )
    mentor = make_mentor(cadre=make_cadre(unit=cast.mentee_row.unit, name="新师傅"))
    newer = make_pairing(mentor=mentor, mentee=cast.mentee_row, from_on=dt.date(2026, 9, 1))
    Pairing.objects.filter(pk=newer.pk).update(succeeds=cast.pairing)
    return Pairing.objects.get(pk=newer.pk)


def test_a_visit_leaves_matters_open_one_a_line_masked(cast, signed_in):
    address = reverse("activities:visit_create", args=[cast.pairing.pk])
    lines = "路灯不亮\n\n 回电138 1234 5678 \n"
    response = signed_in(cast.mentee).post(address, form(left_open=lines))
    raised = OpenMatter.objects.order_by("pk")
    assert [row.text for row in raised] == ["路灯不亮", "回电138******78"]
    assert {row.raised_in for row in raised} == {Visit.objects.get()}
    assert "路灯不亮" in signed_in(cast.mentor).get(response.url).text


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [("路" * 201, "每行不超过 200 字。"), ("事\n" * 11, "不超过 10 行。")],
)
def test_too_much_is_said_and_kept(cast, signed_in, lines, sentence):
    address = reverse("activities:visit_create", args=[cast.pairing.pk])
    response = signed_in(cast.mentee).post(address, form(left_open=lines))
    assert response.status_code == 422
    assert sentence in response.text
    assert lines.strip() in response.text
    assert Visit.objects.count() == 0


def test_the_next_visit_shows_it_and_a_tick_settles_it(cast, signed_in, matter):
    address = reverse("activities:visit_create", args=[cast.pairing.pk])
    client = signed_in(cast.mentee)
    assert "村口路灯不亮" in client.get(address).text
    client.post(address, form(**ticked(matter, "已换灯，联系13812345678")))
    matter.refresh_from_db()
    newer = Visit.objects.latest("pk")
    assert (matter.closed_in, matter.closed_by) == (newer, cast.mentee)
    assert (matter.closed_on, matter.closed_note) == (newer.happened_on, "已换灯，联系138******78")
    assert "村口路灯不亮" not in client.get(address).text
    assert "村口路灯不亮" in client.get(reverse("activities:visit_detail", args=[newer.pk])).text


def test_a_form_sent_twice_settles_it_once_and_finds_its_visit(cast, signed_in, matter):
    address = reverse("activities:visit_create", args=[cast.pairing.pk])
    sent = form(client_key=uuid.uuid4(), **ticked(matter))
    first, again = (signed_in(cast.mentee).post(address, sent) for _ in range(2))
    assert (first.status_code, again.status_code, again.url) == (302, 302, first.url)
    assert Visit.objects.count() == 2


def test_what_somebody_else_settled_is_said_and_the_visit_is_not_lost(cast, signed_in, matter):
    matter.close(by=cast.mentor, on=timezone.localdate(), note="已办")
    address = reverse("activities:visit_create", args=[cast.pairing.pk])
    response = signed_in(cast.mentee).post(address, form(asked="水渠", **ticked(matter, "换灯")))
    assert response.status_code == 422
    assert "已由他人于" in response.text
    assert "水渠" in response.text
    assert "换灯" in response.text
    assert Visit.objects.count() == 1


def test_a_visit_of_before_does_not_settle_it(cast, signed_in, matter):
    address = reverse("activities:visit_create", args=[cast.pairing.pk])
    sent = form(happened_on=f"{EARLIER - DAY}", **ticked(matter))
    response = signed_in(cast.mentee).post(address, sent)
    assert response.status_code == 422
    assert "该事项于 2026-03-05 留下" in response.text


@pytest.mark.parametrize("who", ["mentee", "mentor", "township", "county"])
def test_either_side_and_the_office_settle_by_hand_with_a_note(cast, signed_in, matter, who):
    user, address = getattr(cast, who), close_url(cast.pairing, matter)
    assert signed_in(user).post(address, {"note": " "}).status_code == 422
    assert signed_in(user).post(address, {"note": "村里已换灯"}).status_code == 302
    matter.refresh_from_db()
    assert (matter.closed_by, matter.closed_note, matter.closed_in) == (user, "村里已换灯", None)


def test_a_leader_reads_and_settles_nothing(cast, signed_in, matter):
    client = signed_in(cast.viewer)
    assert "村口路灯不亮" in client.get(reverse("activities:matters", args=[cast.pairing.pk])).text
    assert client.post(close_url(cast.pairing, matter), {"note": "办"}).status_code == 403
    assert OpenMatter.objects.open().count() == 1


def test_settled_by_another_is_409_with_what_was_written(cast, signed_in, matter):
    address = close_url(cast.pairing, matter)
    key = uuid.uuid4()
    for _ in range(2):
        sent = {"note": "先办的", "client_key": key}
        assert signed_in(cast.mentor).post(address, sent).status_code == 302
    response = signed_in(cast.mentee).post(address, {"note": "后写的"})
    assert response.status_code == 409
    assert "先办的" in response.text
    assert "后写的" in response.text
    assert OpenMatter.objects.get().closed_by == cast.mentor


@pytest.mark.parametrize("state", ["suspended", "terminated"])
def test_a_pair_that_rests_or_ended_shows_them_and_settles_none(cast, signed_in, matter, state):
    ended = dt.date(2026, 11, 1) if state == "terminated" else None
    Pairing.objects.update(state=state, ended_on=ended)
    client = signed_in(cast.mentee)
    page = client.get(reverse("activities:matters", args=[cast.pairing.pk]))
    assert "村口路灯不亮" in page.text
    assert close_url(cast.pairing, matter) not in page.text
    assert client.post(close_url(cast.pairing, matter), {"note": "办"}).status_code == 409
    assert OpenMatter.objects.open().count() == 1


def test_after_a_change_of_mentor_the_new_pair_carries_them(cast, signed_in, matter):
    newer = changed_mentor(cast)
    client = signed_in(cast.mentee)
    assert "村口路灯不亮" in client.get(reverse("activities:visit_create", args=[newer.pk])).text
    assert carriers([newer]) == {newer.pk: newer.pk, cast.pairing.pk: newer.pk}
    page = client.get(reverse("activities:my_matters"))
    assert page.context["found"] == [(matter, newer)]
    assert client.post(close_url(newer, matter), {"note": "办结"}).status_code == 302
    assert not OpenMatter.objects.open().exists()


def test_another_pairs_matter_is_not_found(cast, signed_in, matter, tree):
    other = make_pairing(mentor=cast.mentor_row, mentee=make_cadre(unit=tree.shangshu))
    foreign = make_matter(in_=make_visit(pairing=other), text="别家的事")
    client = signed_in(cast.mentee)
    assert client.post(close_url(cast.pairing, foreign), {"note": "办"}).status_code == 404
    address = reverse("activities:visit_create", args=[cast.pairing.pk])
    assert "别家的事" not in client.get(address).text
    client.post(address, form(**ticked(foreign)))
    assert OpenMatter.objects.get(pk=foreign.pk).is_open


def test_the_list_of_ones_own_pairs_has_the_open_ones(cast, signed_in, matter, tree):
    far = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="远师傅"))
    other = make_pairing(mentor=far, mentee=make_cadre(unit=tree.yuyue, name="远徒弟"))
    make_matter(in_=make_visit(pairing=other), text="邻县的事")
    done = make_matter(in_=matter.raised_in, text="办完的事")
    done.close(by=cast.mentee, on=timezone.localdate(), note="办结")
    address = reverse("activities:my_matters")
    for user in (cast.mentor, cast.mentee):
        page = signed_in(user).get(address)
        assert page.context["found"] == [(matter, cast.pairing)]
        assert close_url(cast.pairing, matter) in page.text
    for user in (cast.county, cast.stranger):
        page = signed_in(user).get(address)
        assert page.context["found"] == []
        assert [name in page.text for name in ("远", "马徒弟", "路灯")] == [False] * 3
    Pairing.objects.update(state=State.SUSPENDED)
    assert signed_in(cast.mentor).get(address).context["found"] == []


def test_the_list_goes_on_by_the_page(cast, signed_in, visit):
    for number in range(51):
        make_matter(in_=visit, text=f"第{number}件")
    client = signed_in(cast.mentor)
    page = client.get(reverse("activities:my_matters"))
    after = page.context["page"].next
    rest = client.get(reverse("activities:my_matters"), {"after": after})
    texts = [row.text for one in (page, rest) for row, _pairing in one.context["found"]]
    assert texts == [f"第{number}件" for number in range(51)]


def test_pages_ask_as_much_for_three_as_for_one(cast, signed_in, visit, django_assert_num_queries):
    client = signed_in(cast.mentor)
    for count in (1, 2):
        for _ in range(count):
            make_matter(in_=visit)
            make_matter(in_=visit).close(by=cast.mentee, on=timezone.localdate(), note="办结")
        with django_assert_num_queries(7):
            client.get(reverse("activities:matters", args=[cast.pairing.pk]))
        with django_assert_num_queries(6):
            client.get(reverse("activities:my_matters"))


@pytest.mark.parametrize(
    "changes",
    [
        {"closed_on": dt.date(2026, 4, 1)},
        {"closed_note": "无人"},
        {"closed_on": dt.date(2026, 4, 1), "closed_at": timezone.now(), "closed_note": "办"},
    ],
)
def test_the_database_wants_who_and_when(cast, matter, changes):
    with pytest.raises(IntegrityError, match="by_somebody"), transaction.atomic():
        OpenMatter.objects.update(**changes)


def test_the_database_wants_no_settling_before_it_was_raised(cast, matter):
    with pytest.raises(IntegrityError, match="before_it_was_raised"), transaction.atomic():
        matter.close(by=cast.mentee, on=EARLIER - DAY, note="办")
    with pytest.raises(IntegrityError, match="by_somebody"), transaction.atomic():
        matter.close(by=cast.mentee, on=EARLIER)
