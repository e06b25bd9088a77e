"""A unit moves while others write there, on the real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from cadres.models import Cadre, Posting
from tests.factories import make_cadre
from units import tree as moving
from units.models import NotNow, StillInUse, Unit, UnitEvent
from units.tree import Busy, merge, move

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
D = dt.date
DAY = D(2026, 6, 1)
COLUMNS = ("province_id", "city_id", "county_id", "township_id")


def all_at_once(*jobs):
    """What each job returned or raised; all start at one moment, each on its own connection."""
    results: list = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(index, job):
        gate.wait()
        try:
            results[index] = job()
        except (NotNow, Busy) as raised:
            results[index] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def everything_stands_right() -> None:
    for unit in Unit.objects.select_related("parent"):
        assert not unit.settle(), unit
    for model in (Cadre, Posting):
        for row in model.objects.filter(past_path="").select_related("unit"):
            for column in COLUMNS:
                assert getattr(row, column) == getattr(row.unit, column), row


def fresh(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def test_two_moves_at_once_leave_one_tree(cast, tree):
    results = all_at_once(
        lambda: move(fresh(tree.shangshu), fresh(tree.deqing), on=DAY, by=cast.county),
        lambda: move(fresh(tree.shangshu), fresh(tree.zone), on=DAY, by=cast.county),
        lambda: move(fresh(tree.liujiatang), fresh(tree.yuyue), on=DAY, by=cast.county),
    )
    assert [type(result) for result in results] == [int, int, int]
    assert UnitEvent.objects.count() == 3
    everything_stands_right()
    assert fresh(tree.shangshu).parent in (tree.deqing, tree.zone)
    assert fresh(tree.liujiatang).parent == tree.yuyue


def test_two_who_merge_at_once_merge_once(cast, tree):
    results = all_at_once(
        lambda: merge(fresh(tree.shangshu), fresh(tree.dipu), on=DAY, by=cast.county),
        lambda: merge(fresh(tree.shangshu), fresh(tree.dipu), on=DAY, by=cast.other_county),
    )
    assert sorted(type(result).__name__ for result in results) == ["NotNow", "UnitEvent"]
    assert UnitEvent.objects.filter(verb="merge").count() == 1
    assert Posting.objects.filter(cadre=cast.mentee_row).count() == 2
    everything_stands_right()


def test_who_is_registered_while_the_unit_moves_stands_where_it_stands(cast, tree):
    """The unit is read, the move commits, and the person is written with what was read."""
    read, moved = threading.Event(), threading.Event()

    def register():
        unit = fresh(tree.shangshu)
        assert unit.county_id == tree.anji.pk
        read.set()
        moved.wait(20)
        return make_cadre(unit=unit, name="后来者")

    def relocate():
        read.wait(20)
        move(fresh(tree.shangshu), fresh(tree.deqing), on=DAY, by=cast.county)
        moved.set()

    all_at_once(register, relocate)
    assert Cadre.objects.get(name="后来者").county == tree.deqing
    everything_stands_right()


def test_a_move_waits_for_a_person_who_is_being_written(cast, tree):
    written = threading.Event()

    def register():
        with transaction.atomic():
            make_cadre(unit=fresh(tree.shangshu), name="写入中")
            written.set()
            time.sleep(1.2)  # longer than the move waits at one go

    def relocate():
        written.wait(20)
        return move(fresh(tree.shangshu), fresh(tree.deqing), on=DAY, by=cast.county)

    assert all_at_once(register, relocate) == [None, 2]
    assert Cadre.objects.get(name="写入中").county == tree.deqing
    everything_stands_right()


def test_who_holds_a_row_and_then_writes_there_is_never_the_victim(cast, tree):
    """Without stepping back this is a deadlock, and PostgreSQL may end either of the two."""
    held = threading.Event()

    def post_elsewhere():
        with transaction.atomic():
            Cadre.objects.select_for_update().get(pk=cast.mentee_row.pk)
            held.set()
            time.sleep(0.4)  # the move has the unit by now, and waits for this person
            Posting.objects.create(
                cadre=cast.mentee_row, unit=fresh(tree.shangshu), title="兼职", is_main=False
            )

    def relocate():
        held.wait(20)
        return move(fresh(tree.shangshu), fresh(tree.deqing), on=DAY, by=cast.county)

    assert all_at_once(post_elsewhere, relocate) == [None, 2]
    assert Posting.objects.filter(title="兼职", to_on=None).get().county == tree.deqing
    everything_stands_right()


def test_a_move_gives_up_with_a_word_when_others_write_for_long(cast, tree, monkeypatch):
    monkeypatch.setattr(moving, "TRIES", 1)
    monkeypatch.setattr(moving, "PATIENCE", "100ms")
    written, given_up = threading.Event(), threading.Event()

    def import_roster():
        with transaction.atomic():
            make_cadre(unit=fresh(tree.shangshu), name="导入中")
            written.set()
            given_up.wait(20)

    def relocate():
        written.wait(20)
        try:
            return move(fresh(tree.shangshu), fresh(tree.deqing), on=DAY, by=cast.county)
        finally:
            given_up.set()

    _nothing, result = all_at_once(import_roster, relocate)
    assert isinstance(result, Busy)
    assert fresh(tree.shangshu).parent == tree.anji
    assert not UnitEvent.objects.exists()
    everything_stands_right()


def test_a_unit_is_not_closed_over_a_person_who_is_being_written(cast, tree):
    written = threading.Event()

    def register():
        with transaction.atomic():
            make_cadre(unit=fresh(tree.liujiatang), name="写入中")
            written.set()
            time.sleep(0.4)

    def close():
        written.wait(20)
        return fresh(tree.liujiatang).close(DAY, by=cast.county)

    _nothing, result = all_at_once(register, close)
    assert isinstance(result, StillInUse)
    assert fresh(tree.liujiatang).closed_on is None
