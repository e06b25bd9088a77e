"""A named cast: who they are decides what they may see."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from pytest_django.plugin import blocking_manager_key

from accounts.models import Role
from tests.browser.chromium import CHROMIUM, MISSING
from tests.factories import (
    make_cadre,
    make_grant,
    make_mentor,
    make_pairing,
    make_unit,
    make_user,
)


def pytest_configure(config):
    if CHROMIUM is None and os.environ.get("CI"):
        raise pytest.UsageError("CI drives Chromium: .ci/run installs it")


def pytest_ignore_collect(collection_path):
    is_walk = "browser" in (collection_path.name, collection_path.parent.name)
    return True if CHROMIUM is None and is_walk else None


def pytest_terminal_summary(terminalreporter):
    if CHROMIUM is None:
        terminalreporter.write_line(MISSING)


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


@pytest.fixture
def tree(db):
    """Huzhou in small: two counties, two townships and a village, a zone, a department."""
    province = make_unit(name="浙江省", kind="province", code="330000000000")
    city = make_unit(name="湖州市", kind="city", code="330500000000", parent=province)
    anji = make_unit(name="安吉县", kind="county", code="330523000000", parent=city)
    deqing = make_unit(name="德清县", kind="county", code="330521000000", parent=city)
    shangshu = make_unit(name="上墅乡", kind="township", code="330523205000", parent=anji)
    dipu = make_unit(name="递铺街道", kind="township", code="330523001000", parent=anji)
    return SimpleNamespace(
        province=province,
        city=city,
        anji=anji,
        deqing=deqing,
        shangshu=shangshu,
        dipu=dipu,
        yuyue=make_unit(name="禹越镇", kind="township", code="330521113000", parent=deqing),
        liujiatang=make_unit(name="刘家塘村", kind="village", code="330523205204", parent=shangshu),
        zone=make_unit(name="南太湖新区", kind="zone", parent=city),
        department=make_unit(name="县委组织部", kind="department", parent=anji),
    )


@pytest.fixture
def cast(tree):
    """County coordinators of Anji and Deqing, two of townships, a leader, three administrators,
    a mentor and his mentee with an active pair in 上墅乡, and a stranger."""
    county = make_user(username="anji", name="安吉组织部")
    make_grant(user=county, role=Role.COORDINATOR, unit=tree.anji)
    other_county = make_user(username="deqing", name="德清组织部")
    make_grant(user=other_county, role=Role.COORDINATOR, unit=tree.deqing)
    township = make_user(username="shangshu", name="上墅组织委员")
    make_grant(user=township, role=Role.COORDINATOR, unit=tree.shangshu)
    sibling = make_user(username="dipu", name="递铺组织委员")
    make_grant(user=sibling, role=Role.COORDINATOR, unit=tree.dipu)
    viewer = make_user(username="leader", name="安吉领导")
    make_grant(user=viewer, role=Role.VIEWER, unit=tree.anji)
    administrators = {}
    for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
        administrators[str(role)] = make_user(username=str(role), name=str(role))
        make_grant(user=administrators[str(role)], role=role, unit=tree.city)
    mentor_user = make_user(username="shifu", name="褚师傅")
    mentee_user = make_user(username="tudi", name="马徒弟")
    mentor_cadre = make_cadre(
        unit=tree.shangshu, name="褚师傅", birth_month="1966-05", user=mentor_user
    )
    mentee_cadre = make_cadre(
        unit=tree.shangshu, name="马徒弟", birth_month="1998-07", user=mentee_user
    )
    mentor = make_mentor(cadre=mentor_cadre)
    return SimpleNamespace(
        county=county,
        other_county=other_county,
        township=township,
        sibling=sibling,
        viewer=viewer,
        **administrators,
        mentor=mentor_user,
        mentee=mentee_user,
        mentor_row=mentor,
        mentee_row=mentee_cadre,
        pairing=make_pairing(mentor=mentor, mentee=mentee_cadre),
        stranger=make_user(username="stranger", name="路人"),
    )


@pytest.fixture
def signed_in():
    """A client for a user: `signed_in(cast.county).get(...)`."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
