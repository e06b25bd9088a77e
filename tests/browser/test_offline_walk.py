"""A mentee's day in a village: the network goes in the middle, and nothing is lost or doubled."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from activities.models import Attachment, Session, Visit
from tests.browser.walking import PHONE
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
from units.models import Unit

PASSWORD = "correct horse battery"


@pytest.fixture
def pair(county):
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    mentor = make_mentor(cadre=make_cadre(unit=shangshu, name="褚师傅"))
    user = make_user(username="ma", name="马徒弟")
    return make_pairing(mentor=mentor, mentee=make_cadre(unit=shangshu, name="马徒弟", user=user))


def photo() -> dict:
    """Twelve megapixels, taken sideways: the camera says so in the EXIF data."""
    picture = Image.effect_noise((4000, 3000), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "some camera"
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif)
    return {"name": "茶园.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def cut(phone) -> None:
    phone.context.set_offline(True)


def kept_worker(phone) -> None:
    """The page is under the worker's care."""
    phone.page.wait_for_function("navigator.serviceWorker.controller !== null")


@pytest.mark.browser
def test_a_day_with_the_network_cut_half_way(pair, person):
    phone = person(PHONE)
    began = time.monotonic()
    phone.sign_in("ma", PASSWORD)
    kept_worker(phone)
    visit, session = (f"/activities/pairings/{pair.pk}/{kind}/" for kind in ("visit", "session"))
    phone.go(visit)
    phone.go(session)
    phone.go(visit)
    phone.write("place_text", "溪边茶园")
    cut(phone)
    phone.tick("visited", "household")
    phone.write("people_count", "3")
    phone.write("asked", "想修水渠")
    phone.attach("uploads", photo())
    phone.press("保存")
    phone.reads("当前没有网络", "记走访", "马徒弟")
    phone.complaints.clear()  # the browser says that it could not reach the server
    phone.go(session)
    phone.reads("当前没有网络")
    phone.tick("method", "on_site")
    phone.write("topic", "田头讲防汛")
    phone.press("保存")
    assert (Visit.objects.count(), Session.objects.count()) == (0, 0)
    phone.complaints.clear()
    phone.context.set_offline(False)
    phone.page.locator("[data-nothing]").wait_for()
    print(f"{phone.taps} taps, {time.monotonic() - began:.0f} s")
    assert Visit.objects.get().asked == "想修水渠"
    assert Session.objects.get().topic == "田头讲防汛"
    picture = Image.open(Attachment.objects.get().file)
    assert (picture.size, dict(picture.getexif())) == ((1200, 1600), {})
    phone.leave()
