"""Chromium for the walks; tests/conftest.py leaves them out where it is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import Role
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.walking import Person
from tests.factories import make_grant, make_user
from tests.workers import running_worker
from units.models import Unit

ROOT = Path(__file__).resolve().parents[2]


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


@pytest.fixture
def person(chromium, live_server):
    """People at the browser, each leaving without a complaint of axe or the console."""
    people = []

    def enter(viewport=None, **more) -> Person:
        chosen = {"viewport": viewport} if viewport else {}
        somebody = Person(chromium, live_server.url, **chosen, **more)
        people.append(somebody)
        return somebody

    yield enter
    for somebody in people:
        somebody.context.close()


@pytest.fixture
def county(transactional_db, django_db_serialized_rollback):
    """What the installing engineer has done: the divisions, and the three administrators."""
    call_command("load_divisions", ROOT / "data" / "huzhou_divisions.csv", verbosity=0)
    city = Unit.objects.get(code="330500000000")
    for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
        user = make_user(username=str(role), name="管理员")
        make_grant(user=user, role=role, unit=city)
    return Unit.objects.get(name="安吉县")


@pytest.fixture
def worker(county):
    """A worker that does what the pages send to it."""
    with running_worker() as process:
        yield process
