"""A mentee's day in a village: the network goes in the middle, and nothing is lost or doubled."""

from __future__ import annotations

import time

import pytest
from PIL import Image

from activities.models import Attachment, Session, Visit
from tests.browser.village import begin, cut, join, leave, make_pair, photo
from tests.browser.walking import PHONE


@pytest.mark.browser
def test_a_day_with_the_network_cut_half_way(county, person):
    pair = make_pair(county)
    phone = person(PHONE)
    began = time.monotonic()
    begin(phone, "ma")
    visit, session = (f"/activities/pairings/{pair.pk}/{kind}/" for kind in ("visit", "session"))
    phone.go(session)
    phone.go(visit)
    phone.write("place_text", "溪边茶园")
    cut(phone)
    phone.tick("visited", "household")
    phone.write("people_count", "3")
    phone.write("asked", "想修水渠")
    phone.attach("uploads", photo())
    phone.press("保存")
    phone.reads("当前没有网络", "记走访", "溪边茶园", "已存在本机，联网后自动发送")
    # The other form, opened again from what the device has kept of it.
    phone.press("记帮带 · 褚师傅 → 马徒弟")
    phone.reads("当前没有网络", "本机未发送： 1")
    phone.tick("method", "practice")
    phone.write("topic", "田头讲防汛")
    phone.tick("method", "on_site")
    assert phone.page.locator("main [name=topic]").input_value() == "田头讲防汛"
    phone.write("part_shown", "沙袋垒法")
    phone.press("保存")
    phone.reads("溪边茶园", "田头讲防汛")
    assert (Visit.objects.count(), Session.objects.count()) == (0, 0)
    join(phone)
    phone.page.locator("[data-nothing]").wait_for()
    seconds = time.monotonic() - began
    print(f"\na visit with a photo and a session: {phone.taps} taps, {seconds:.0f} s")
    assert Visit.objects.get().asked == "想修水渠"
    held = Session.objects.get()
    assert (held.method, held.topic, held.details["shown"]) == ("on_site", "田头讲防汛", "沙袋垒法")
    picture = Image.open(Attachment.objects.get().file)
    assert (picture.size, dict(picture.getexif())) == ((1200, 1600), {})
    leave(phone)
