"""Registering a pair with somebody who is not on the register of mentees, or is exempt."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from cadres.models import Mentee, MenteeCategory
from pairings.models import Pairing
from tests.factories import make_cadre, make_mentee

D = dt.date
NEW = "/pairings/new/"


@pytest.fixture
def stray(tree):
    return make_cadre(unit=tree.liujiatang, name="王小村", birth_month="1999-01")


@pytest.fixture
def sent(cast, stray):
    return {
        "mentor": str(cast.mentor_row.pk),
        "mentee": str(stray.pk),
        "from_on": "2026-03-01",
        "term_months": "12",
        "method": "both",
        "client_key": str(uuid.uuid4()),
    }


def test_it_is_said_first_and_one_choice_enters_the_person(cast, stray, sent, signed_in):
    client = signed_in(cast.township)
    first = client.post(NEW, sent)
    assert first.status_code == 422
    assert "王小村未列入帮带对象名册。" in first.text
    assert 'name="category"' in first.text
    assert not Pairing.objects.filter(mentee=stray).exists()
    kind = MenteeCategory.objects.first()
    second = client.post(NEW, sent | {"read": "not_entered", "category": kind.pk})
    assert second.status_code == 302
    entry = Mentee.objects.get(cadre=stray)
    assert (entry.category, entry.from_on, entry.created_by) == (kind, D(2026, 3, 1), cast.township)
    assert [event.verb for event in entry.events.all()] == ["register"]
    assert client.post(NEW, sent | {"category": kind.pk}).url == second.url
    assert Mentee.objects.filter(cadre=stray).count() == 1


def test_without_a_category_the_pair_is_made_and_the_list_tells(cast, stray, sent, signed_in):
    client = signed_in(cast.township)
    assert client.post(NEW, sent | {"read": "not_entered"}).status_code == 302
    assert not Mentee.objects.filter(cadre=stray).exists()
    Pairing.objects.filter(mentee=stray).update(state="active")
    assert client.get("/mentees/coverage/").context["unregistered"] == 1


def test_a_pair_that_begins_later_and_a_former_entry(cast, stray, sent, signed_in):
    make_mentee(cadre=stray, to_on=D(2026, 6, 30))
    kind = MenteeCategory.objects.last()
    data = {"from_on": "2099-01-01", "read": "not_entered", "category": kind.pk}
    assert signed_in(cast.township).post(NEW, sent | data).status_code == 302
    entry = Mentee.objects.get(cadre=stray, to_on=None)
    assert entry.from_on == timezone.localdate()
    data |= {"from_on": "2026-03-01", "client_key": str(uuid.uuid4())}
    Pairing.objects.filter(mentee=stray).update(state="withdrawn", ended_on=D(2026, 9, 1))
    Mentee.objects.filter(pk=entry.pk).delete()
    assert signed_in(cast.township).post(NEW, sent | data).status_code == 302
    assert Mentee.objects.get(cadre=stray, to_on=None).from_on == D(2026, 7, 1)


def test_a_category_does_not_enter_anybody_twice(cast, stray, sent, signed_in):
    make_mentee(cadre=stray)
    kind = MenteeCategory.objects.last()
    assert signed_in(cast.township).post(NEW, sent | {"category": kind.pk}).status_code == 302
    assert Mentee.objects.get(cadre=stray).category == MenteeCategory.objects.first()


def test_an_exemption_is_said(cast, stray, sent, signed_in):
    entry = make_mentee(cadre=stray)
    entry.exempt(from_on=D(2026, 5, 1), to_on=None, reason="借调", by=cast.township)
    response = signed_in(cast.township).post(NEW, sent)
    assert response.status_code == 422
    assert "王小村已登记为免于结对：借调。" in response.text
    assert 'name="category"' not in response.text
    assert signed_in(cast.township).post(NEW, sent | {"read": "exempt"}).status_code == 302
