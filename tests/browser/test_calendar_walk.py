"""A mentor plans, moves and holds a meeting on the telephone, and subscribes to the calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from activities.models import Session
from calendars.models import PlannedMeeting
from tests.browser.village import PASSWORD, make_pair
from tests.browser.walking import PHONE


@pytest.mark.browser
def test_a_meeting_from_the_plan_to_the_record(county, person):
    make_pair(county)
    today = timezone.localdate()
    later = today + dt.timedelta(days=2)
    phone = person(PHONE)
    phone.sign_in("chu", PASSWORD)
    phone.go("/calendars/")
    phone.reads("本月暂无安排")
    phone.page.get_by_role("link", name="约定见面").first.click()
    phone.look()
    phone.write("day", later.isoformat())
    phone.write("time", "14:30")
    phone.write("topic", "商量村情报告")
    phone.choose("method", "case")
    phone.press("保存约定")
    phone.reads("商量村情报告", "14:30")
    for day in (later + dt.timedelta(days=1), today):
        phone.press("改期")
        assert phone.page.locator("[name=time]").input_value() == "14:30"
        phone.write("day", day.isoformat())
        phone.press("改期")
    phone.press("已见面，填写帮带记录")
    page = phone.page
    assert page.locator("[name=method][value=case]").is_checked()
    filled = [page.locator(f"[name={name}]").input_value() for name in ("topic", "happened_on")]
    assert filled == ["商量村情报告", today.isoformat()]
    phone.write("part_lesson", "生活污水处理")
    phone.press("保存")
    assert Session.objects.get().topic == "商量村情报告"
    row = PlannedMeeting.objects.get()
    assert (row.state, row.revision, row.day) == ("held", 3, today)
    phone.go("/calendars/")
    phone.reads("商量村情报告")
    phone.leave()


@pytest.mark.browser
def test_the_address_is_shown_once_and_copied(county, person, live_server):
    make_pair(county)
    phone = person(PHONE, permissions=["clipboard-read", "clipboard-write"])
    phone.sign_in("ma", PASSWORD)
    phone.go("/calendars/")
    phone.press("手机订阅")
    phone.press("生成订阅地址")
    shown = phone.page.locator("#feed-address").input_value()
    assert shown.startswith(f"{live_server.url}/calendars/feed/")
    phone.page.get_by_role("button", name="复制").click()
    phone.page.get_by_role("button", name="已复制").wait_for()
    assert phone.page.evaluate("navigator.clipboard.readText()") == shown
    assert phone.context.request.get(shown).text().startswith("BEGIN:VCALENDAR")
    phone.go("/calendars/address/")
    assert phone.page.locator("#feed-address").count() == 0
    phone.press("停用订阅地址")
    assert phone.context.request.get(shown).status == 404
    phone.leave()
