"""A mentor confirms with one tap and comments; the mentee answers, on the telephone."""

from __future__ import annotations

import re

import pytest

from activities.models import Comment, Confirmation
from tests.activities.making import make_session
from tests.browser.walking import PHONE
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
from units.models import Unit

PASSWORD = "correct horse battery"
# The browser names every answer that is no 200; what we say of it stands on the page.
REFUSED = r"status of 422|htmx:\w+"


@pytest.mark.browser
def test_a_record_is_confirmed_and_talked_about(county, person):
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    chu, ma = (
        make_cadre(unit=shangshu, name=name, user=make_user(username=username, name=name))
        for username, name in (("chu", "褚师傅"), ("ma", "马徒弟"))
    )
    pairing = make_pairing(mentor=make_mentor(cadre=chu), mentee=ma)
    row = make_session(pairing=pairing, topic="村务公开怎么做", created_by=ma.user)
    mentor = person(PHONE)
    mentor.sign_in("chu", PASSWORD)
    taps = mentor.taps
    confirm = mentor.page.get_by_role("button", name="确认属实 村务公开怎么做")
    confirm.click()
    mentor.page.get_by_text("已确认属实").wait_for()
    mentor.look()
    assert Confirmation.objects.get().session == row
    assert mentor.taps == taps  # one tap of the home page, nothing else

    mentor.go(f"/activities/sessions/{row.pk}/")
    mentor.send("发表点评", until="这个字段是必填项。")
    mentor.write("text", "讲得细，电话13812345678")
    mentor.send("发表点评", until="点评已保存。")
    mentor.reads("讲得细，电话138******78")
    assert mentor.page.locator("#comments [name=text]").input_value() == ""

    mentee = person(PHONE)
    mentee.sign_in("ma", PASSWORD)
    mentee.go(f"/activities/sessions/{row.pk}/")
    mentee.reads("已确认属实", "讲得细")
    mentee.write("text", "说错了的话")
    mentee.send("发表点评", until="点评已保存。")
    mentee.page.get_by_text("撤回", exact=True).click()
    mentee.send("撤回点评", until="点评已撤回。")
    assert "说错了的话" not in mentee.page.content()
    assert list(Comment.objects.values_list("text", flat=True)) == ["讲得细，电话138******78", ""]
    for somebody in (mentor, mentee):
        said = [words for words in somebody.complaints if not re.search(REFUSED, words)]
        assert said == [], "\n".join(said)
