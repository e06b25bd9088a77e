"""What somebody writes for the second record while it is being merged: kept, and in its place."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from cadres import merging, views
from cadres.models import Cadre, Mentee, Merge, Merged, PhoneLook, Posting
from cadres.registering import correct
from mentors.models import Mentor
from pairings.models import Pairing
from tests.factories import make_cadre, make_mentee, make_mentor, make_pairing

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def two(cast, tree) -> tuple[Cadre, Cadre]:
    return make_cadre(unit=tree.dipu, name="单一"), make_cadre(unit=tree.dipu, name="单一")


def merge(kept: Cadre, second: Cadre, by) -> Merge:
    return merging.merge(kept, second, take=frozenset(), reason="重复登记", by=by, key=None)


def meanwhile(write) -> tuple[threading.Thread, list]:
    """`write` in another transaction, begun now and stopped by the merge's lock."""
    said: list = []

    def run() -> None:
        try:
            said.append(write())
        except Exception as error:
            said.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 5
    while not waits():
        assert time.monotonic() < deadline, said
    return thread, said


def waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


WRITES = {
    Mentor: lambda cast, second: make_mentor(cadre=second),
    Mentee: lambda cast, second: make_mentee(cadre=second),
    Posting: lambda cast, second: Posting.objects.create(
        cadre=second, unit=second.unit, title="妇联主席", is_main=False
    ),
    PhoneLook: lambda cast, second: PhoneLook.objects.create(cadre=second, by=cast.county),
    Pairing: lambda cast, second: make_pairing(mentor=cast.pairing.mentor, mentee=second),
}


@pytest.mark.parametrize("model", WRITES)
def test_a_row_written_meanwhile_stands_at_the_kept_record(cast, two, model):
    kept, second = two
    with transaction.atomic():
        merge(kept, second, cast.county)
        thread, said = meanwhile(lambda: WRITES[model](cast, second).pk)
    thread.join()
    column = "mentee" if model is Pairing else "cadre"
    assert model.objects.values_list(column, flat=True).get(pk=said[0]) == kept.pk
    assert not model.objects.filter(**{column: second}).exists()


def test_what_was_written_first_makes_the_merge_wait_and_moves_with_it(cast, two):
    kept, second = two
    with transaction.atomic():
        mentor = make_mentor(cadre=second)
        thread, said = meanwhile(lambda: merge(kept, second, cast.county).pk)
    thread.join()
    mentor.refresh_from_db()
    assert (mentor.cadre_id, Merge.objects.get().pk) == (kept.pk, said[0])
    merging.undo(Merge.objects.get(), by=cast.county)
    mentor.refresh_from_db()
    assert mentor.cadre_id == second.pk


def test_a_row_follows_two_merges_and_is_not_put_back_by_what_was_read_before(cast, tree, two):
    kept, second = two
    stale = make_mentor(cadre=second)
    last = make_cadre(unit=tree.dipu, name="单一")
    merge(kept, second, cast.county)
    merge(last, kept, cast.county)
    stale.save()
    stale.refresh_from_db()
    assert stale.cadre_id == last.pk


@pytest.mark.parametrize(
    "write",
    [
        lambda row, by: correct(row, fields=["name"], by=by),
        lambda row, by: row.move_to(row.unit, title="科员", on=dt.date(2026, 11, 1), by=by),
    ],
)
def test_a_change_of_a_record_that_was_merged_meanwhile_is_refused(cast, two, write):
    kept, second = two
    read = Cadre.objects.get(pk=second.pk)
    with transaction.atomic():
        merge(kept, second, cast.county)
        thread, said = meanwhile(lambda: write_at_once(write, read, cast.county))
    thread.join()
    assert [type(error) for error in said] == [Merged]
    second.refresh_from_db()
    assert (second.merged_into, second.postings.count()) == (kept, 0)


def write_at_once(write, row: Cadre, by) -> None:
    with transaction.atomic():
        write(row, by)


def test_the_page_says_so(cast, tree, two, signed_in, monkeypatch):
    kept, second = two
    client = signed_in(cast.county)
    as_read = views.governed

    def read_then_merged(request, pk):
        row = as_read(request, pk)
        merge(kept, second, cast.county)
        return row

    monkeypatch.setattr(views, "governed", read_then_merged)
    facts = {"name": "单一", "gender": "1", "birth_month": "1995.03", "is_another": "on"}
    page = client.post(f"/cadres/{second.pk}/edit/", facts)
    assert (page.status_code, "已被合并到另一条记录" in page.text) == (409, True)
    second.refresh_from_db()
    assert second.merged_into == kept
