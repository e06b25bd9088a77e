import uuid

import pytest
from django.urls import reverse

from activities.models import Method, Session
from tests.activities.making import photo


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
