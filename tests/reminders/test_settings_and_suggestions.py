from __future__ import annotations

import uuid

import pytest

from reminders.models import MailChoice, Suggestion


def test_a_person_switches_the_mail_off_and_on_again(cast, signed_in):
    client = signed_in(cast.mentee)
    assert client.get("/reminders/settings/").status_code == 200
    assert client.post("/reminders/settings/", {}).status_code == 302
    assert MailChoice.objects.get(user=cast.mentee).wants_digest is False
    client.post("/reminders/settings/", {"wants_digest": "on", "address": "a@example.org"})
    choice = MailChoice.objects.get(user=cast.mentee)
    assert (choice.wants_digest, choice.address) == (True, "a@example.org")


def test_a_wrong_address_is_refused(cast, signed_in):
    response = signed_in(cast.mentee).post("/reminders/settings/", {"address": "nonsense"})
    assert (response.status_code, MailChoice.objects.count()) == (422, 0)


def send(client, text="少填一张表", key=None):
    return client.post("/suggestions/", {"text": text, "client_key": key or uuid.uuid4()})


def test_a_suggestion_is_read_by_the_offices_above_and_by_nobody_beside(cast, signed_in):
    assert send(signed_in(cast.mentee)).status_code == 302
    readers = {
        name
        for name in (
            "county", "township", "mentee", "mentor", "other_county", "sibling", "viewer",
            "stranger", "sysadmin", "secadmin", "auditor",
        )
        if "少填一张表" in signed_in(getattr(cast, name)).get("/suggestions/").text
    }  # fmt: skip
    assert readers == {"county", "township", "mentee"}


def test_a_form_sent_twice_is_one_suggestion(cast, signed_in):
    key = uuid.uuid4()
    for _ in range(2):
        assert send(signed_in(cast.mentee), key=key).status_code == 302
    assert Suggestion.objects.count() == 1


def test_an_empty_suggestion_is_refused(cast, signed_in):
    assert send(signed_in(cast.mentee), text=" ").status_code == 422
    assert Suggestion.objects.count() == 0


def test_somebody_without_a_unit_is_told_why(cast, signed_in):
    client = signed_in(cast.stranger)
    assert "还没有关联到单位" in client.get("/suggestions/").text
    assert send(client).status_code == 409
    assert Suggestion.objects.count() == 0


def test_numbers_of_people_are_masked(cast, signed_in):
    send(signed_in(cast.mentee), text="请打13812345678")
    assert "13812345678" not in Suggestion.objects.get().text


@pytest.mark.parametrize("rows", [1, 3])
def test_suggestions_are_read_with_a_fixed_number_of_queries(
    cast, signed_in, django_assert_num_queries, rows
):
    for number in range(rows):
        send(signed_in(cast.mentee), text=f"第{number}条")
    client = signed_in(cast.county)
    with django_assert_num_queries(6):
        assert client.get("/suggestions/").text.count("上墅乡") == rows
