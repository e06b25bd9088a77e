"""Chromium for the walks; tests/conftest.py leaves them out where it is missing."""

from __future__ import annotations

import os

import pytest

from tests.browser.chromium import CHROMIUM, FLAGS


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
