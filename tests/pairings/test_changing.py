"""换师: one verb ends a pair and registers the one that goes on with it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.models import Role
from cadres.models import Mentee
from pairings.changing import change_mentor
from pairings.coverage import coverage_of
from pairings.models import Pairing, PairingEvent, Policy, StaleMove
from pairings.succession import history_ids
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing

D = dt.date


@pytest.fixture
def successor(tree):
    return make_mentor(cadre=make_cadre(unit=tree.shangshu, name="宋师傅", birth_month="1970-01"))


def filled_in(mentor, /, **changes):
    return {
        "mentor": str(mentor.pk),
        "on": "2026-11-20",
        "to_on": "2027-02-28",
        "reason": "工作调动",
        "document": "上墅党〔2026〕9号",
        "client_key": str(uuid.uuid4()),
    } | changes


def address(cast):
    return f"/pairings/{cast.pairing.pk}/change/"


def test_the_old_pair_ends_and_the_new_one_goes_on_from_that_day(cast, successor, signed_in):
    response = signed_in(cast.township).post(address(cast), filled_in(successor))
    new = Pairing.objects.get(mentor=successor)
    assert response.url == f"/pairings/{new.pk}/"
    cast.pairing.refresh_from_db()
    assert (cast.pairing.state, cast.pairing.ended_on, cast.pairing.end_cause) == (
        "terminated", D(2026, 11, 20), "changed",
    )  # fmt: skip
    assert cast.pairing.why_ended == "换师，工作调动"
    assert (new.succeeds, new.role, new.state, new.from_on, new.to_on, new.mentee) == (
        cast.pairing, "lead", "proposed", D(2026, 11, 20), D(2027, 2, 28), cast.mentee_row,
    )  # fmt: skip
    ended = cast.pairing.events.latest("at")
    assert (ended.verb, ended.actor, ended.on, ended.document) == (
        "terminate", cast.township, D(2026, 11, 20), "上墅党〔2026〕9号",
    )  # fmt: skip
    registered = new.events.get()
    assert (registered.verb, registered.reason, registered.document) == (
        "register", "工作调动", "上墅党〔2026〕9号",
    )  # fmt: skip
    assert history_ids(new) == [new.pk, cast.pairing.pk]


def test_the_page_offers_what_is_left_of_the_term(cast, signed_in):
    today = timezone.localdate()
    last = today + dt.timedelta(days=100)
    Pairing.objects.update(to_on=last)
    form = signed_in(cast.township).get(address(cast)).context["form"]
    assert (form["on"].value(), form["to_on"].value()) == (today, last)


def test_a_pair_without_a_term_is_followed_by_one_without(cast, successor, signed_in):
    Pairing.objects.update(to_on=None)
    signed_in(cast.township).post(address(cast), filled_in(successor, to_on=""))
    assert Pairing.objects.get(mentor=successor).to_on is None


def test_another_role_stays_that_role_beside_the_lead_mentor(cast, tree, successor, signed_in):
    Policy.objects.create(
        unit=tree.anji, from_on=D(2026, 1, 1), basis="县〔2026〕1号", most_mentors=2
    )
    other = make_mentor(cadre=make_cadre(unit=tree.dipu, name="陈师傅", birth_month="1970-01"))
    life = make_pairing(mentor=other, mentee=cast.mentee_row, role="life")
    sent = filled_in(successor, read="another_mentor")
    signed_in(cast.township).post(f"/pairings/{life.pk}/change/", sent)
    assert Pairing.objects.get(mentor=successor).role == "life"


def test_a_form_sent_twice_changes_once(cast, successor, signed_in):
    client, sent = signed_in(cast.township), filled_in(successor)
    addresses = [client.post(address(cast), sent).url for _ in range(2)]
    assert addresses[0] == addresses[1]
    assert Pairing.objects.filter(mentor=successor).count() == 1
    assert cast.pairing.events.filter(verb="terminate").count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"mentor": ""}, "mentor", "这个字段是必填项。"),
        ({"on": "2026-02-01"}, "on", "这一天结对尚未开始。"),
        ({"on": "2099-01-01"}, "on", "日期不能晚于今天。"),
        ({"to_on": "2026-11-01"}, "to_on", "最后一天早于开始日期。"),
        ({"reason": " "}, "reason", "这个字段是必填项。"),
        ({"document": ""}, "document", "这个字段是必填项。"),
    ],
)
def test_a_bad_form_is_explained_and_nothing_ends(
    cast, successor, signed_in, changes, field, message
):
    response = signed_in(cast.township).post(address(cast), filled_in(successor, **changes))
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [message]}
    cast.pairing.refresh_from_db()
    assert (cast.pairing.state, Pairing.objects.count()) == ("active", 1)


def test_the_present_mentor_is_no_choice(cast, signed_in):
    response = signed_in(cast.township).post(address(cast), filled_in(cast.mentor_row))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["mentor"]


def test_what_speaks_against_the_new_pair_ends_nothing(cast, successor, signed_in):
    type(successor).objects.filter(pk=successor.pk).update(capacity=0)
    client, sent = signed_in(cast.township), filled_in(successor)
    response = client.post(address(cast), sent)
    assert response.status_code == 422
    assert "宋师傅的帮带名额为 0 人，已占用 0 人。" in response.text
    cast.pairing.refresh_from_db()
    assert cast.pairing.state == "active"
    waived = sent | {"waive": "on", "waiver": "村里只有一位老支书"}
    assert client.post(address(cast), waived).status_code == 302
    event = Pairing.objects.get(mentor=successor).events.get()
    assert (event.waived, event.waiver, event.reason) == (
        "宋师傅的帮带名额为 0 人，已占用 0 人。", "村里只有一位老支书", "工作调动",
    )  # fmt: skip


@pytest.mark.parametrize("state", ["proposed", "agreed", "terminated", "completed"])
def test_only_a_running_pair_is_changed(cast, successor, signed_in, state):
    ended = None if state in {"proposed", "agreed"} else D(2026, 11, 1)
    Pairing.objects.update(state=state, ended_on=ended)
    response = signed_in(cast.township).post(address(cast), filled_in(successor))
    assert response.status_code == 409
    assert Pairing.objects.count() == 1


def test_only_the_office_of_the_mentee_changes(cast, tree, successor, signed_in):
    make_grant(user=cast.sibling, role=Role.VIEWER, unit=tree.shangshu)
    statuses = {
        name: signed_in(getattr(cast, name)).post(address(cast), filled_in(successor)).status_code
        for name in ("mentor", "mentee", "viewer", "sibling", "other_county", "stranger")
    }
    assert statuses == {
        "mentor": 403, "mentee": 403, "viewer": 403, "sibling": 403, "other_county": 404,
        "stranger": 403,
    }  # fmt: skip
    assert Pairing.objects.count() == 1


def test_nobody_changes_the_mentor_of_an_own_pair(cast, tree, successor, signed_in):
    make_grant(user=cast.mentor, role=Role.COORDINATOR, unit=tree.shangshu)
    response = signed_in(cast.mentor).post(address(cast), filled_in(successor))
    assert response.status_code == 403


@pytest.mark.parametrize("verb", ["decline", "withdraw"])
def test_a_change_that_comes_to_nothing_leaves_the_mentee_visibly_alone(
    cast, successor, signed_in, verb
):
    office = signed_in(cast.township)
    office.post(address(cast), filled_in(successor))
    page = office.get(f"/pairings/{cast.pairing.pk}/").text
    assert "换师后的新结对：待双方确认。" in page
    new = Pairing.objects.get(mentor=successor)
    by = cast.mentee if verb == "decline" else cast.township
    new.move(verb, by=by, reason="本人不同意")
    page = office.get(f"/pairings/{cast.pairing.pk}/").text
    assert f"换师未成（{new.get_state_display()}）：马徒弟目前没有主导师。" in page
    counted = coverage_of(Mentee.objects.all(), timezone.localdate())
    assert (counted.due, counted.paired) == (1, 0)


def test_the_buttons_stand_where_they_work(cast, signed_in):
    page = f"/pairings/{cast.pairing.pk}/"
    assert address(cast) in signed_in(cast.township).get(page).text
    for user in (cast.mentor, cast.mentee, cast.viewer):
        assert address(cast) not in signed_in(user).get(page).text
    Pairing.objects.update(state="completed", ended_on=D(2026, 11, 1))
    assert address(cast) not in signed_in(cast.township).get(page).text


def test_an_approved_pair_that_has_not_begun_gives_its_first_day_to_the_new_one(
    cast, successor, signed_in
):
    begins = timezone.localdate() + dt.timedelta(days=10)
    Pairing.objects.update(from_on=begins, to_on=begins + dt.timedelta(days=300))
    today, last = timezone.localdate().isoformat(), (begins + dt.timedelta(days=300)).isoformat()
    sent = filled_in(successor, on=today, to_on=last)
    assert signed_in(cast.township).post(address(cast), sent).status_code == 302
    assert Pairing.objects.get(mentor=successor).from_on == begins
    assert PairingEvent.objects.get(verb="terminate").on == timezone.localdate()


def test_a_stale_pair_raises(cast, successor):
    from_page = Pairing.objects.for_detail().get()
    Pairing.objects.update(state="completed", ended_on=D(2026, 11, 1))
    with pytest.raises(StaleMove):
        change(from_page, successor, cast.township)
    assert Pairing.objects.count() == 1


def change(pairing, mentor, by):
    return change_mentor(
        pairing, mentor, by=by, on=D(2026, 11, 20), to_on=D(2027, 2, 28), reason="调动",
        document="无",
    )  # fmt: skip
