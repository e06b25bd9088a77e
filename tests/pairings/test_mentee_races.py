"""Two offices at one entry at the same moment: one acts, the other is told."""

from __future__ import annotations

import uuid

import pytest

from cadres.models import Exemption, Mentee, MenteeCategory, MenteeEvent
from tests.factories import make_cadre
from tests.pairings.test_races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def sending(signed_in, users, address, data):
    """Each user sends the same form, with a key of its own."""

    def job(client):
        return client.post(address, data | {"client_key": str(uuid.uuid4())}).status_code

    clients = [signed_in(user) for user in users]
    return [lambda c=client: job(c) for client in clients]


def test_a_person_is_entered_once(cast, tree, signed_in):
    young = make_cadre(unit=tree.shangshu, name="新徒弟")
    data = {"cadres": [str(young.pk)], "category": MenteeCategory.objects.first().pk, "from_on": ""}
    users = [cast.county, cast.township] * 3
    codes = all_at_once(*sending(signed_in, users, "/mentees/new/", data))
    assert sorted(codes) == [302, *[422] * 5]
    assert Mentee.objects.get(cadre=young).events.count() == 1


def test_an_entry_ends_once_and_is_exempted_once(cast, signed_in):
    entry, users = cast.mentee_entry, [cast.county, cast.township] * 3
    away = {"from_on": "2026-05-01", "reason": "借调"}
    address = f"/mentees/{entry.pk}/move/"
    codes = all_at_once(*sending(signed_in, users, f"{address}exempt/", away))
    assert sorted(set(codes)) in ([302, 409], [302, 422], [302, 409, 422])
    assert (codes.count(302), Exemption.objects.count()) == (1, 1)
    gone = {"on": "2026-06-30", "reason": "已出师"}
    codes = all_at_once(*sending(signed_in, users, f"{address}end/", gone))
    assert sorted(codes) == [302, *[409] * 5]
    assert sorted(MenteeEvent.objects.values_list("verb", flat=True)) == ["end", "exempt"]
