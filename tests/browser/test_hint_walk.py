"""A word beside the field while somebody types what may be a villager's name or number."""

from __future__ import annotations

import pytest

from tests.browser.walking import PHONE
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
from units.models import Unit

PASSWORD = "correct horse battery"
NAMED = (
    "走访了户主张建国，漏雨",
    "王大妈反映路灯不亮",
    "李阿姨",
    "到陈水根家里看了危房",
    "电话 138 1234 5678",
    "身份证３３０５２３１９８５０７１２３４５６",
)
PLAIN = (
    "周边农家乐反映停车难",
    "王家村的水渠",
    "拨付金额13800元，2026年11月23日",
    "农户三户，高龄老人两位",
    "安政发〔2026〕12号",
    "林业站的路灯不亮",
)


@pytest.mark.browser
def test_names_and_numbers_get_a_calm_word_and_nothing_is_stopped(county, person):
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    user = make_user(username="ma", name="马徒弟")
    mentor = make_mentor(cadre=make_cadre(unit=shangshu, name="褚师傅"))
    mentee = make_cadre(unit=shangshu, name="马徒弟", user=user)
    pairing = make_pairing(mentor=mentor, mentee=mentee)
    phone = person(PHONE)
    phone.sign_in("ma", PASSWORD)
    phone.go(f"/activities/pairings/{pairing.pk}/visit/")
    field = phone.page.locator("main [name=asked]")
    hint = phone.page.locator("[name=asked] + .no-names")
    assert hint.get_attribute("aria-live") == "polite"
    for text in NAMED:
        field.fill("")
        hint.wait_for(state="hidden")
        field.fill(text)
        hint.wait_for(state="visible")
        assert "不要写群众姓名" in hint.inner_text()
    phone.look()
    for text in PLAIN:
        field.fill(NAMED[0])
        hint.wait_for(state="visible")
        field.fill(text)
        hint.wait_for(state="hidden")
    phone.leave()
