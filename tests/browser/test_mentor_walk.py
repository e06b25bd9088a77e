"""A mentor's ten minutes on the telephone, with five mentees; taps and seconds are printed."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Assignment, Confirmation, Session, Submission
from tests.activities.making import make_assignment, make_session, make_template
from tests.browser.walking import PHONE
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
from units.models import Unit

PASSWORD = "correct horse battery"
NAMES = ("陈一", "丁二", "方三", "葛四", "何五")


@pytest.fixture
def pairs(county):
    """A mentor with five mentees: two have handed in, one has written down a session."""
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    user = make_user(username="chu", name="褚师傅")
    mentor = make_mentor(cadre=make_cadre(unit=shangshu, name="褚师傅", user=user), capacity=5)
    made = [
        make_pairing(
            mentor=mentor,
            mentee=make_cadre(unit=shangshu, name=name, user=make_user(username=f"m{number}")),
        )
        for number, name in enumerate(NAMES)
    ]
    make_template(unit=county, title="走访十户", body="写一份走访报告")
    for pairing, title in zip(made, ("村情报告", "信访案例"), strict=False):
        row = make_assignment(pairing=pairing, title=title, state="submitted")
        Submission.objects.create(
            assignment=row, text=f"{title}初稿", created_by=pairing.mentee.user
        )
    make_session(pairing=made[2], topic="田间教学", created_by=made[2].mentee.user)
    return made


def counted(phone, what, since, taps):
    print(f"\n{what}: {phone.taps - taps} taps, {time.monotonic() - since:.1f} s", end="")


@pytest.mark.browser
def test_ten_minutes_of_a_mentor(pairs, person):
    phone = person(PHONE)
    phone.sign_in("chu", PASSWORD)
    phone.reads("村情报告", "信访案例", "田间教学")
    begun, taps = time.monotonic(), phone.taps
    page = phone.page

    # One assignment for all five, from the county's template.
    start = time.monotonic(), phone.taps
    phone.press("布置作业")
    template = page.locator("main select[name=template] option").nth(1).get_attribute("value")
    phone.choose("template", template)
    expect(page.locator("main [name=title]")).to_have_value("走访十户")
    for pairing in pairs:
        phone.tick("pairs", str(pairing.pk))
    phone.press("布置作业")
    phone.reads("走访十户", *NAMES)
    counted(phone, "one assignment for five", *start)
    today = timezone.localdate()
    set_now = Assignment.objects.filter(title="走访十户")
    assert {(row.body, (row.due_on - today).days) for row in set_now} == {("写一份走访报告", 10)}
    assert set_now.count() == 5

    # Two hand-ins, on the home page; the first goes back, and the second opens by itself.
    start = time.monotonic(), phone.taps
    phone.go("/")
    first = Assignment.objects.get(title="村情报告")
    second = Assignment.objects.get(title="信访案例")
    phone.taps += 1
    page.locator(f"#work-{first.pk} .btn-primary").click()
    page.get_by_text("村情报告初稿").wait_for()
    phone.look()
    phone.taps += 2
    page.locator(f"#work-{first.pk} textarea").fill("再走两户，写清楚难处")
    page.locator(f"#work-{first.pk} button[value=give_back]").click()
    page.get_by_text("信访案例初稿").wait_for()
    phone.look()
    phone.taps += 1
    page.locator(f"#work-{second.pk} button[value=accept]").click()
    page.locator(f"#work-{second.pk}").get_by_text("已通过").wait_for()
    phone.look()
    counted(phone, "two hand-ins reviewed", *start)
    states = Assignment.objects.exclude(title="走访十户").order_by("pk")
    assert list(states.values_list("state", flat=True)) == ["returned", "accepted"]

    # What a mentee wrote down is confirmed by one tap.
    start = time.monotonic(), phone.taps
    phone.taps += 1
    page.get_by_role("button", name="确认属实 田间教学").click()
    page.locator(".confirmation .state-live").wait_for()
    phone.look()
    counted(phone, "one record confirmed", *start)
    assert Confirmation.objects.get().session.topic == "田间教学"

    # One session of his own.
    start = time.monotonic(), phone.taps
    phone.go(reverse("activities:session_create", args=[pairs[3].pk]))
    phone.tick("method", "on_site")
    page.locator("[name=part_place]").wait_for()
    phone.write("topic", "一起走访茶农")
    phone.press("保存")
    phone.reads("一起走访茶农")
    counted(phone, "one session written down", *start)
    assert Session.objects.filter(topic="一起走访茶农").count() == 1

    phone.go("/")
    phone.reads("今天没有待办")
    counted(phone, "all of a mentor's ten minutes", begun, taps)
    phone.leave()
