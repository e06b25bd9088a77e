"""Who works on a row holds a lease on it; whoever is killed loses it within a minute.

Progress and lease are written by a thread on a connection of its own, so that they are seen
while the one big transaction runs, and go on while a long statement runs. Inside somebody's
transaction (tests, a dry run) there is only that transaction: they are written in it.
"""

from __future__ import annotations

import datetime as dt
import threading
from types import TracebackType
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection
from psycopg2.sql import SQL, Identifier

LEASE = 60  # seconds
_EVERY = 1.0  # seconds between two writings


class Lost(Exception):
    """Somebody else holds the lease: this worker was taken for dead, and stops."""


class Lease:
    """Made by `take`; a context manager that gives the lease back.

    A subclass names its table, which has `step`, `done`, `total`, `lease_until` and `tries`,
    and the column that is its key.
    """

    table: ClassVar[str]
    key: ClassVar[str]

    def __init__(self, row_id: UUID, link: Any, until: dt.datetime, tries: int) -> None:
        self.row_id, self.tries = row_id, tries
        self._link, self._until = link, until
        # In somebody's transaction nobody competes, and a savepoint that is rolled back takes
        # the lease written in it along.
        self._is_alone = link is connection
        self._step, self._done, self._total = "", 0, 0
        self._is_lost = False
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        if not self._is_alone:
            self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
            self._thread.start()

    @classmethod
    def take(cls, row_id: UUID) -> Self | None:
        """None while somebody else works on the row."""
        link = connection
        if not connection.in_atomic_block:
            link = connection.copy()
            link.inc_thread_sharing()
        row = cls._run(
            link,
            """UPDATE {table} SET tries = tries + 1, done = 0, total = 0,
                    lease_until = clock_timestamp() + make_interval(secs => %s)
                WHERE {key} = %s
                    AND (lease_until IS NULL OR lease_until < clock_timestamp())
                RETURNING lease_until, tries, step""",
            [LEASE, row_id],
        )
        if row is None:
            if link is not connection:
                link.close()
            return None
        lease = cls(row_id, link, row[0], row[1])
        lease._step = row[2]
        return lease

    def begin(self, step: str) -> None:
        """Name what is being done (a msgid); empty when nothing is."""
        self._step, self._done, self._total = step, 0, 0
        self._write()

    def progress(self, done: int, total: int) -> None:
        """Lost when the lease has run out; otherwise costs nothing."""
        self._done, self._total = done, max(done, total)
        if self._is_lost:
            raise Lost
        if self._thread is None:
            self._write()

    def succeeded(self) -> None:
        """A step is done: the next one has all its tries."""
        self.tries = 1
        with self._lock:
            self._run(
                self._link,
                "UPDATE {table} SET tries = 1 WHERE {key} = %s RETURNING 1",
                [self.row_id],
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        try:
            # After a failure the tries stay counted; the next sweep takes the step again.
            self._run(
                self._link,
                """UPDATE {table} SET lease_until = NULL, done = 0, total = 0,
                       tries = CASE WHEN %s THEN tries ELSE 0 END
                   WHERE {key} = %s AND (lease_until = %s OR %s) RETURNING 1""",
                [error is not None, self.row_id, self._until, self._is_alone],
            )
        except (DatabaseError, InterfaceError):
            if error is None:
                raise
        finally:
            if self._link is not connection:
                self._link.close()

    def _keep(self) -> None:
        try:
            while not self._over.wait(_EVERY):
                self._write()
        except (DatabaseError, InterfaceError, Lost):
            self._is_lost = True

    def _write(self) -> None:
        with self._lock:
            row = self._run(
                self._link,
                """UPDATE {table} SET step = %s, done = %s, total = %s,
                        lease_until = clock_timestamp() + make_interval(secs => %s)
                    WHERE {key} = %s AND (lease_until = %s OR %s) RETURNING lease_until""",
                [self._step, min(self._done, self._total), self._total, LEASE, self.row_id,
                 self._until, self._is_alone],
            )  # fmt: skip
            if row is None:
                self._is_lost = True
                raise Lost
            self._until = row[0]

    @classmethod
    def _run(cls, link: Any, statement: str, values: list[Any]) -> tuple[Any, ...] | None:
        names = {"table": Identifier(cls.table), "key": Identifier(cls.key)}
        with link.cursor() as cursor:
            cursor.execute(SQL(statement).format(**names), values)
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row
