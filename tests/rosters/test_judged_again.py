"""What the office confirmed is what is done: the register is looked at again while saving."""

from __future__ import annotations

from cadres.models import Cadre
from rosters import batches, working
from tests.factories import make_cadre
from tests.mentors.rosters import checked, row


def confirmed(batch, user):
    batches.confirm(batch, user)
    working.run(batch.pk)
    batch.refresh_from_db()
    return batch


def test_a_row_that_would_do_something_else_by_now_stops_all_of_them(cast, tree):
    cadre = make_cadre(unit=tree.shangshu, name="王小明", birth_month="1985-07", phone="0571")
    batch = checked(cast.county, row(手机号="13800000000"), row(姓名="李小红"))
    Cadre.objects.filter(pk=cadre.pk).update(phone="13900000000")
    batch = confirmed(batch, cast.county)
    assert (batch.state, batch.counts) == ("checked", {"changed": 1, "new": 1})
    assert batch.failure.startswith("核对之后库中内容有变化，有 1 行")
    [change] = batch.rows.get(number=2).changes
    assert (change["old"], change["new"]) == ("139****0000", "138****0000")
    assert not Cadre.objects.filter(name="李小红").exists()
    assert confirmed(batch, cast.county).state == "done"
    cadre.refresh_from_db()
    assert cadre.phone == "13800000000"


def test_somebody_entered_by_hand_meanwhile_is_not_made_twice(cast, tree):
    batch = checked(cast.county, row())
    make_cadre(unit=tree.shangshu, name="王小明", birth_month="1985-07")
    batch = confirmed(batch, cast.county)
    assert (batch.state, batch.rows.get().outcome, batch.counts) == ("done", "same", {"same": 1})
    assert Cadre.objects.filter(name="王小明").count() == 1


def test_a_unit_that_left_the_users_charge_stops_it(cast, tree):
    batch = checked(cast.county, row(单位="刘家塘村"))
    cast.county.grants.update(to_on="2026-01-01")
    batch = confirmed(batch, cast.county)
    assert (batch.state, batch.counts) == ("checked", {"wrong": 1})
    assert not Cadre.objects.filter(name="王小明").exists()


def test_two_workers_at_once_save_it_once(cast):
    batch = checked(cast.county, row())
    batches.confirm(batch, cast.county)
    assert working.run(batch.pk) is True
    assert working.run(batch.pk) is False
    assert Cadre.objects.filter(name="王小明").count() == 1
