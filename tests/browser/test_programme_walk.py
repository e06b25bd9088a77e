"""A programme from the wishes of both sides to the published list, each in an own session."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Role
from pairings.models import Pairing
from programmes.models import Programme
from programmes.running import close_windows
from reminders.sweeping import sweep
from tests.browser.walking import PHONE
from tests.factories import make_cadre, make_grant, make_mentee, make_mentor, make_user
from units.models import Unit

PASSWORD = "correct horse battery"
DAY = dt.timedelta(days=1)


@pytest.fixture
def people(county, person):
    """The county's office, a mentor at a laptop, his mentee at a telephone; two more to choose."""
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    dipu = Unit.objects.get(name="递铺街道", county=county)
    office = make_user(username="anji", name="安吉组织部")
    make_grant(user=office, role=Role.COORDINATOR, unit=county)
    mentor, mentee = (
        make_user(username="shifu", name="褚师傅"), make_user(username="tudi", name="马徒弟"),
    )  # fmt: skip
    old = {"birth_month": "1970-05"}
    make_mentor(cadre=make_cadre(unit=shangshu, name="褚师傅", user=mentor, **old))
    make_mentor(cadre=make_cadre(unit=dipu, name="甲导师", **old))
    make_mentee(cadre=make_cadre(unit=shangshu, name="马徒弟", user=mentee))
    make_mentee(cadre=make_cadre(unit=dipu, name="李新人"))
    sessions = person(), person(), person(PHONE)
    for somebody, name in zip(sessions, ("anji", "shifu", "tudi"), strict=True):
        somebody.sign_in(name, PASSWORD)
    return sessions


def rank(somebody, *names):
    """From the home page to a saved list of these people."""
    somebody.go("/")
    somebody.page.get_by_role("link", name="可填报意向").first.click()
    somebody.look()
    for name in names:
        somebody.press(f"选择 {name}")
    somebody.reads("有改动，尚未保存。")
    somebody.press("保存意向")
    somebody.reads("您的意向已保存。")


@pytest.mark.browser
def test_a_programme_from_wishes_to_publication(people):
    office, mentor, mentee = people
    today = timezone.localdate()
    office.go("/programmes/")
    office.reads("还没有批次。")
    office.press("新建批次")
    office.write("title", "2027年度导师帮带结对")
    office.write("basis", "安组〔2026〕30号")
    office.write("from_on", today.isoformat())
    office.write("wishes_from_on", today.isoformat())
    office.write("wishes_to_on", (today + DAY).isoformat())
    office.press("保存")
    office.press("征集意向")
    office.press("征集意向")
    page = office.page.url.removeprefix(office.address)

    rank(mentee, "甲导师", "褚师傅")
    mentee.press("褚师傅：上移一位")
    mentee.reads("有改动，尚未保存。")
    mentee.press("保存意向")
    rank(mentor, "马徒弟")
    # The partner's wishes are not theirs to see.
    for somebody in (mentor, mentee):
        somebody.page.goto(f"{somebody.address}{page}wishes/")
        assert "甲导师" not in somebody.page.locator("body").inner_text()
        somebody.complaints = [row for row in somebody.complaints if "403" not in row]

    # The last day passes.
    Programme.objects.update(wishes_from_on=today - DAY, wishes_to_on=today - DAY)
    assert close_windows() == 1
    office.go(f"{page}wishes/")
    office.reads("第 1 志愿", "互选", "共 2 对有意向，其中双方互选 1 对。")
    office.press("采纳为拟配对 褚师傅 → 马徒弟")
    office.reads("已列入名单：褚师傅 → 马徒弟。")
    office.go(page)
    for verb in ("提交核对", "审批名单", "公布名单"):
        office.press(verb)
        if verb == "审批名单":
            office.write("document", "安组〔2026〕31号")
        office.press(verb)
    office.reads("已公布")

    made = Pairing.objects.get()
    assert (str(made), made.state) == ("褚师傅 → 马徒弟", "active")
    sweep()
    mentee.go("/")
    mentee.reads("褚师傅", "2027年度导师帮带结对")
    mentor.go("/")
    mentor.reads("马徒弟", "2027年度导师帮带结对")
    for somebody in people:
        somebody.leave()
