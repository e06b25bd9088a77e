"""Brings up the real PostgreSQL and Valkey for the run, before Django's settings are read.

Loaded by `-p tests.servers`; everything lives in a temporary folder and on free ports, so
runs can stand side by side and leave nothing.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

from mentoring import embedded
from tools import messages

# Thousands of short-lived rows: collecting after every 700 costs a tenth of the run.
gc.set_threshold(50_000, 20, 100)

_temporary = Path(tempfile.mkdtemp(prefix="bangdai-"))
_temporary.chmod(0o755)
os.environ.setdefault("BANGDAI_VAR", str(_temporary))
embedded.VAR = Path(os.environ["BANGDAI_VAR"])
# Registered before the servers' own clean-up, so it runs after it.
atexit.register(shutil.rmtree, _temporary, ignore_errors=True)
embedded.provide_database(_temporary / "postgres")
embedded.loosen(os.environ["DATABASE_URL"])
_broker = embedded.provide_broker(_temporary / "valkey")
messages.compile_all()
