"""A coordinator's sample: drawn, looked into on the laptop, gone on with on the telephone."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from accounts.models import Role
from sampling.models import Finding, Sample
from tests.activities.making import make_session, make_visit
from tests.browser.walking import PHONE
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing, make_user
from units.models import Unit

PASSWORD = "correct horse battery"
FIRST = dt.date(2026, 10, 1)


@pytest.fixture
def office(county, person):
    """The county's office at a laptop and at a telephone; five records of October."""
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    user = make_user(username="anji", name="安吉组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=county)
    mentor = make_mentor(cadre=make_cadre(unit=shangshu, name="褚师傅", birth_month="1970-05"))
    pairing = make_pairing(mentor=mentor, mentee=make_cadre(unit=shangshu, name="马徒弟"))
    for day in range(3):
        make_session(pairing=pairing, happened_on=FIRST + dt.timedelta(days=day))
        make_visit(pairing=pairing, happened_on=FIRST + dt.timedelta(days=day), asked="路灯坏了")
    sessions = person(), person(PHONE)
    for somebody in sessions:
        somebody.sign_in("anji", PASSWORD)
        somebody.taps = 0
    return sessions


@pytest.mark.browser
def test_a_sample_of_a_month(office):
    laptop, phone = office
    began = time.monotonic()
    laptop.go("/activities/")
    laptop.press("抽查")
    laptop.reads("还没有抽查。")
    laptop.press("发起抽查")
    laptop.write("first_on", "2026-10-01")
    laptop.write("last_on", "2026-10-31")
    laptop.write("wanted", "")
    laptop.write("percent", "50")
    laptop.write("seed", "2026")
    laptop.press("随机抽取")
    laptop.reads("3 条，占 50%", "2026", "尚未查看")
    sample = Sample.objects.get()
    laptop.go(f"/samples/{sample.pk}/records/1/")
    laptop.reads("第 1 条，共 3 条", "褚师傅")
    laptop.tick("verdict", "fine")
    laptop.press("保存")
    laptop.reads("第 2 条，共 3 条")
    laptop.tick("verdict", "ask")
    laptop.write("note", "时间与地点对不上，请电话问一下 13812345678")
    laptop.press("保存")

    phone.go(f"/samples/{sample.pk}/")
    phone.reads("138******78", "需进一步了解")
    phone.go(f"/samples/{sample.pk}/records/3/")
    phone.tick("verdict", "talk")
    phone.press("保存")
    phone.press("办结抽查")
    phone.press("办结抽查")
    phone.reads("本次抽查已办结。")
    taps, seconds = laptop.taps + phone.taps, time.monotonic() - began
    print(f"\na sample of three records: {taps} taps, {seconds:.0f} s with axe on every page")
    assert taps <= 20
    laptop.go(f"/samples/{sample.pk}/print/")
    assert list(Finding.objects.order_by("pk").values_list("verdict", flat=True)) == [
        "fine", "ask", "talk",
    ]  # fmt: skip
    laptop.leave()
    phone.leave()
