import uuid

import pytest
from django.urls import reverse

from activities.entering import keep
from activities.files import check
from activities.methods import called
from activities.models import LookBack, Method, Session
from tests.activities.making import make_comment, make_session, photo


@pytest.fixture
def address(cast):
    return reverse("activities:session_create", args=[cast.pairing.pk])


def form(**changes):
    return {"method": "case", "topic": "一次信访件怎么办", "happened_on": "2026-06-01", **changes}


def test_mentor_mentee_and_office_enter_a_session_by_one_of_six_methods(cast, signed_in, address):
    for user, on_behalf in ((cast.mentor, False), (cast.mentee, False), (cast.county, True)):
        page = signed_in(user).get(address).text
        assert [label for label in Method.labels if str(label) not in page] == []
        response = signed_in(user).post(address, form(uploads=photo()))
        session = Session.objects.latest("pk")
        assert response.url == reverse("activities:session_detail", args=[session.pk])
        assert (session.method, session.is_on_behalf) == ("case", on_behalf)
        assert "解剖麻雀" in signed_in(cast.mentor).get(response.url).text


def test_a_session_needs_method_and_topic(cast, signed_in, address):
    response = signed_in(cast.mentor).post(address, form(method="", topic=""))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"method", "topic"}


def test_a_leader_reads_and_does_not_enter(cast, signed_in, address):
    assert signed_in(cast.viewer).post(address, form()).status_code == 403


def test_a_session_sent_twice_is_one(cast, signed_in, address):
    key = uuid.uuid4()
    for _ in range(2):
        signed_in(cast.mentor).post(address, form(client_key=key))
    assert Session.objects.count() == 1


def test_a_session_asks_as_many_questions_for_three_of_all_as_for_one(
    cast, signed_in, django_assert_num_queries
):
    """Photos, records looked back on, comments."""
    row = make_session(pairing=cast.pairing, method="review")
    client = signed_in(cast.mentor)
    for count in (1, 2):
        for _ in range(count):
            keep([check(photo())], row, by=cast.mentee)
            make_comment(on=row, by=cast.mentee)
            LookBack.objects.create(session=row, earlier=make_session(pairing=cast.pairing))
        with django_assert_num_queries(11):
            shown = client.get(reverse("activities:session_detail", args=[row.pk]))
    assert len(shown.context["looked_back_on"]) == 3


@pytest.mark.parametrize("word", ["案例分析", "案例", "解剖麻雀", "case"])
def test_a_list_is_searched_by_any_word_for_a_method(cast, signed_in, word):
    case = make_session(pairing=cast.pairing, method="case")
    make_session(pairing=cast.pairing, method="review")
    client = signed_in(cast.mentor)
    for query in ({"q": word}, {"method": word}):
        page = client.get(reverse("activities:list"), {"kind": "session", **query})
        assert [found.pk for found in page.context["page"].rows] == [case.pk]


def test_a_word_for_a_method_opens_no_record_of_others(cast, signed_in):
    make_session(pairing=cast.pairing, method="case")
    page = signed_in(cast.stranger).get(
        reverse("activities:list"), {"kind": "session", "q": "案例分析"}
    )
    assert page.context["page"].rows == []


def test_letters_and_single_characters_stay_names():
    assert [called(text) for text in ("ca", "pr", "案", "", "复盘", "回头看")] == [
        [], [], [], [], [Method.REVIEW], [Method.REVIEW]
    ]  # fmt: skip
