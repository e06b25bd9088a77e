"""`python -m benchmarks.writers`: 200 people write records at once for a minute.

Against granian as `make run` starts it; `--server gunicorn` takes that one instead, which the
system itself does without. One in ten sends a form twice, one in
ten loses the connection before the answer and sends again, with the same client key. Prints rows a
second and the answer times, beside the same INSERTs by psycopg2 alone; fails where a record is
lost or there twice. `tests/activities/test_writers.py` is the same, small.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "writers" + "0" * 25  # of CSRF: cookie and header agree
PATIENCE = 60  # seconds for one answer


class Writer(NamedTuple):
    session: str  # cookie
    address: str  # of the form
    form: dict[str, str]


class Outcome:
    """What came of it; `keys` are those of the records that were said to be kept."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.milliseconds: list[float] = []
        self.resent = self.dropped = 0
        self.failures: list[str] = []
        self.seconds = 0.0

    def at(self, share: float) -> float:
        return sorted(self.milliseconds)[int(len(self.milliseconds) * share)]

    def __str__(self) -> str:
        rows = len(self.keys)
        return (
            f"{rows} records in {self.seconds:.1f} s: {rows / self.seconds:.0f} a second; median "
            f"{self.at(0.5):.0f} ms, p95 {self.at(0.95):.0f} ms; {self.resent} sent twice, "
            f"{self.dropped} connections dropped, {len(self.failures)} errors"
        )


def write(port: int, writers: Sequence[Writer], seconds: float) -> Outcome:
    """All of them at once, each one form after another, until the time is over."""
    outcome, began = Outcome(), time.monotonic()
    threads = [
        threading.Thread(target=_go_on, args=(port, writer, began + seconds, outcome, number))
        for number, writer in enumerate(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.monotonic() - began
    return outcome


def _go_on(port: int, writer: Writer, until: float, outcome: Outcome, number: int) -> None:
    chance = random.Random(number)  # noqa: S311  # which form is sent twice is no secret
    while time.monotonic() < until:
        key, dice = str(uuid.uuid4()), chance.random()
        try:
            if dice < 0.1:
                outcome.dropped += 1
                _send_and_hang_up(port, writer, key, chance.random() / 20)
            began = time.monotonic()
            answers = [_send(port, writer, key)]
            outcome.milliseconds.append((time.monotonic() - began) * 1000)
            if dice > 0.9:
                outcome.resent += 1
                answers.append(_send(port, writer, key))
        except (OSError, http.client.HTTPException) as error:
            outcome.failures.append(repr(error))
            continue
        if answers == [302] * len(answers):
            outcome.keys.add(key)
        else:
            outcome.failures.append(f"{writer.address}: {answers}")


def _connection(port: int, writer: Writer, key: str) -> http.client.HTTPConnection:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"sessionid={writer.session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
    }
    link.request("POST", writer.address, urlencode({**writer.form, "client_key": key}), headers)
    return link


def _send(port: int, writer: Writer, key: str) -> int:
    link = _connection(port, writer, key)
    try:
        answer = link.getresponse()
        answer.read()
        return answer.status
    finally:
        link.close()


def _send_and_hang_up(port: int, writer: Writer, key: str, wait: float) -> None:
    """The network goes away between the sending and the answer."""
    link = _connection(port, writer, key)
    time.sleep(wait)
    link.close()


def command(server: str, port: int) -> list[str]:
    """Granian with the arguments of mentoring.launch; gunicorn with as many threads."""
    if server == "gunicorn":
        return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2",
                "--threads", "4", "--log-level", "error", "mentoring.wsgi:application"]  # fmt: skip
    return [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "2", "--blocking-threads", "4", "--no-ws",
        "mentoring.wsgi:application",
    ]  # fmt: skip


@contextmanager
def serving(database_url: str, server: str = "granian") -> Iterator[int]:
    """A web server on a free port, until the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        command(server, port),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_up(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(port: int) -> None:
    for _attempt in range(300):
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/accounts/sign-in/")
            link.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web server did not start")


def inserting(database_url: str, seconds: float, links: int = 8) -> float:
    """Rows a second of the same INSERT, a commit each, by psycopg2 over as many connections."""
    import psycopg2

    from activities.models import Session

    fresh = {"id": "uuidv7()", "client_key": "gen_random_uuid()"}
    columns = [field.column for field in Session._meta.concrete_fields]
    values = ", ".join(fresh.get(column, column) for column in columns)
    one = Session.objects.values_list("pk", flat=True)[0]
    insert = (
        f"INSERT INTO {Session._meta.db_table} ({', '.join(columns)})"  # noqa: S608
        f" SELECT {values} FROM {Session._meta.db_table} WHERE id = %s"
    )
    made: list[int] = []

    def go_on() -> None:
        link, rows = psycopg2.connect(database_url), 0
        link.autocommit = True
        until = time.monotonic() + seconds
        with link.cursor() as cursor:
            while time.monotonic() < until:
                cursor.execute(insert, [str(one)])
                rows += 1
        link.close()
        made.append(rows)

    threads = [threading.Thread(target=go_on) for _ in range(links)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(made) / seconds


def signed_in(users: Sequence[object]) -> list[str]:
    """Session cookies, as signing in gives them."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    cookies = []
    for user in users:
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.create()
        cookies.append(str(store.session_key))
    return cookies


def people(number: int) -> list[Writer]:
    """So many mentees with an active pair each, signed in, each at the form of a session."""
    from django.utils import timezone

    from tests.factories import make_cadre, make_mentor, make_pairing, make_unit, make_users

    county = make_unit(name="某县", kind="county")
    township = make_unit(name="某乡", kind="township", parent=county)
    mentor = make_mentor(cadre=make_cadre(unit=township, name="导师"), capacity=number)
    users = make_users(**{f"writer{n}": f"学员{n}" for n in range(number)})
    addresses = []
    for user in users.values():
        mentee = make_cadre(unit=township, name=user.name, user=user)
        pairing = make_pairing(mentor=mentor, mentee=mentee)
        addresses.append(f"/activities/pairings/{pairing.pk}/session/")
    form = {
        "method": "on_site", "topic": "村务公开怎么做", "content": "一同走了流程。",
        "happened_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    cookies = signed_in(list(users.values()))
    return [Writer(*pair, form) for pair in zip(cookies, addresses, strict=True)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.writers", description=__doc__)
    parser.add_argument("--writers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--server", choices=["granian", "gunicorn"], default="granian")
    options = parser.parse_args()
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="bangdai-writers-"))
    folder.chmod(0o755)
    os.environ |= {
        "BANGDAI_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        "BROKER_URL": "memory://",
    }  # fmt: skip
    os.environ.pop("DATABASE_URL", None)
    from mentoring import embedded

    embedded.VAR = folder
    embedded.provide_database(folder / "postgres")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from activities.models import Session

    writers, url = people(options.writers), os.environ["DATABASE_URL"]
    with serving(url, options.server) as port:
        outcome = write(port, writers, options.seconds)
    kept = {str(key) for key in Session.objects.values_list("client_key", flat=True)}
    total = Session.objects.count()
    print(f"{options.writers} writers, {options.server}: {outcome}")
    print(f"lost {len(outcome.keys - kept)}, there twice {total - len(kept)}")
    print(f"the same INSERTs by psycopg2, 8 connections: {inserting(url, 5):.0f} a second")
    is_good = not outcome.failures and outcome.keys == kept and total == len(kept)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
