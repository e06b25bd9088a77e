"""The page on which an office takes back a move."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.urls import reverse as url

from pairings.models import PairingEvent
from tests.pairings.test_reversing import columns, fresh, put_in, today
from tests.reminders.made import make_session


def page(cast):
    return url("pairings:reverse", args=[cast.pairing.pk])


def test_it_shows_the_step_and_takes_it_back_with_a_reason(cast, signed_in):
    event = fresh(cast.pairing).move("suspend", by=cast.county, reason="借调")
    client = signed_in(cast.township)
    detail = client.get(url("pairings:detail", args=[cast.pairing.pk]))
    assert page(cast) in detail.text
    shown = client.get(page(cast))
    assert (shown.context["event"], shown.context["form"]["event"].value()) == (event, event.pk)
    empty = client.post(page(cast), {"event": event.pk, "reason": " "})
    assert empty.status_code == 422
    assert columns(cast.pairing)["state"] == "suspended"
    done = client.post(page(cast), {"event": event.pk, "reason": "点错了"})
    assert done.url == url("pairings:detail", args=[cast.pairing.pk])
    assert columns(cast.pairing)["state"] == "active"


def test_it_does_not_take_back_another_step_than_it_showed(cast, signed_in):
    pairing = fresh(cast.pairing)
    shown = pairing.move("suspend", by=cast.county, reason="借调")
    pairing.move("resume", by=cast.township)
    response = signed_in(cast.county).post(page(cast), {"event": shown.pk, "reason": "点错了"})
    assert (response.status_code, columns(pairing)["state"]) == (409, "active")
    assert "上墅组织委员" in response.text


def test_it_says_why_a_step_cannot_be_taken_back(cast, signed_in):
    event = put_in(cast.pairing, "agreed").move("approve", by=cast.county)
    make_session(pairing=cast.pairing, on=today())
    client = signed_in(cast.county)
    sent = {"event": event.pk, "reason": "点错了"}
    for response in (client.get(page(cast)), client.post(page(cast), sent)):
        assert response.status_code == 409
        assert "此后已有：帮带记录。" in response.text
    assert columns(cast.pairing)["state"] == "active"


def test_it_is_a_plain_refusal_where_nothing_was_done(cast, signed_in):
    assert signed_in(cast.county).get(page(cast)).status_code == 409
    detail = signed_in(cast.county).get(url("pairings:detail", args=[cast.pairing.pk]))
    assert page(cast) not in detail.text


def test_it_is_offered_to_the_office_alone_and_while_it_may(cast, signed_in):
    fresh(cast.pairing).move("suspend", by=cast.county, reason="借调")
    offered = {
        who: page(cast)
        in signed_in(getattr(cast, who)).get(url("pairings:detail", args=[cast.pairing.pk])).text
        for who in ("county", "township", "mentor", "mentee", "viewer")
    }
    assert [who for who, is_there in offered.items() if is_there] == ["county", "township"]
    PairingEvent.objects.update(at=F("at") - dt.timedelta(days=8))
    detail = signed_in(cast.county).get(url("pairings:detail", args=[cast.pairing.pk]))
    assert page(cast) not in detail.text
