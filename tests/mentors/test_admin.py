"""The admin site: the open lists are kept there, everything else is read."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mentors.models import MentorCategory, MentorEvent, MentorPolicy, Strength
from tests.factories import make_user


@pytest.fixture
def client(db, signed_in):
    return signed_in(make_user(username="root", is_superuser=True, is_staff=True))


@pytest.mark.parametrize("model", [MentorCategory, Strength])
def test_a_list_gets_a_row_and_loses_none(client, model):
    name = f"admin:mentors_{model._meta.model_name}"
    data = {"name": "新设一项", "position": 5, "is_active": "on"}
    assert client.post(reverse(f"{name}_add"), data).status_code == 302
    made = model.objects.get(name="新设一项")
    assert model.objects.first() == made
    assert client.post(reverse(f"{name}_delete", args=[made.pk])).status_code == 403


def test_a_state_is_read_and_not_written(client, cast):
    address = reverse("admin:mentors_mentor_change", args=[cast.mentor_row.pk])
    page = client.get(address).text
    assert "在册" in page
    assert 'name="state"' not in page
    assert client.get(reverse("admin:mentors_mentor_changelist")).status_code == 200


@pytest.mark.parametrize("model", [MentorEvent, MentorPolicy])
def test_what_was_done_is_read_only(client, cast, model):
    name = f"admin:mentors_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_add")).status_code == 403
