"""The steps of a programme: which are open, what the days say, races, the sweep."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.models import User
from programmes import running
from programmes.models import NotNow, Programme, StaleMove
from programmes.states import State
from programmes.tasks import sweep
from tests.programmes.made import DAY, TODAY, make_collecting, make_programme

WINDOW = {"wishes_from_on": TODAY, "wishes_to_on": TODAY + DAY}


def test_wishes_are_collected_where_a_window_is_and_nowhere_else(cast, tree):
    plain = make_programme(unit=tree.anji, title="一")
    mutual = make_programme(unit=tree.anji, title="二", **WINDOW)
    assert plain.moves_for(cast.county) == ["draw_up", "withdraw"]
    assert mutual.moves_for(cast.county) == ["collect", "withdraw"]
    assert mutual.moves_for(cast.viewer) == mutual.moves_for(cast.other_county) == []


def test_a_move_is_pressed_on_its_page_and_leaves_its_event(cast, tree, signed_in):
    programme = make_programme(unit=tree.anji, **WINDOW)
    client = signed_in(cast.county)
    address = f"/programmes/{programme.pk}/move/collect/"
    assert "查看对方名单并填报意向" in client.get(address).text
    assert client.post(address).status_code == 302
    programme.refresh_from_db()
    assert programme.state == State.COLLECTING
    event = programme.events.get(verb="collect")
    assert (event.actor, event.from_state, event.to_state) == (
        cast.county, State.DRAFT, State.COLLECTING,
    )  # fmt: skip
    again = client.post(address)
    assert again.status_code == 409
    assert "征集意向" in again.text
    assert client.get(f"/programmes/{programme.pk}/move/nonsense/").status_code == 404


def test_a_withdrawal_needs_its_reason(cast, tree, signed_in):
    programme = make_programme(unit=tree.anji)
    client = signed_in(cast.county)
    address = f"/programmes/{programme.pk}/move/withdraw/"
    refused = client.post(address, {"reason": " "})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"reason"})
    assert client.post(address, {"reason": "方案调整"}).status_code == 302
    programme.refresh_from_db()
    assert programme.state == State.WITHDRAWN
    assert programme.events.get(verb="withdraw").reason == "方案调整"


def test_the_list_is_not_drawn_up_while_wishes_may_be_changed(cast, tree, signed_in):
    programme = make_collecting(unit=tree.anji, wishes_to_on=TODAY)
    response = signed_in(cast.county).post(f"/programmes/{programme.pk}/move/draw_up/")
    assert response.status_code == 409
    day = f"{TODAY.year}年{TODAY.month}月{TODAY.day}日"
    assert f"意向可填报至{day}，截止后方可编制名单。" in response.text
    with pytest.raises(NotNow):
        running.move(programme, "draw_up", by=cast.county)
    Programme.objects.update(wishes_from_on=TODAY - DAY, wishes_to_on=TODAY - DAY)
    programme.refresh_from_db()
    running.move(programme, "draw_up", by=cast.county)
    assert programme.state == State.MATCHING


def test_a_window_that_is_over_is_not_announced(cast, tree):
    days = {"wishes_from_on": TODAY - DAY, "wishes_to_on": TODAY - DAY}
    programme = make_programme(unit=tree.anji, **days)
    with pytest.raises(NotNow, match="请先调整填报日期"):
        running.move(programme, "collect", by=cast.county)


def test_the_sweep_closes_windows_that_have_ended_and_no_others(cast, tree):
    over = make_collecting(unit=tree.anji, title="过", wishes_to_on=TODAY - DAY)
    open_ = make_collecting(unit=tree.anji, title="未", wishes_to_on=TODAY)
    draft = make_programme(
        unit=tree.anji, title="稿", wishes_from_on=TODAY - DAY, wishes_to_on=TODAY - DAY
    )
    sweep()
    sweep()
    states = [Programme.objects.get(pk=row.pk).state for row in (over, open_, draft)]
    assert states == [State.MATCHING, State.COLLECTING, State.DRAFT]
    event = over.events.get(verb="draw_up")
    assert (event.actor, event.to_state) == (None, State.MATCHING)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_who_press_at_once_one_moves_it(cast, tree):
    programme = make_programme(unit=tree.anji, **WINDOW)
    gate, results = threading.Barrier(6), []

    def press(verb):
        user = User.objects.get(pk=cast.county.pk)
        row = Programme.objects.select_related("unit").get(pk=programme.pk)
        user.live_grants  # noqa: B018  read before the gate, so that all act on one state
        gate.wait()
        try:
            results.append(running.move(row, verb, by=user, reason="同时").verb)
        except StaleMove:
            results.append("")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[v]) for v in ("collect", "withdraw") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    programme.refresh_from_db()
    events = [event.verb for event in programme.events.exclude(verb="create")]
    assert events == [verb for verb in results if verb]
    assert len(events) == 1
    assert programme.state == {"collect": State.COLLECTING, "withdraw": State.WITHDRAWN}[events[0]]
