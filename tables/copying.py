"""PostgreSQL's COPY as a stream: as quick as the database writes, in constant memory.

psycopg2 pushes the rows of a COPY into a file, and a response pulls its bytes. Between the two
stand a thread, a connection of its own and a queue of a few chunks: whoever reads slowly holds
the database back, and whoever goes away ends the query.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg2 import Error

CHUNK = 256 * 1024  # bytes
_AHEAD = 4  # chunks read before anybody takes them
_LONGEST = "30min"  # a reader that stands still keeps no connection for ever


class Chunk(NamedTuple):
    """Whole rows, one after another."""

    rows: int
    data: bytes


class Statement(NamedTuple):
    """SQL with its parameters, as Django's compilers give it."""

    sql: str
    params: Sequence[Any]


def copied(select: Statement, *, options: str, using: str = DEFAULT_DB_ALIAS) -> Iterator[Chunk]:
    """The rows of a SELECT as COPY writes them with these options; committed rows alone.

    Nothing is opened before the first chunk is asked for. Closing the iterator, or letting it
    go, ends the query and closes the connection; what goes wrong in the query is raised here.
    """
    database = connections[using]
    link = database.get_new_connection(database.get_connection_params())
    try:
        link.set_session(readonly=True, autocommit=True)
        with link.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('TimeZone', %s, false),"
                " set_config('statement_timeout', %s, false)",
                [database.timezone_name, _LONGEST],
            )
            statement = b"COPY (%s) TO STDOUT (%s)" % (_bound(cursor, select), options.encode())
    except BaseException:
        link.close()
        raise
    hand = _Hand()
    pump = threading.Thread(target=hand.fill, args=(link, statement), name="copy", daemon=True)
    pump.start()
    try:
        yield from hand.chunks()
    finally:
        hand.give_up(pump, link)


def _bound(cursor: Any, select: Statement) -> bytes:
    """COPY takes no parameters, so they are written into the statement, quoted by the driver."""
    if not select.params:  # the driver would leave the doubled percent signs as they are
        return select.sql.replace("%%", "%").encode()
    bound: bytes = cursor.mogrify(select.sql, select.params)
    return bound


class _GivenUp(Exception):
    """Nobody reads any more."""


class _Hand:
    """The file that psycopg2 writes into; rows are gathered to chunks and handed over."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Chunk | BaseException | None] = queue.Queue(_AHEAD)
        self._rows: list[bytes] = []
        self._size = 0
        self._is_given_up = False

    def write(self, row: bytes) -> int:
        self._rows.append(row)
        self._size += len(row)
        if self._size >= CHUNK:
            self._hand_over()
        return len(row)

    def fill(self, link: Any, statement: bytes) -> None:
        """In the thread: run the COPY, then say that it is over, or why it is not."""
        outcome: BaseException | None = None
        try:
            with link.cursor() as cursor:
                cursor.copy_expert(statement, self)
            self._hand_over()
        except BaseException as error:  # raised again by whoever reads
            outcome = error
        finally:
            link.close()
        with contextlib.suppress(_GivenUp):
            self._put(outcome)

    def chunks(self) -> Iterator[Chunk]:
        while isinstance(item := self._queue.get(), Chunk):
            yield item
        if item is not None:
            raise item

    def give_up(self, pump: threading.Thread, link: Any) -> None:
        """End the query if it still runs, and wait until its connection is closed."""
        self._is_given_up = True
        if pump.is_alive():
            with contextlib.suppress(Error):  # closed meanwhile, or the server is gone
                link.cancel()
        while pump.is_alive():
            with contextlib.suppress(queue.Empty):
                self._queue.get_nowait()  # makes room for a thread that waits with a chunk
            pump.join(0.01)

    def _hand_over(self) -> None:
        if self._rows:
            chunk = Chunk(len(self._rows), b"".join(self._rows))
            self._rows, self._size = [], 0
            self._put(chunk)

    def _put(self, item: Chunk | BaseException | None) -> None:
        if not self._is_given_up:
            self._queue.put(item)
        if self._is_given_up:
            raise _GivenUp
