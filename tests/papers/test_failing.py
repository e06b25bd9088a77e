"""A stack that fails keeps no other waiting, is tried again, and is given up in words."""

from __future__ import annotations

import pytest
from django.urls import reverse

from papers import placing, tasks, working
from papers.models import Stack
from papers.states import StackState
from tests.papers.made import blank, make_stack, printed, states


@pytest.fixture
def broken(cast, monkeypatch):
    """A stack whose file the storage does not give."""
    stack = make_stack(blank(), by=cast.mentee)
    opened = working._opened

    def refused(file):
        if file.stack_id == stack.pk:
            raise PermissionError("the storage says no")
        return opened(file)

    monkeypatch.setattr(working, "_opened", refused)
    return stack


def sweep():
    with pytest.raises(ExceptionGroup) as caught:
        tasks.resume()
    return [str(failure) for failure in caught.value.exceptions]


def test_one_that_fails_keeps_no_other_waiting_and_is_told(broken, cast):
    other = make_stack(*printed(cast.pairing), by=cast.county)
    assert working.left_alone() == [broken.pk, other.pk]
    assert sweep() == ["the storage says no"]
    assert states(other) == ["placed", "placed"]
    assert working.left_alone() == [broken.pk]


def test_after_its_tries_it_is_given_up_and_nobody_sweeps_it_again(broken, cast, signed_in):
    name = broken.files.get().file.name
    storage = broken.files.get().file.storage
    for _time in range(working.MOST_TRIES):
        sweep()
        broken.refresh_from_db()
        assert (broken.state, storage.exists(name)) == (StackState.READING, True)
    sweep()
    broken.refresh_from_db()
    assert (broken.state, broken.ended_at is None) == (StackState.FAILED, False)
    assert working.left_alone() == []
    tasks.resume()
    client = signed_in(cast.mentee)
    assert "请重新提交其余页面" in client.get(reverse("papers:stack", args=[broken.pk])).text
    assert "未能识别" in client.get(reverse("papers:list")).text


def test_what_was_read_before_stays_and_the_files_go(
    cast, monkeypatch, django_capture_on_commit_callbacks
):
    stack = make_stack(printed(cast.pairing)[0], blank(), by=cast.mentee)
    file = stack.files.get().file
    place = placing.place

    def crash(stack, position, picture):
        if position == 2:
            raise MemoryError
        place(stack, position, picture)

    def fails(*_given):
        raise OSError

    monkeypatch.setattr(placing, "place", crash)
    monkeypatch.setattr(placing, "note", fails)  # so that the page cannot be passed over
    for _time in range(working.MOST_TRIES):
        sweep()
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert Stack.objects.get().state == StackState.FAILED
    assert (states(stack), file.storage.exists(file.name)) == (["placed"], False)
