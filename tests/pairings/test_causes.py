"""Why a pair was terminated, as a word that can be counted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairings.models import Pairing, PairingEvent
from pairings.states import Cause

ENDED_ON = dt.date(2026, 6, 1)


def address(cast):
    return reverse("pairings:move", args=[cast.pairing.pk, "terminate"])


def terminate(cast, **given):
    pairing = Pairing.objects.for_detail().get(pk=cast.pairing.pk)
    return pairing.move("terminate", by=cast.county, document="无", on=ENDED_ON, **given)


def test_the_form_asks_for_the_cause_and_words_are_a_remark(cast, signed_in):
    client = signed_in(cast.county)
    sent = {"on": "2026-06-01", "cause": "mentor_retired", "reason": "", "document": "无"}
    assert client.post(address(cast), sent).status_code == 302
    pairing, event = Pairing.objects.get(), PairingEvent.objects.get(verb="terminate")
    assert (pairing.end_cause, pairing.end_reason) == ("mentor_retired", "")
    assert (event.cause, event.reason) == ("mentor_retired", "")
    page = client.get(reverse("pairings:detail", args=[pairing.pk])).text
    # Among the facts, and in the timeline.
    assert page.count("导师退休") == 2


def test_an_unknown_cause_is_refused_beside_the_field(cast, signed_in):
    sent = {"on": "2026-06-01", "cause": "weather", "reason": "雨", "document": "无"}
    response = signed_in(cast.county).post(address(cast), sent)
    assert response.status_code == 422
    assert [*response.context["form"].errors] == ["cause"]
    assert Pairing.objects.get().state == "active"


def test_words_alone_are_enough_for_the_verb_and_count_as_not_stated(cast):
    event = terminate(cast, reason="调离")
    assert (event.cause, event.why, Pairing.objects.get().end_cause) == ("", "调离", "")


@pytest.mark.parametrize("given", [{}, {"cause": "other"}, {"cause": "other", "reason": " "}])
def test_nothing_said_at_all_is_not_enough(cast, given):
    with pytest.raises(ValueError, match="reason"):
        terminate(cast, **given)
    assert Pairing.objects.get().state == "active"


def test_no_other_move_has_a_cause(cast):
    pairing = Pairing.objects.for_detail().get(pk=cast.pairing.pk)
    with pytest.raises(ValueError, match="cause"):
        pairing.move("complete", by=cast.county, cause="work")


def test_the_database_refuses_a_cause_of_what_was_not_terminated(cast):
    terminate(cast, cause="work")
    for change in ({"end_cause": "weather"}, {"state": "completed"}):
        with pytest.raises(IntegrityError, match="cause"), transaction.atomic():
            Pairing.objects.update(**change)
    for change in ({"cause": "weather"}, {"to_state": "completed"}):
        with pytest.raises(IntegrityError, match="cause"), transaction.atomic():
            PairingEvent.objects.filter(verb="terminate").update(**change)
    assert Pairing.objects.get().end_cause == "work"


def test_the_words_are_those_of_the_offices():
    assert [str(cause.label) for cause in Cause] == [
        "导师调离", "导师退休", "不再担任导师", "帮带对象调离", "帮带对象提拔或转任",
        "帮带对象离职", "换师", "双方协商", "工作需要", "其他原因",
    ]  # fmt: skip
