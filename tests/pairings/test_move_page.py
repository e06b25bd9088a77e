"""A move by its address: one tap or a small form; refused plainly, with nothing lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from pairings.models import Pairing
from pairings.states import MOVES
from tests.factories import make_grant

D = dt.date


def move(cast, verb):
    return reverse("pairings:move", args=[cast.pairing.pk, verb])


@pytest.mark.parametrize("verb", sorted(verb for verb, row in MOVES.items() if row.by and row.path))
def test_the_form_asks_for_what_the_verb_asks_and_nothing_twice(cast, signed_in, verb):
    start = next(iter(MOVES[verb].path))
    Pairing.objects.update(state=start)
    user = cast.mentor if verb == "decline" else cast.county
    form = signed_in(user).get(move(cast, verb)).context["form"]
    assert {name for name, field in form.fields.items() if field.required} == {*MOVES[verb].asks}
    asked = {*MOVES[verb].asks, *MOVES[verb].offers}
    assert {*form.fields} == {*asked, "reason", "document"}


@pytest.mark.parametrize(
    ("state", "verb", "who", "leads_to"),
    [
        ("proposed", "confirm_mentor", "mentor", "mentor_agreed"),
        ("mentor_agreed", "confirm_mentee", "mentee", "agreed"),
        ("agreed", "approve", "township", "active"),
    ],
)
def test_what_asks_nothing_is_done_by_one_tap(cast, signed_in, state, verb, who, leads_to):
    Pairing.objects.update(state=state)
    response = signed_in(getattr(cast, who)).post(move(cast, verb))
    assert response.url == reverse("pairings:detail", args=[cast.pairing.pk])
    assert Pairing.objects.get().state == leads_to


def test_a_term_is_extended_with_a_reason_and_a_document(cast, signed_in):
    sent = {"to_on": "2027-05-31", "reason": "考核未合格", "document": "安组〔2027〕2号"}
    assert signed_in(cast.county).post(move(cast, "extend"), sent).status_code == 302
    event = cast.pairing.events.get(verb="extend")
    assert (Pairing.objects.get().to_on, event.reason, event.document) == (
        D(2027, 5, 31), "考核未合格", "安组〔2027〕2号",
    )  # fmt: skip


def test_the_second_sending_of_an_extension_extends_no_further(cast, signed_in):
    client = signed_in(cast.county)
    sent = {"to_on": "2027-05-31", "reason": "考核未合格"}
    codes = [client.post(move(cast, "extend"), sent).status_code for _ in range(2)]
    assert codes == [302, 422]
    assert cast.pairing.events.filter(verb="extend").count() == 1


@pytest.mark.parametrize(
    ("verb", "sent", "field", "message"),
    [
        ("terminate", {"on": "昨天", "cause": "work"}, "on", "输入一个有效的日期。"),
        ("terminate", {"on": "2026-11-31", "cause": "work"}, "on", "输入一个有效的日期。"),
        ("terminate", {"on": "2999-01-01", "cause": "work"}, "on", "日期不能晚于今天。"),
        ("terminate", {"on": "2026-02-28", "cause": "work"}, "on", "这一天结对尚未开始。"),
        ("terminate", {"on": "2026-06-01", "reason": "调离"}, "cause", "这个字段是必填项。"),
        (
            "terminate",
            {"on": "2026-06-01", "cause": "other", "reason": " "},
            "reason",
            "请简要注明是什么原因。",
        ),
        ("complete", {"on": ""}, "on", "这个字段是必填项。"),
        (
            "extend",
            {"to_on": "2027-02-28", "reason": "考核"},
            "to_on",
            "延期后的期满日期应晚于现在的期满日期。",
        ),
        ("suspend", {"on": "2026-06-01", "reason": ""}, "reason", "这个字段是必填项。"),
    ],
)
def test_a_bad_input_is_explained_beside_its_field_and_kept(
    cast, signed_in, verb, sent, field, message
):
    sent = {**sent, "document": "安组〔2026〕9号"}
    response = signed_in(cast.county).post(move(cast, verb), sent)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [message]}
    assert 'value="安组〔2026〕9号"' in response.text
    assert (Pairing.objects.get().state, cast.pairing.events.count()) == ("active", 1)


def test_a_move_that_the_state_forbids_says_what_stands_now(cast, signed_in):
    client = signed_in(cast.county)
    for response in (client.get(move(cast, "approve")), client.post(move(cast, "approve"))):
        assert response.status_code == 409
        assert "状态已变化" in response.text
        assert "帮带中" in response.text
    assert cast.pairing.events.count() == 1


def test_whoever_comes_too_late_reads_who_was_quicker_and_when(cast, signed_in):
    Pairing.objects.update(state="agreed")
    event = Pairing.objects.for_detail().get().move("approve", by=cast.county)
    response = signed_in(cast.township).post(move(cast, "approve"))
    moment = timezone.localtime(event.at)
    assert response.status_code == 409
    assert response.context["last"] == event
    text = " ".join(response.text.split())
    assert f"{moment:%Y年}{moment.month}月{moment.day}日 {moment:%H:%M} · 安吉组织部" in text
    assert reverse("pairings:detail", args=[cast.pairing.pk]) in text


@pytest.mark.parametrize(
    ("who", "verb"),
    [
        ("mentee", "confirm_mentor"),
        ("mentee", "approve"),
        ("mentor", "complete"),
        ("viewer", "approve"),
        ("county", "decline"),
    ],
)
def test_a_move_of_another_role_is_forbidden(cast, signed_in, who, verb):
    Pairing.objects.update(state=next(iter(MOVES[verb].path)))
    client = signed_in(getattr(cast, who))
    assert client.get(move(cast, verb)).status_code == 403
    assert client.post(move(cast, verb), {"reason": "试试"}).status_code == 403
    assert cast.pairing.events.count() == 1


def test_a_coordinator_does_not_approve_the_own_pair(cast, tree, signed_in):
    make_grant(user=cast.mentor, role=Role.COORDINATOR, unit=tree.anji)
    Pairing.objects.update(state="agreed")
    assert signed_in(cast.mentor).post(move(cast, "approve")).status_code == 403
    assert Pairing.objects.get().state == "agreed"


def test_a_pair_out_of_scope_and_a_verb_that_is_none_are_not_found(cast, signed_in):
    Pairing.objects.update(state="agreed")
    for user in (cast.other_county, cast.sibling, cast.stranger, cast.sysadmin):
        assert signed_in(user).post(move(cast, "approve")).status_code == 404
    assert signed_in(cast.county).post(move(cast, "delete")).status_code == 404
    assert Pairing.objects.get().state == "agreed"


def test_an_office_that_confirms_for_another_is_told_that_the_file_says_so(cast, signed_in):
    Pairing.objects.update(state="proposed")
    client = signed_in(cast.township)
    page = client.get(move(cast, "confirm_mentor"))
    assert "代导师确认" in page.text
    assert "代录" in page.text
    client.post(move(cast, "confirm_mentor"), {"reason": "上门征得同意"})
    event = cast.pairing.events.get(verb="confirm_mentor")
    assert (event.is_on_behalf, event.reason, event.on) == (
        True, "上门征得同意", timezone.localdate(),
    )  # fmt: skip
