"""What is sealed holds the figures and every row that they counted, and stays."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction

from snapshots import sealing
from snapshots.freezing import digest, freeze, thaw
from snapshots.models import Snapshot, SnapshotRow
from stats import exports, figures
from stats.indicators import counted
from tests.snapshots.made import sealed
from tests.stats.population import populate

DAY = dt.date(2026, 6, 30)


@pytest.mark.parametrize("place", ["city", "anji", "shangshu"])
def test_the_kept_rows_give_every_sealed_figure(tree, place):
    populate(tree, 31)
    snapshot = sealed(getattr(tree, place), DAY)
    table = figures.table(getattr(tree, place), DAY)
    indicators = counted(table.columns).values()
    found: dict[str, Counter] = {line.key: Counter() for line in table.lines}
    for row in snapshot.rows.all():
        for each in indicators:
            if each.base == row.base and each.counts(row.cell):
                found["total"][each.code] += 1
                found[row.place][each.code] += 1
    for line in table.lines:
        filled = {code: n for code, n in line.counts.items() if n}
        assert dict(found[line.key]) == filled
    assert snapshot.row_count == snapshot.rows.count() > 60


def test_what_is_thawed_says_what_was_frozen(tree):
    populate(tree, 32)
    table = figures.table(tree.city, DAY, dt.date(2026, 4, 1), age=30)
    content = freeze(table)
    again = thaw(content)
    assert freeze(again) == content
    assert exports.write_csv(again) == exports.write_csv(table)
    assert exports.write_json(again) == exports.write_json(table)


def test_the_digest_is_that_of_the_words_and_figures_whatever_their_order(tree):
    content = sealed(tree.anji, DAY).content
    turned = dict(reversed(content.items()))
    assert digest(turned) == digest(content)
    assert digest({**content, "age": 36}) != digest(content)


def test_neither_the_figures_nor_the_rows_can_be_changed(tree):
    populate(tree, 33)
    snapshot = sealed(tree.anji, DAY)
    rows = SnapshotRow.objects.filter(snapshot=snapshot)
    for change in (
        lambda: Snapshot.objects.update(digest="0" * 64),
        lambda: Snapshot.objects.update(purpose="另一用途"),
        lambda: rows.update(place="own"),
        rows.delete,
        snapshot.delete,
    ):
        with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
            change()
    assert sealing.is_whole(snapshot)


def test_who_goes_past_the_database_is_found_out(tree):
    populate(tree, 34)
    snapshot = sealed(tree.anji, DAY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE snapshots_snapshotrow DISABLE TRIGGER USER")
        row = snapshot.rows.filter(base="pairs").first()
        SnapshotRow.objects.filter(pk=row.pk).update(cell={**row.cell, "state_now": "completed"})
        cursor.execute("ALTER TABLE snapshots_snapshotrow ENABLE TRIGGER USER")
    assert not sealing.is_whole(Snapshot.objects.get(pk=snapshot.pk))


def test_of_too_many_rows_the_figures_are_sealed_alone(tree, monkeypatch):
    populate(tree, 35)
    monkeypatch.setattr(sealing, "MOST_ROWS", 10)
    snapshot = sealed(tree.city, DAY)
    assert (snapshot.row_count, snapshot.rows.count()) == (None, 0)
    assert thaw(snapshot.content).total.counts == figures.table(tree.city, DAY).total.counts
    assert sealing.is_whole(snapshot)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_form_that_comes_twice_at_once_seals_once(cast, tree):
    key, made, failed = uuid.uuid4(), [], []
    start = threading.Barrier(4)

    def go():
        try:
            start.wait()
            made.append(sealed(tree.anji, DAY, by=cast.county, key=key).pk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert set(made) == {Snapshot.objects.get().pk}
    assert len(made) == 4
