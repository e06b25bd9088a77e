"""COPY as a stream: in order, ended by whoever goes away, loud when it fails."""

from __future__ import annotations

import gc
import time
import tracemalloc

import psycopg2
import pytest
from django.db import connection

from tables.copying import CHUNK, Chunk, Statement, copied

pytestmark = pytest.mark.django_db
MARK = "the copy of this test"
LONG = Statement("SELECT %s, generate_series(1, 1000000000), repeat('长', 100)", [MARK])
# Stands still after 40,000 rows; its first chunk leaves before that.
SLOW = Statement(
    "SELECT %s, repeat('长', 100), CASE WHEN i > 40000 THEN pg_sleep(60) END"
    " FROM generate_series(1, 50000) i",
    [MARK],
)


def at_work() -> int:
    """How many connections of the server run a COPY of this module."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction keeps its first look
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE %s",
            [f"COPY%{MARK}%"],
        )
        return cursor.fetchone()[0]


def soon(check, seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while not (found := check()) and time.monotonic() < until:
        time.sleep(0.01)
    return found


@pytest.mark.parametrize("rows", [0, 1, 3, 100_000])
def test_all_rows_come_in_their_order(rows):
    select = Statement("SELECT i FROM generate_series(1, %s) AS i ORDER BY i DESC", [rows])
    chunks = list(copied(select, options="FORMAT csv"))
    lines = b"".join(chunk.data for chunk in chunks).splitlines()
    assert [int(line) for line in lines] == list(range(rows, 0, -1))
    assert sum(chunk.rows for chunk in chunks) == rows
    assert all(chunk.data.endswith(b"\n") for chunk in chunks)


@pytest.mark.parametrize("params", [[], ["100%"]])
def test_percent_signs_and_quotes_arrive_as_they_are(params):
    select = Statement("SELECT '50%%'" + ", %s" * len(params), params)
    assert list(copied(select, options="FORMAT csv")) == [
        Chunk(1, ",".join(["50%", *params]).encode() + b"\n")
    ]
    named = Statement("SELECT %s", ["O'Neil; DROP TABLE x; --"])
    assert next(copied(named, options="FORMAT csv")).data == b"O'Neil; DROP TABLE x; --\n"


def test_whoever_goes_away_ends_the_query_and_its_connection():
    chunks = copied(LONG, options="FORMAT csv")
    assert len(next(chunks).data) >= CHUNK
    assert at_work() == 1
    chunks.close()
    assert soon(lambda: at_work() == 0)


def test_a_stream_that_is_let_go_ends_as_one_that_is_closed():
    chunks = copied(LONG, options="FORMAT csv")
    next(chunks)
    assert at_work() == 1
    del chunks
    gc.collect()
    assert soon(lambda: at_work() == 0)


def test_nothing_is_opened_before_the_first_row_is_asked_for():
    chunks = copied(SLOW, options="FORMAT csv")
    assert at_work() == 0
    chunks.close()


def test_a_query_that_fails_is_raised_and_leaves_no_connection():
    late = Statement(
        "SELECT %s, 1 / (100000 - i), repeat('x', 50) FROM generate_series(1, 200000) i", [MARK]
    )
    chunks = copied(late, options="FORMAT csv")
    next(chunks)
    with pytest.raises(psycopg2.errors.DivisionByZero):
        list(chunks)
    assert soon(lambda: at_work() == 0)


def test_a_server_that_shuts_down_is_said_and_not_taken_for_the_end():
    chunks = copied(LONG, options="FORMAT csv")
    next(chunks)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND query LIKE %s",
            [f"COPY%{MARK}%"],
        )
    with pytest.raises(psycopg2.Error):
        list(chunks)
    assert soon(lambda: at_work() == 0)


def test_whoever_leaves_while_the_database_is_busy_waits_for_nothing():
    """A query that writes nothing for a while hears of nobody's leaving: it is cancelled."""
    chunks = copied(SLOW, options="FORMAT csv")
    taken = 0
    while taken < 39_000:
        taken += next(chunks).rows
    began = time.monotonic()
    chunks.close()
    assert time.monotonic() - began < 5
    assert soon(lambda: at_work() == 0)


def test_a_slow_reader_holds_the_database_back_and_memory_stays_constant():
    chunks = copied(LONG, options="FORMAT csv")
    next(chunks)
    tracemalloc.start()
    try:
        for _ in range(200):  # 50 MB
            next(chunks)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        chunks.close()
    assert peak < 16 * CHUNK


def test_only_reading_is_possible():
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        list(
            copied(
                Statement("SELECT setval('units_unit_id_seq', %s)", [10**6]), options="FORMAT csv"
            )
        )
