"""The office asks who has room, sees who is with whom, and fills a place from the board."""

from __future__ import annotations

import pytest

from accounts.models import Role
from pairings.models import Pairing
from tests.browser.walking import PHONE
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


@pytest.fixture
def people(county):
    """Two mentors in 上墅乡, one of them full, and a mentee who has none yet."""
    user = make_user(username="anji", name="安吉组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=county)
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    full = make_mentor(cadre=make_cadre(unit=shangshu, name="褚雪松"), capacity=1)
    make_pairing(mentor=full, mentee=make_cadre(unit=shangshu, name="马晔"))
    make_mentor(cadre=make_cadre(unit=shangshu, name="黄际来"), capacity=2)
    make_mentee(cadre=make_cadre(unit=shangshu, name="王桢"))


@pytest.mark.browser
def test_a_place_is_found_on_the_board_and_taken(people, person):
    office = person()
    office.sign_in("anji", PASSWORD)
    office.go("/pairings/")
    office.press("谁还有名额")
    office.reads("褚雪松", "马晔", "1/1", "已满", "黄际来", "0/2")

    # Only where somebody may still be given.
    office.page.get_by_label("有空余名额").check()
    office.press("查询")
    office.reads("黄际来", "0/2")
    assert "褚雪松" not in office.page.locator("main table").inner_text()

    # From the row to the registration, the mentor chosen already.
    office.press("登记结对 黄际来")
    office.pick("mentee", "wz", "王桢")
    office.page.keyboard.press("Escape")
    office.press("登记")
    office.reads("黄际来", "王桢")
    assert Pairing.objects.get(mentee__name="王桢").mentor_cadre.name == "黄际来"

    # The place is taken; the other one is free still.
    office.go("/pairings/board/?q=hjl")
    office.reads("王桢", "1/2", "待双方确认")
    office.leave()


@pytest.mark.browser
def test_on_a_telephone_the_board_is_readable(people, person):
    office = person(PHONE)
    office.sign_in("anji", PASSWORD)
    for address in ("/pairings/board/", "/pairings/board/?is_free=on", "/pairings/board/?q=zzz"):
        office.go(address)
    office.reads("没有符合条件的导师")
    office.leave()
