"""A real Celery worker on the test's own database and broker."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.db import connection

WORKER = ["-m", "celery", "-A", "mentoring", "worker", "--pool", "solo", "--concurrency", "1",
          "--without-gossip", "--without-mingle", "--without-heartbeat"]  # fmt: skip


@contextmanager
def running_worker() -> Iterator[subprocess.Popen[Any]]:
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={quote(settings['HOST'])}"
    environment = {**os.environ, "DATABASE_URL": url, "PYTEST_VERSION": "child"}
    process = subprocess.Popen(
        [sys.executable, *WORKER],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)
