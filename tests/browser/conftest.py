"""Chromium for the walks. Left out with a line where it is missing; never in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    if CHROMIUM is None and collection_path.name.startswith("test_"):
        if os.environ.get("CI"):
            raise pytest.UsageError("CI drives Chromium: .ci/run installs it")
        return True
    return None


def pytest_terminal_summary(terminalreporter) -> None:
    if CHROMIUM is None:
        terminalreporter.write_line(
            "browser walks left out: no Chromium here (Debian: apt-get install chromium "
            "fonts-noto-cjk, or set CHROMIUM to its path)"
        )


@pytest.fixture
def chromium():
    """For one test only: while Playwright's loop runs in this thread, Django takes it for
    asynchronous code and gives it database connections of its own, which are closed with it."""
    from django.db import connections
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        yield browser
        browser.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
