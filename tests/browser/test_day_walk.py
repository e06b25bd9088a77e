"""A mentee's round of the village: three visits on one page, one matter left open and settled."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse

from activities.models import OpenMatter, Visit
from tests.browser.walking import PHONE
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
from units.models import Unit

PASSWORD = "correct horse battery"
PLACES = (("村口水站", "household"), ("竹制品厂", "firm"), ("文化礼堂", "project"))


@pytest.mark.browser
def test_three_visits_of_a_day_and_what_one_left_open(county, person, capsys):
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    ma = make_cadre(unit=shangshu, name="马徒弟", user=make_user(username="ma", name="马徒弟"))
    mentor = make_mentor(cadre=make_cadre(unit=shangshu, name="褚师傅"))
    pairing = make_pairing(mentor=mentor, mentee=ma)
    mentee = person(PHONE)
    mentee.sign_in("ma", PASSWORD)

    mentee.go(reverse("activities:visit_day", args=[pairing.pk]))
    taps, begun = mentee.taps, time.monotonic()
    for number, (place, kind) in enumerate(PLACES):
        mentee.write(f"visits-{number}-place_text", place)
        mentee.tick(f"visits-{number}-visited", kind)
    mentee.write("visits-0-left_open", "路灯不亮")
    mentee.press("保存")
    told = [f"three visits of a day: {mentee.taps - taps} taps, {time.monotonic() - begun:.1f} s"]
    mentee.reads("已保存", *[place for place, _kind in PLACES])
    assert Visit.objects.filter(pairing=pairing).count() == 3
    matter = OpenMatter.objects.get()
    assert (matter.text, matter.raised_in.place_text) == ("路灯不亮", "村口水站")

    mentee.go(reverse("activities:visit_create", args=[pairing.pk]))
    taps, begun = mentee.taps, time.monotonic()
    mentee.write("place_text", "村口水站")
    mentee.tick("visited", "household")
    mentee.taps += 1
    mentee.page.get_by_label("路灯不亮").click()
    mentee.write(f"note_{matter.pk}", "已换灯")
    mentee.press("保存")
    told += [
        f"a visit that settles it: {mentee.taps - taps} taps, {time.monotonic() - begun:.1f} s"
    ]
    mentee.reads("路灯不亮", "已换灯")
    matter.refresh_from_db()
    assert matter.closed_in == Visit.objects.latest("pk")
    mentee.go(reverse("activities:matters", args=[pairing.pk]))
    mentee.reads("路灯不亮", "已换灯")
    mentee.leave()
    with capsys.disabled():
        print("\n" + "\n".join(told))
