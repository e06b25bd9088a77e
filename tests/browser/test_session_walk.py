"""A mentor enters a review on the telephone: the form follows the method, nothing typed is lost."""

from __future__ import annotations

import pytest

from activities.models import Session
from tests.activities.making import make_visit
from tests.browser.walking import PHONE
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
from units.models import Unit

PASSWORD = "correct horse battery"


@pytest.mark.browser
def test_the_form_follows_the_method(county, person):
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    user = make_user(username="chu", name="褚师傅")
    mentor = make_mentor(cadre=make_cadre(unit=shangshu, name="褚师傅", user=user))
    pairing = make_pairing(mentor=mentor, mentee=make_cadre(unit=shangshu, name="马徒弟"))
    visit = make_visit(pairing=pairing, place_text="溪边茶园")
    phone = person(PHONE)
    phone.sign_in("chu", PASSWORD)
    phone.go(f"/activities/pairings/{pairing.pk}/session/")
    phone.tick("method", "scenario")
    phone.write("part_roles", "师傅扮群众")
    phone.write("topic", "上季度走访")
    phone.tick("method", "review")
    phone.page.locator("#earlier-find").wait_for()
    phone.look()
    assert phone.page.locator("[name=topic]").input_value() == "上季度走访"
    phone.write("find", "茶园")
    phone.send("查询", until="溪边茶园")
    phone.tick("earlier", f"visit:{visit.pk}")
    phone.write("part_gap", "回访少")
    phone.press("保存")
    phone.reads("上季度走访", "溪边茶园", "回访少")
    session = Session.objects.get()
    assert session.details == {"gap": "回访少"}
    assert session.look_backs.get().visit == visit
    phone.leave()
