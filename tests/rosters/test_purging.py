"""What is personal in a batch goes when its time is over; counts stay."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from cadres.models import Cadre
from rosters import batches, purging, sealing
from rosters.models import Batch, BatchEvent, BatchFile, BatchRow
from tests.cadres.sheets import id_number
from tests.mentors.rosters import checked, row, run

PERSON = row(姓名="欧阳某某", 身份证号=id_number(), 手机号="13812345678", 性别="男")
NOW = timezone.now()


def kept() -> str:
    """Everything that the room of rosters keeps, as text."""
    with connection.cursor() as cursor:
        found = []
        for model in (Batch, BatchRow, BatchFile, BatchEvent):
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")  # noqa: S608
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found)


def aged(batch: Batch, **days: int) -> None:
    Batch.objects.filter(pk=batch.pk).update(
        **{name: NOW - dt.timedelta(days=number) for name, number in days.items()}
    )


def test_thirty_days_after_the_import_rows_and_files_are_gone_and_counts_stay(cast):
    batch = run(cast.county, PERSON)
    assert "欧阳某某" in kept()
    aged(batch, saved_at=29)
    assert purging.purge(NOW) == 0
    assert (batch.rows.count(), batch.files.count()) == (1, 1)
    aged(batch, saved_at=30)
    assert purging.purge(NOW) == 1
    batch.refresh_from_db()
    assert (batch.rows.count(), batch.files.count(), batch.mapping) == (0, 0, {})
    assert (batch.state, batch.counts) == ("done", {"new": 1})
    assert "欧阳某某" not in kept()
    assert Cadre.objects.filter(name="欧阳某某").exists()
    assert purging.purge(NOW) == 0


def test_what_nobody_confirmed_is_thrown_away_after_a_week(cast):
    batch = checked(cast.county, PERSON)
    aged(batch, created_at=6)
    assert purging.purge(NOW) == 0
    aged(batch, created_at=7)
    assert purging.purge(NOW) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.counts) == ("discarded", {"new": 1})
    assert "欧阳某某" not in kept()
    assert batch.events.last().actor is None


def test_what_is_thrown_away_by_hand_goes_at_once(cast):
    batch = checked(cast.county, PERSON)
    batches.discard(batch, cast.county)
    assert "欧阳某某" not in kept()


def test_no_id_number_stands_in_clear_while_it_is_kept(cast):
    wrong = {**PERSON, "身份证号": "330523198507031239"}
    checked(cast.county, PERSON, {**PERSON, "姓名": "甲", "身份证号": None}, wrong)
    text = kept()
    assert "甲" in text
    for secret in (PERSON["身份证号"], wrong["身份证号"]):
        assert secret not in text


def test_a_file_is_opened_with_its_own_key_alone(settings):
    sealed = sealing.seal(b"330523")
    assert b"330523" not in sealed
    assert sealing.unseal(memoryview(sealed)) == b"330523"
    settings.ROSTER_KEY = "another"
    with pytest.raises(sealing.Unopened):
        sealing.unseal(sealed)
