"""An office looks at its county: key figures, charts, their tables and the names behind."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.models import Role
from activities.models import Method, Session
from pairings.states import State
from tests.browser.walking import LAPTOP, PHONE, Person
from tests.factories import (
    make_cadre,
    make_grant,
    make_mentee,
    make_mentor,
    make_pairing,
    make_user,
)
from units.models import Unit

PASSWORD = "correct horse battery"
CHARTS = ("coverage", "states", "trend", "ages-mentors", "ages-mentees", "methods")


@pytest.fixture
def township(county):
    """上墅乡 with a pair under way and its session, and a mentee without a mentor."""
    township = Unit.objects.get(name="上墅乡", county=county)
    user = make_user(username="shangshu", name="上墅组织委员")
    make_grant(user=user, role=Role.COORDINATOR, unit=township)
    mentor, mentee, waiting = (
        make_cadre(unit=township, name=name, birth_month=month, gender=gender)
        for name, month, gender in (
            ("褚师傅", "1966-05", "1"),
            ("马徒弟", "1996-05", "2"),
            ("周小徒", "1999-09", "1"),
        )
    )
    for cadre in (mentee, waiting):
        make_mentee(cadre=cadre)
    pairing = make_pairing(
        mentor=make_mentor(cadre=mentor, from_on=dt.date(2020, 1, 1)),
        mentee=mentee,
        state=State.ACTIVE,
        from_on=dt.date(2025, 3, 1),
        to_on=dt.date(2028, 2, 28),
    )
    Session.objects.create(
        pairing=pairing, happened_on=timezone.localdate(), method=Method.values[0], topic="入户"
    )
    return township


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def office(request, township, person) -> Person:
    somebody = person(request.param)
    somebody.sign_in("shangshu", PASSWORD)
    return somebody


def words(office: Person, code: str) -> str:
    """What is written in a drawing: SVG keeps its words as text."""
    drawing = office.page.locator(f"[data-chart=chart-data-{code}] svg")
    drawing.wait_for()
    return "".join(drawing.locator("text").all_text_contents())


@pytest.mark.browser
def test_an_office_looks_at_its_township_and_opens_the_names(office):
    office.go("/statistics/overview/")
    office.reads("上墅乡导师帮带情况总览", "在帮带结对数", "50.00%")
    drawn = {code: words(office, code) for code in CHARTS}
    assert "50.00%（1/2）" in drawn["coverage"]
    assert "在帮带结对数" in drawn["states"]
    assert re.search(r"覆盖率（%）", drawn["trend"])
    assert "男" in drawn["ages-mentors"]
    assert "30岁及以下" in drawn["ages-mentees"]
    assert f"{Method.choices[0][1]}" in drawn["methods"]
    # axe and the width once more, with every table open
    for summary in office.page.locator("details.stats-read > summary").all():
        summary.click()
    office.look()
    bar = office.page.locator("[data-chart=chart-data-methods] svg path[fill='#9b2c1f']").first
    with office.page.expect_navigation():
        bar.click()
    office.look()
    office.reads("马徒弟", "1 次")
    office.leave()


@pytest.mark.browser
def test_on_paper_the_tables_are_open_and_closed_again_afterwards(office):
    office.go("/statistics/chart/?chart=coverage")
    assert "50.00%（1/2）" in words(office, "coverage")
    table = office.page.locator("details.stats-read")
    assert not table.evaluate("each => each.open")
    office.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert table.evaluate("each => each.open")
    office.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not table.evaluate("each => each.open")
    office.leave()


@pytest.mark.browser
def test_without_scripts_each_chart_is_a_table_one_tap_away(township, person):
    somebody = person(PHONE, java_script_enabled=False)
    page, address = somebody.page, somebody.address
    page.goto(f"{address}/accounts/sign-in/")
    page.fill("[name=username]", "shangshu")
    page.fill("[name=password]", PASSWORD)
    page.locator("main [type=submit]").first.click()
    page.goto(f"{address}/statistics/overview/")
    page.get_by_role("link", name="各单位结对覆盖率").click()
    page.locator("summary", has_text="看表格").click()
    row = page.locator("table.stats-table tbody tr").first
    assert row.inner_text().split() == ["合计", "50.00%", "1", "2"]
    somebody.leave()
