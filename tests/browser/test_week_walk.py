"""A coordinator's week: somebody moves, somebody leaves by mistake, two records are one person."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Role
from cadres.models import Cadre
from tests.factories import make_cadre, make_grant, make_user
from units.models import Unit

PASSWORD = "correct horse battery"


@pytest.fixture
def office(county, person):
    """The county's office, with three records in its register."""
    user = make_user(username="anji", name="安吉组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=county)
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    dipu = Unit.objects.get(name="递铺街道", county=county)
    make_cadre(unit=shangshu, name="李明", birth_month="1985-07", title="党委委员")
    make_cadre(unit=shangshu, name="王红", birth_month="1990-05", title="科员")
    make_cadre(unit=dipu, name="王红", birth_month="1990-05", title="副主任", phone="13812345678")
    somebody = person()
    somebody.sign_in("anji", PASSWORD)
    return somebody


def records(name: str) -> int:
    return Cadre.objects.on_register().filter(name=name).count()


@pytest.mark.browser
def test_a_week_of_a_coordinator(office):
    # Monday: a move, with the day from which it holds; the old post stays on file.
    office.go("/cadres/?q=lm")
    office.press("李明")
    page = office.page.url.removeprefix(office.address)
    office.press("调整单位或职务")
    office.pick("unit", "递铺", "递铺街道")
    office.write("title", "党工委副书记")
    office.write("on", "2026-10-01")
    office.press("保存")
    office.reads("递铺街道", "党工委副书记", "2026年10月1日", "上墅乡", "党委委员", "2026年9月30日")
    office.go(f"/cadres/serving/?unit={Unit.objects.get(name='上墅乡').pk}&as_of=2026-09-01")
    office.reads("李明", "党委委员")

    # Wednesday: the wrong person is marked as left, and comes back.
    office.go(page)
    office.press("办理离开")
    office.write("on", timezone.localdate().isoformat())
    office.write("reason", "调出本县")
    office.press("保存")
    office.reads("已离开", "调出本县")
    assert records("李明") == 0
    office.press("恢复登记")
    office.write("reason", "误办")
    office.press("保存")
    office.reads("递铺街道", "党工委副书记")
    assert records("李明") == 1

    # Friday: two records of one person become one; then it was somebody else after all.
    office.go("/cadres/?q=王红")
    office.press("王红")
    page = office.page.url.removeprefix(office.address)
    office.press("对比并合并")
    office.reads("上墅乡", "递铺街道", "1990.05")
    office.write("reason", "重复登记")
    office.press("合并")
    assert records("王红") == 1
    office.reads("科员", "副主任", "重复登记")
    office.press("撤销合并")
    office.press("撤销合并")
    assert records("王红") == 2
    office.go("/cadres/?q=王红")
    office.reads("上墅乡", "递铺街道")
    office.leave()
