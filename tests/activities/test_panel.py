import pytest
from django.urls import reverse

from activities.entering import KINDS
from tests.activities.making import make_assignment, make_session, make_visit


@pytest.fixture
def address(cast):
    return reverse("activities:panel", args=[cast.pairing.pk])


def buttons(response):
    return [str(kind.action) for kind in response.context["buttons"]]


def test_each_has_the_buttons_that_are_open_now(cast, signed_in, address):
    assert buttons(signed_in(cast.mentee).get(address)) == ["记走访", "记帮带"]
    assert buttons(signed_in(cast.mentor).get(address)) == ["记帮带", "布置作业"]
    assert buttons(signed_in(cast.township).get(address)) == ["记走访", "记帮带", "布置作业"]
    assert buttons(signed_in(cast.viewer).get(address)) == []


def test_a_suspended_pair_has_no_button(cast, signed_in, address):
    cast.pairing.move("suspend", by=cast.county, reason="借调")
    response = signed_in(cast.mentee).get(address)
    assert buttons(response) == []
    assert "结对处于“帮带中”时才能录入记录。" in response.text


def test_it_shows_the_latest_with_their_counts_and_what_is_open(cast, signed_in, address):
    for number in range(5):
        make_visit(pairing=cast.pairing, place_text=f"第{number}处")
    make_session(pairing=cast.pairing)
    make_assignment(pairing=cast.pairing, title="已通过的", state="accepted")
    make_assignment(pairing=cast.pairing, title="待交的")
    context = signed_in(cast.mentor).get(address).context
    totals = {group["kind"]: group["total"] for group in context["groups"]}
    assert totals == {"visit": 5, "session": 1, "assignment": 2}
    assert [len(group["rows"]) for group in context["groups"]] == [3, 1, 2]
    assert [row.title for row in context["open_assignments"]] == ["待交的"]


def test_it_asks_as_many_questions_for_three_rows_as_for_one(
    cast, signed_in, address, django_assert_num_queries
):
    client = signed_in(cast.mentor)
    for count in (1, 2):
        for _ in range(count):
            make_visit(pairing=cast.pairing)
            make_session(pairing=cast.pairing)
            make_assignment(pairing=cast.pairing)
        with django_assert_num_queries(17):
            client.get(address)


def test_every_kind_has_an_address_to_enter_and_to_read_it(cast):
    for kind in KINDS.values():
        assert reverse(kind.create, args=[cast.pairing.pk])
        assert reverse(kind.detail, args=[cast.pairing.pk])
