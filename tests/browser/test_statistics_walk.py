"""A coordinator asks why this quarter's number is not the last one's, and finds the names."""

from __future__ import annotations

import datetime as dt
import io
import time

import openpyxl
import pytest

from accounts.models import Export, Role
from pairings.models import PairingEvent
from pairings.states import State
from tests.browser.walking import LAPTOP, PHONE
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
D = dt.date
DAYS = "as_of=2026-09-30&period_from=2026-07-01&then=2026-06-30&then_from=2026-04-01"


@pytest.fixture
def quarter(county):
    """Of three pairs at the end of June one ends in August; another begins in September."""
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    user = make_user(username="anji", name="安吉组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=county)
    mentor = make_mentor(cadre=make_cadre(unit=shangshu, name="褚师傅", birth_month="1970-05"))
    pairs = []
    for name in ("马徒弟", "王徒弟", "陈徒弟"):
        mentee = make_cadre(unit=shangshu, name=name)
        make_mentee(cadre=mentee)
        pairs.append(make_pairing(mentor=mentor, mentee=mentee, from_on=D(2026, 3, 1)))
    pairs[1].move(
        "terminate",
        by=user,
        on=D(2026, 8, 20),
        reason="工作调动",
        document="安组〔2026〕8号",
        cause="mentor_moved",
    )
    late = make_cadre(unit=shangshu, name="赵徒弟")
    make_mentee(cadre=late)
    made = make_pairing(mentor=mentor, mentee=late, from_on=D(2026, 9, 7))
    PairingEvent.objects.filter(pairing=made).update(at=dt.datetime(2026, 10, 8, 2, tzinfo=dt.UTC))
    assert pairs[1].state == State.TERMINATED
    return user


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_why_the_number_differs_down_to_the_names(quarter, person, viewport):
    clerk = person(viewport)
    clerk.sign_in("anji", PASSWORD)
    clerk.taps, began = 0, time.monotonic()
    clerk.go("/statistics/?as_of=2026-09-30&period_from=2026-07-01")
    clerk.press("对比")
    clerk.reads("2026-06-30", "2026-09-30", "增减")
    clerk.press("结对数")
    clerk.reads(
        "在帮带结对数", "持平", "本期：截至2026年9月30日，统计期2026年7月1日至2026年9月30日。"
    )
    running = clerk.page.locator("tr", has_text="其中帮带中").first
    opens = running.locator("td").last.locator("a")
    clerk.taps += 1
    with clerk.page.expect_navigation():
        opens.click()
    clerk.look()
    clerk.reads("赵徒弟", "2026-09-07 开始帮带（2026-10-08补录）", "王徒弟", "2026-08-20")
    clerk.write("purpose", "核对三季度结对数变动")
    clerk.taps += 1
    with clerk.page.expect_download() as waiting:
        clerk.page.get_by_role("button", name="导出增减名单").click()
    with open(waiting.value.path(), "rb") as file:
        sheet = openpyxl.load_workbook(io.BytesIO(file.read())).worksheets[0]
    column = [row[0] for row in sheet.iter_rows(min_row=4, values_only=True)]
    seconds = time.monotonic() - began
    print(f"\nwhy the number differs: {clerk.taps} taps, {seconds:.0f} s with axe on every page")
    assert column[:2] == ["新增", "减少"]
    assert Export.objects.get().rows == 2
    assert clerk.taps <= 6
    clerk.press("返回对比表")
    township = Unit.objects.get(name="上墅乡", county__name="安吉县")
    clerk.go(f"/statistics/compare/?unit={township.pk}&{DAYS}&section=coverage")
    clerk.press("与同级单位对照")
    clerk.reads("上墅乡", "本单位", "较合计0.00个百分点")
    clerk.leave()
