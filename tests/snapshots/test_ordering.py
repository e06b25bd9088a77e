"""Regular reports: sealed once a period by the system, for those who switched them on."""

from __future__ import annotations

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection

from snapshots import ordering
from snapshots.models import ReportDelivery, ReportOrder, ReportOrderEvent, Snapshot
from snapshots.ordering import period_before, sweep, switch
from units.models import Unit

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday


@pytest.mark.parametrize(
    ("rhythm", "day", "first", "last", "due"),
    [
        ("monthly", dt.date(2026, 11, 23), (2026, 10, 1), (2026, 10, 31), (2026, 11, 2)),
        ("monthly", dt.date(2026, 1, 1), (2025, 12, 1), (2025, 12, 31), (2026, 1, 4)),
        ("quarterly", dt.date(2026, 3, 31), (2025, 10, 1), (2025, 12, 31), (2026, 1, 4)),
        ("quarterly", dt.date(2026, 12, 31), (2026, 7, 1), (2026, 9, 30), (2026, 10, 8)),
    ],
)
def test_a_period_is_due_on_the_first_working_day_after_it(rhythm, day, first, last, due):
    period = period_before(rhythm, day)
    assert (period.first, period.last) == (dt.date(*first), dt.date(*last))
    assert (period.due.date(), period.due.hour) == (dt.date(*due), 9)


def test_a_month_is_sealed_once_by_the_system(cast, tree):
    switch(tree.anji, "monthly", on=True, by=cast.county)
    assert [sweep(NOW - dt.timedelta(minutes=1)), sweep(NOW), sweep(NOW)] == [0, 1, 0]
    snapshot = Snapshot.objects.get()
    assert (snapshot.unit, snapshot.created_by) == (tree.anji, None)
    assert (snapshot.period_from, snapshot.as_of) == (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert snapshot.purpose == "2026年10月统计月报"


def test_a_quarter_has_its_title(cast, tree):
    switch(tree.anji, "quarterly", on=True, by=cast.county)
    sweep(NOW)
    assert Snapshot.objects.get().purpose == "2026年第3季度统计报表"


def test_nothing_comes_unless_switched_on_nor_for_a_closed_unit(cast, tree):
    assert sweep(NOW) == 0
    switch(tree.anji, "monthly", on=True, by=cast.county)
    switch(tree.anji, "monthly", on=False, by=cast.county)
    switch(tree.shangshu, "monthly", on=True, by=cast.county)
    Unit.objects.filter(pk=tree.shangshu.pk).update(closed_on=dt.date(2026, 10, 20))
    assert sweep(NOW) == 0
    assert Snapshot.objects.count() == 0


def test_who_switches_what_is_switched_leaves_no_second_event(cast, tree):
    turned = [switch(tree.anji, "monthly", on=on, by=cast.county) for on in (True, True, False)]
    assert turned == [True, False, True]
    assert list(ReportOrderEvent.objects.order_by("pk").values_list("is_on", "by")) == [
        (True, cast.county.pk),
        (False, cast.county.pk),
    ]


def test_a_crash_leaves_neither_figures_nor_delivery(cast, tree, monkeypatch):
    switch(tree.anji, "monthly", on=True, by=cast.county)

    def crash(**fields):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(ReportDelivery.objects, "create", crash)
        with pytest.raises(ExceptionGroup):
            sweep(NOW)
    assert (Snapshot.objects.count(), ReportDelivery.objects.count()) == (0, 0)
    assert sweep(NOW) == 1


def test_one_that_fails_keeps_nobody_else_waiting(cast, tree):
    for unit in (tree.anji, tree.deqing):
        switch(unit, "monthly", on=True, by=cast.county)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE snapshots_snapshot ADD CONSTRAINT fails CHECK (unit_id <> %s)",
            [tree.anji.pk],
        )
    with pytest.raises(ExceptionGroup) as caught:
        sweep(NOW)
    assert [type(failure) for failure in caught.value.exceptions] == [IntegrityError]
    assert [each.unit for each in Snapshot.objects.all()] == [tree.deqing]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_at_once_make_one(cast, tree, monkeypatch):
    switch(tree.anji, "monthly", on=True, by=cast.county)
    both, sealed, made = threading.Barrier(2), ordering._deliver, []

    def together(order, period):
        both.wait(timeout=20)
        return sealed(order, period)

    monkeypatch.setattr(ordering, "_deliver", together)

    def work():
        try:
            made.append(sweep(NOW))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(made) == [0, 1]
    assert (Snapshot.objects.count(), ReportDelivery.objects.count()) == (1, 1)


def test_the_database_keeps_one_delivery_a_period(cast, tree):
    switch(tree.anji, "monthly", on=True, by=cast.county)
    sweep(NOW)
    order = ReportOrder.objects.get()
    other = Snapshot.objects.get()
    with pytest.raises(IntegrityError, match="report_delivered_once"):
        ReportDelivery.objects.create(
            order=order,
            period_from=dt.date(2026, 10, 1),
            snapshot=ordering.seal(tree.anji, other.asked, purpose="另封", by=None),
        )


def test_the_page_switches_for_the_coordinators_of_the_unit_alone(cast, tree, signed_in):
    client = signed_in(cast.county)
    address = f"/snapshots/regular/{tree.anji.pk}/monthly/"
    assert "已停用" in client.get("/snapshots/regular/").content.decode()
    answer = client.post(address, {"on": "1"}, follow=True)
    assert "已启用" in answer.content.decode()
    other = signed_in(cast.other_county)
    assert other.post(address, {"on": "0"}).status_code == 404
    assert signed_in(cast.mentor).post(address, {"on": "0"}).status_code == 403
    assert client.post(f"/snapshots/regular/{tree.anji.pk}/weekly/").status_code == 404
    assert ReportOrder.objects.get().is_on
