"""A named cast: who they are decides what they may see."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from pytest_django.plugin import blocking_manager_key

from accounts.models import Role
from cadres import codes
from tests.browser.chromium import CHROMIUM
from tests.browser.chromium import MISSING as NO_CHROMIUM
from tests.factories import (
    make_cadre,
    make_grants,
    make_mentee,
    make_mentor,
    make_pairing,
    make_units,
    make_users,
)
from tests.office.libreoffice import MISSING as NO_OFFICE
from tests.office.libreoffice import SOFFICE

# A folder of tests, the program that they drive, and what is said where it is missing.
PROGRAMS = (("browser", CHROMIUM, NO_CHROMIUM), ("office", SOFFICE, NO_OFFICE))

# Key, name, kind, division code, key of the parent.
TREE = (
    ("province", "浙江省", "province", "330000000000", None),
    ("city", "湖州市", "city", "330500000000", "province"),
    ("anji", "安吉县", "county", "330523000000", "city"),
    ("deqing", "德清县", "county", "330521000000", "city"),
    ("shangshu", "上墅乡", "township", "330523205000", "anji"),
    ("dipu", "递铺街道", "township", "330523001000", "anji"),
    ("yuyue", "禹越镇", "township", "330521113000", "deqing"),
    ("liujiatang", "刘家塘村", "village", "330523205204", "shangshu"),
    ("zone", "南太湖新区", "zone", None, "city"),
    ("department", "县委组织部", "department", None, "anji"),
)


def pytest_configure(config):
    for folder, program, _missing in PROGRAMS:
        if program is None and os.environ.get("CI"):
            raise pytest.UsageError(f"CI runs tests/{folder}: .ci/run installs what it drives")


def pytest_ignore_collect(collection_path):
    left_out = {folder for folder, program, _missing in PROGRAMS if program is None}
    is_left_out = left_out & {collection_path.name, collection_path.parent.name}
    return True if is_left_out else None


def pytest_terminal_summary(terminalreporter):
    for _folder, program, missing in PROGRAMS:
        if program is None:
            terminalreporter.write_line(missing)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A transactional test empties every table; what migrations wrote comes back after it."""
    result = yield
    marker = item.get_closest_marker("django_db")
    is_transactional = marker is not None and marker.kwargs.get("transaction")
    empties = is_transactional or "transactional_db" in item.fixturenames
    if empties and nextitem is not None:
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
    return result


@pytest.fixture(autouse=True)
def codes_of_this_test(monkeypatch):
    """What one test adds to the code tables is not known to the next, nor read again by time."""
    monkeypatch.setattr(codes, "_kept", None)
    monkeypatch.setattr(codes, "_SECONDS", 3600.0)


@pytest.fixture
def tree(db):
    """Huzhou in small: two counties, two townships and a village, a zone, a department."""
    codes.tables()  # read once before the queries of a page are counted
    return SimpleNamespace(**make_units(TREE))


@pytest.fixture
def cast(tree):
    """County coordinators of Anji and Deqing, two of townships, a leader, three administrators,
    a mentor and his mentee with an active pair in 上墅乡, and a stranger."""
    users = make_users(
        anji="安吉组织部",
        deqing="德清组织部",
        shangshu="上墅组织委员",
        dipu="递铺组织委员",
        leader="安吉领导",
        sysadmin="sysadmin",
        secadmin="secadmin",
        auditor="auditor",
        shifu="褚师傅",
        tudi="马徒弟",
        stranger="路人",
    )
    make_grants(
        (users["anji"], Role.COORDINATOR, tree.anji),
        (users["deqing"], Role.COORDINATOR, tree.deqing),
        (users["shangshu"], Role.COORDINATOR, tree.shangshu),
        (users["dipu"], Role.COORDINATOR, tree.dipu),
        (users["leader"], Role.VIEWER, tree.anji),
        (users["sysadmin"], Role.SYSADMIN, tree.city),
        (users["secadmin"], Role.SECADMIN, tree.city),
        (users["auditor"], Role.AUDITOR, tree.city),
    )
    mentor_cadre = make_cadre(
        unit=tree.shangshu, name="褚师傅", birth_month="1966-05", user=users["shifu"]
    )
    mentee_cadre = make_cadre(
        unit=tree.shangshu, name="马徒弟", birth_month="1998-07", user=users["tudi"]
    )
    mentor = make_mentor(cadre=mentor_cadre)
    return SimpleNamespace(
        county=users["anji"],
        other_county=users["deqing"],
        township=users["shangshu"],
        sibling=users["dipu"],
        viewer=users["leader"],
        sysadmin=users["sysadmin"],
        secadmin=users["secadmin"],
        auditor=users["auditor"],
        mentor=users["shifu"],
        mentee=users["tudi"],
        stranger=users["stranger"],
        mentor_row=mentor,
        mentee_row=mentee_cadre,
        mentee_entry=make_mentee(cadre=mentee_cadre),
        pairing=make_pairing(mentor=mentor, mentee=mentee_cadre),
    )


@pytest.fixture
def signed_in():
    """A client for a user: `signed_in(cast.county).get(...)`."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
